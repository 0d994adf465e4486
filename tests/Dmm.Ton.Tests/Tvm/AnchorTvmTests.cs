using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>The anchor contract on the real virtual machine, owned by a wallet of ours.</summary>
[Collection(TvmCollection.Name)]
public sealed class AnchorTvmTests(TvmChain chain, ITestOutputHelper output)
{
    private const int GasOfPosting = 3_351;

    private static readonly Hash256 First = HeadOf(1), Second = HeadOf(2);

    [Fact]
    public void Source_CompiledAnew_IsTheStoredCode()
    {
        var folder = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "..", "..", "..", "sources", "Dmm.Wire", "Ton", "Anchor"));
        var (compiler, code) = chain.Compile(folder);
        compiler.ShouldBe("1.3.0");
        code.ShouldBe(AnchorContract.Code);
        code.Hash.ToString().ShouldBe("86b0ad6656afc583e80b81c12db20df367a48da16b58512f9544512f7939a680");
    }

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public void Heads_AreKeptOneAfterAnother_AndTheRestComesBack(string version)
    {
        using var wallet = Deployed(version, out var anchor);
        Told(anchor).ShouldBe(AnchorState.Initial);
        chain.Call(anchor.Address, "get_owner")[0].Address.ShouldBe(wallet.Address);

        var state = AnchorState.Initial;
        foreach (var (rows, head) in new[] { (7UL, First), (8UL, Second) })
        {
            var posted = wallet.Send(anchor.Post(rows, state, rows, head));
            state = new(state.Sequence + 1, rows, head);
            Told(anchor).ShouldBe(state);
            var taken = posted[1];
            (taken.Account, taken.Exit, taken.Action).ShouldBe((anchor.Address, 0, 0));
            var rest = taken.Sent.ShouldHaveSingleItem();
            (rest.Destination, rest.IsBounced).ShouldBe((wallet.Address, false));
            JettonExcesses.Read(rest.Body).ShouldBe(new(rows));
            taken.Gas.ShouldBe(GasOfPosting);
            var cost = AnchorContract.PostValue - rest.Value;
            cost.ShouldBeLessThan(Coins.Parse("0.003"));
            output.WriteLine($"{version}: gas {taken.Gas}, fees {taken.Fees} TON, {cost} TON of {AnchorContract.PostValue} do not come back");
        }
    }

    [Fact]
    public void Deployed_Again_ItKeepsWhatItKept()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        wallet.Send(anchor.Post(1, AnchorState.Initial, 7, First));
        wallet.Send(anchor.Deploy());
        Told(anchor).ShouldBe(new(1, 7, First));
        chain.Account(anchor.Address).Balance.ShouldBeGreaterThan(AnchorContract.DeployValue);
    }

    [Fact]
    public void SomebodyElse_IsRefused()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        using var stranger = WalletOnChain.Funded(chain, "v4r2", "stranger");
        ShouldRefuse(stranger, anchor, anchor.Post(1, AnchorState.Initial, 7, First).Body, AnchorExits.NotOwner);
    }

    [Fact]
    public void SamePostingAgain_IsRefused_AndSoIsAnOlder()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        wallet.Send(anchor.Post(1, AnchorState.Initial, 7, First));
        wallet.Send(anchor.Post(2, new(1, 7, First), 9, Second));
        ShouldRefuse(wallet, anchor, new AnchorPost(2, 2, 9, First, Second).ToCell(), AnchorExits.PostedBefore);
        ShouldRefuse(wallet, anchor, new AnchorPost(3, 1, 10, Second, First).ToCell(), AnchorExits.PostedBefore);
        ShouldRefuse(wallet, anchor, new AnchorPost(4, 0, 10, Second, First).ToCell(), AnchorExits.PostedBefore);
    }

    [Fact]
    public void NumberLeftOut_IsRefused()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        ShouldRefuse(wallet, anchor, new AnchorPost(1, 2, 7, default, First).ToCell(), AnchorExits.Gap);
        ShouldRefuse(wallet, anchor, new AnchorPost(1, ulong.MaxValue, 7, default, First).ToCell(), AnchorExits.Gap);
    }

    [Fact]
    public void OtherHeadBefore_IsRefused()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        wallet.Send(anchor.Post(1, AnchorState.Initial, 7, First));
        ShouldRefuse(wallet, anchor, new AnchorPost(2, 2, 9, Second, First).ToCell(), AnchorExits.OtherPrevious);
        ShouldRefuse(wallet, anchor, new AnchorPost(2, 2, 9, default, First).ToCell(), AnchorExits.OtherPrevious);
    }

    [Fact]
    public void NoNewRows_AreRefused()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        ShouldRefuse(wallet, anchor, new AnchorPost(1, 1, 0, default, First).ToCell(), AnchorExits.NoNewRows);
        wallet.Send(anchor.Post(1, AnchorState.Initial, 7, First));
        ShouldRefuse(wallet, anchor, new AnchorPost(2, 2, 7, First, Second).ToCell(), AnchorExits.NoNewRows);
    }

    [Fact]
    public void BodiesOfOtherForms_AreRefused()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        var post = anchor.Post(1, AnchorState.Initial, 7, First).Body;
        ShouldRefuse(wallet, anchor, new TextComment("hello").ToCell(), AnchorExits.UnknownOperation);
        ShouldRefuse(wallet, anchor, new CellBuilder().StoreBit(true).Build(), AnchorExits.UnknownOperation);
        ShouldRefuse(wallet, anchor, new CellBuilder().StoreCell(post).StoreBit(true).Build(), AnchorExits.Malformed);
        ShouldRefuse(wallet, anchor, new CellBuilder().StoreCell(post).StoreRef(Cell.Empty).Build(), AnchorExits.Malformed);
        ShouldRefuse(wallet, anchor, new CellBuilder().StoreSlice(post.Parse().LoadSlice(post.BitsCount - 1, 0)).Build(), AnchorExits.Malformed);
    }

    [Fact]
    public void TooLittleForTheAnswer_PostsNothing()
    {
        using var wallet = Deployed("v5r1", out var anchor);
        var starved = anchor.Post(1, AnchorState.Initial, 7, First) with { Value = Coins.Parse("0.0015") };
        var outcome = wallet.Send(starved);
        (outcome[1].Exit, outcome[1].Action, outcome[1].Sent.Count).ShouldBe((0, 37, 0));
        Told(anchor).ShouldBe(AnchorState.Initial);
    }

    private void ShouldRefuse(WalletOnChain sender, AnchorContract anchor, Cell body, int exit)
    {
        var before = Told(anchor);
        var refused = sender.Send(new InternalMessage(anchor.Address, AnchorContract.PostValue, body))[1];
        (refused.Account, refused.Exit).ShouldBe((anchor.Address, exit));
        var back = refused.Sent.ShouldHaveSingleItem();
        (back.IsBounced, back.Destination).ShouldBe((true, sender.Address));
        Told(anchor).ShouldBe(before);
        output.WriteLine($"exit {exit}: gas {refused.Gas}, {AnchorContract.PostValue - back.Value} TON do not come back");
    }

    private WalletOnChain Deployed(string version, out AnchorContract anchor)
    {
        chain.Open(WalletOnChain.Now);
        var wallet = WalletOnChain.Funded(chain, version);
        anchor = new(wallet.Address);
        var deployed = wallet.Send(anchor.Deploy());
        (deployed[1].Account, deployed[1].Exit).ShouldBe((anchor.Address, 0));
        chain.Account(anchor.Address).State.ShouldBe("active");
        return wallet;
    }

    private AnchorState Told(AnchorContract anchor)
    {
        var stack = chain.Call(anchor.Address, AnchorState.Method).Select(i => StackItem.Named(i.Type, i.Value)).ToList();
        AnchorState.TryRead(stack, out var state, out var fault).ShouldBeTrue(fault);
        return state;
    }

    private static Hash256 HeadOf(byte value) => new([.. Enumerable.Repeat(value, Hash256.Bytes)]);
}
