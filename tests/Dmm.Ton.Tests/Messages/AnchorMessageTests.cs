using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Messages;

/// <summary>Bodies and data of the anchor contract.</summary>
public sealed class AnchorMessageTests
{
    private static readonly Address Owner = new(0, HeadOf(9));

    [Fact]
    public void Posting_WrittenAndRead_IsTheSame()
    {
        var post = new AnchorPost(ulong.MaxValue, 3, 40, HeadOf(1), HeadOf(2));
        MessageBodies.Read(post.ToCell(), out var fault).ShouldBe(post);
        fault.ShouldBeEmpty();
        MessageBodies.Read(new CellBuilder().StoreCell(post.ToCell()).StoreBit(true).Build(), out fault).ShouldBeNull();
        fault.ShouldContain("1 bits and 0 references are left over");
    }

    [Fact]
    public void Posting_FollowsWhatTheContractTold()
    {
        var anchor = new AnchorContract(Owner);
        var message = anchor.Post(5, new(2, 40, HeadOf(1)), 41, HeadOf(2));
        AnchorPost.Read(message.Body).ShouldBe(new(5, 3, 41, HeadOf(1), HeadOf(2)));
        (message.To, message.IsBounceable).ShouldBe((anchor.Address, true));
        Should.Throw<ArgumentOutOfRangeException>(() => anchor.Post(5, new(2, 40, HeadOf(1)), 40, HeadOf(2)));
    }

    [Fact]
    public void Data_WrittenAndRead_IsTheSame()
    {
        var state = new AnchorState(2, 40, HeadOf(1));
        AnchorState.ReadData(state.ToData(Owner)).ShouldBe((Owner, state));
        AnchorState.ReadData(new AnchorContract(Owner).Init.Data).ShouldBe((Owner, AnchorState.Initial));
    }

    [Fact]
    public void Owners_HaveAnAnchorEach()
    {
        new AnchorContract(Owner).Address.ShouldNotBe(new AnchorContract(new(0, HeadOf(8))).Address);
        new AnchorContract(Owner, -1).Address.ShouldBe(new(-1, new AnchorContract(Owner).Address.Account));
    }

    [Fact]
    public void Answer_ThatIsNone_IsNamed()
    {
        StackItem[] stack = [new(StackKind.Number, "0x2"), new(StackKind.Null, ""), new(StackKind.Number, "0x1")];
        AnchorState.TryRead(stack, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe("get_anchor, item 2 (rows): a Null: expected a number");
        AnchorState.TryRead([], out _, out fault).ShouldBeFalse();
        fault.ShouldBe("get_anchor: 0 items: expected 3");
    }

    [Theory]
    [InlineData("0", "5", "0")]
    [InlineData("0", "0", "1")]
    [InlineData("3", "2", "1")]
    public void State_ThatTheContractCannotHave_IsNone(string sequence, string rows, string head)
    {
        var stack = new[] { sequence, rows, head }.Select(number => new StackItem(StackKind.Number, number)).ToArray();
        AnchorState.TryRead(stack, out var state, out var fault).ShouldBeFalse();
        (state, fault).ShouldBe(
            (default, $"get_anchor: posting {sequence} at row {rows}: expected no more postings than rows, and no row without one"));
    }

    private static Hash256 HeadOf(byte value) => new([.. Enumerable.Repeat(value, Hash256.Bytes)]);
}
