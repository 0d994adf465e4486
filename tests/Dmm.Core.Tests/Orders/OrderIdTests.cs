using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Orders;

public sealed class OrderIdTests
{
    private static readonly Gen<string> Sessions = Gen.Char["0123456789abcdefghijklmnopqrstuvwyz"].Array[1, OrderIdState.MaximumSession].Select(c => new string(c));
    private static readonly Gen<OrderIdState> Ids = Gen.Select(Sessions, Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue], (s, e, c) => new OrderIdState(s, e, c));

    [Fact]
    public void LargestSessionEpochAndCounter_StillFitEveryVenue() =>
        new OrderIdState(new string('w', OrderIdState.MaximumSession), int.MaxValue, long.MaxValue).Current.Length.ShouldBeLessThanOrEqualTo(OrderIdState.MaximumLength);

    [Fact]
    public void AnyId_IsAtMost28LowerCaseAlphanumericsAndStartsWithItsPrefix() =>
        Ids.Sample(id =>
        {
            id.Current.Length.ShouldBeInRange(1, 28);
            id.Current.ShouldAllBe(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
            id.Current.ShouldStartWith(id.Prefix);
        });

    [Fact]
    public void DifferentSessionsEpochsOrCounters_DifferentIds() =>
        Gen.Select(Ids, Ids).Sample((one, other) => (one.Current == other.Current).ShouldBe(one == other));

    [Theory]
    [InlineData(0, 0, "ddctx0x0")]
    [InlineData(1, 34, "ddctx1xz")]
    [InlineData(1, 35, "ddctx1x10")]
    [InlineData(34, 1224, "ddctxzxzz")]
    [InlineData(35, 1225, "ddctx10x100")]
    [InlineData(int.MaxValue, long.MaxValue, "ddctx15v22umx2pijmikeyryp7")]
    public void EpochAndCounter_AreWrittenInBase35(int epoch, long counter, string id) => new OrderIdState("dct", epoch, counter).Current.ShouldBe(id);

    [Fact]
    public void Neighbours_NeverShareAnId()
    {
        foreach (var start in (long[])[0, 34, 1224, 42_874, int.MaxValue, long.MaxValue - 2_000])
        {
            var ids = new List<string>();
            var state = new OrderIdState("dct", 7, start);
            for (var i = 0; i < 2_000; i++) ids.Add((state = state.Next()).Current);
            ids.Distinct().Count().ShouldBe(2_000);
        }
    }

    [Fact]
    public void PrefixOfOneSession_IsNeverThatOfAnother() =>
        Gen.Select(Ids, Ids).Where((one, other) => one.Session != other.Session)
            .Sample((one, other) => one.Current.StartsWith(other.Prefix, StringComparison.Ordinal).ShouldBeFalse());

    [Theory]
    [InlineData("")]
    [InlineData("toolong")]
    [InlineData("Dct")]
    [InlineData("dx")]
    [InlineData("d-1")]
    [InlineData("dé")]
    public void SessionThatDoesNotFit_IsRefusedByName(string session) =>
        Should.Throw<ArgumentException>(() => OrderIdState.Fresh(session, 1)).Message.ShouldContain($"'{session}'");

    [Fact]
    public void NegativeEpoch_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => OrderIdState.Fresh("dct", -1));

    [Fact]
    public void FreshIds_CountFromOne() => OrderIdState.Fresh("dct", 3).Next().Current.ShouldBe("ddctx3x1");
}
