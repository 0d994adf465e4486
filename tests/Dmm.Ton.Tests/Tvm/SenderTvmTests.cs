using Dmm.Sinks.Ton;
using Dmm.Ton.Tests.Sending;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>The sender's own messages on the real virtual machine.</summary>
public sealed class SenderTvmTests(TvmChain chain, ITestOutputHelper output) : IClassFixture<TvmChain>, IDisposable
{
    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    private readonly Ed25519Signer _signer = new([.. Enumerable.Repeat((byte)7, 32)]);
    private readonly SimulatedDisk _disk = new(new(_ => false), new Random(1));
    private readonly Dictionary<string, SendOutcome> _ended = [];

    public void Dispose() => _signer.Dispose();

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public async Task Intents_DeployAndSend_AndTheBalanceFallsByWhatTheTracesTell(string version)
    {
        var (wallet, node, sender) = Open(version);
        var estimates = new List<Coins>();
        foreach (var (id, transfers) in new[] { ("first", 1), ("second", 1), ("third", 4) })
        {
            var intent = Intent(id, [.. Enumerable.Range(0, transfers).Select(_ => To(Bob, "0.5"))]);
            estimates.Add(WalletGas.Estimate(wallet, intent.Transfers, id == "first", ChainFees.Basic));
            await sender.SubmitAsync(intent, default);
            await sender.TurnAsync(default);
            await sender.TurnAsync(default);
            _ended[id].End.ShouldBe(SendEnd.Traced, _ended[id].Reason);
        }

        var traces = _ended.Values.Select(o => o.Trace!).ToArray();
        traces.Select(t => t.Kind).ShouldAllBe(kind => kind == TraceKind.Executed);
        node.Spent().ShouldBe(traces.Aggregate(Coins.Zero, (sum, t) => sum + t.Sent + t.Fees - t.Returned));
        for (var i = 0; i < traces.Length; i++)
        {
            output.WriteLine($"{version}: {traces[i].Legs.Length} message(s) cost {traces[i].Fees} TON, estimated {estimates[i]}");
            estimates[i].ShouldBeInRange(traces[i].Fees, Coins.FromNano(traces[i].Fees.Nano * 12 / 10));
        }
    }

    [Theory]
    [InlineData("v4r2", 33, 36, 36)]
    [InlineData("v5r1", 133, 136, 133)]
    public async Task BatchThatExpired_IsSignedAgainForItsNumber_AndNeitherOldNorNewIsTakenTwice(string version, int usedUp, int expired, int both)
    {
        var (_, node, sender) = Open(version);
        await sender.SubmitAsync(Intent("first", To(Bob, "1")), default);
        await sender.TurnAsync(default);
        await sender.TurnAsync(default);
        node.IsDeaf = true;
        await sender.SubmitAsync(Intent("late", To(Bob, "1")), default);
        await sender.TurnAsync(default);
        await sender.TurnAsync(default);
        var old = node.Sent[^1];
        node.Sent.TakeLast(2).ShouldAllBe(a => a.Hash == old.Hash, "the same bytes again");
        // Its last second, then its margin: nothing is signed.
        node.Clock(old.ValidUntil - 1);
        await sender.TurnAsync(default);
        node.Sent[^1].Hash.ShouldBe(old.Hash);
        var sent = node.Sent.Count;
        node.Clock(old.ValidUntil + 29);
        await sender.TurnAsync(default);
        node.Sent.Count.ShouldBe(sent);

        node.IsDeaf = false;
        node.Clock(old.ValidUntil + 30);
        node.Deliver(old);
        node.Refusals.ShouldBe([expired]);
        await sender.TurnAsync(default);
        var again = node.Sent[^1];
        (again.Seqno, again.Hash == old.Hash).ShouldBe((old.Seqno, false));
        node.Deliver(again);
        node.Deliver(old);
        node.Refusals.Skip(1).ShouldBe([usedUp, both]);
        await sender.TurnAsync(default);
        (_ended["late"].End, _ended["late"].Trace!.Kind).ShouldBe((SendEnd.Traced, TraceKind.Executed));
        // Two messages of one TON arrived, and no third.
        chain.Account(Bob).Balance.ShouldBeInRange(Coins.Parse("1.99"), Coins.Parse("2"));
    }

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public async Task MessageToNobody_Bounces_AndItsGasIsTold(string version)
    {
        var (_, node, sender) = Open(version);
        await sender.SubmitAsync(Intent("bounced", new InternalMessage(Bob, Coins.Parse("1"), Cell.Empty)), default);
        await sender.SubmitAsync(Intent("half", To(Bob, "0"), new InternalMessage(Bob, Coins.Parse("1"), Cell.Empty)), default);
        for (var i = 0; i < 4; i++) await sender.TurnAsync(default);
        var trace = _ended["bounced"].Trace!;
        trace.Kind.ShouldBe(TraceKind.Bounced);
        trace.Returned.ShouldBeInRange(Coins.Parse("0.99"), Coins.Parse("1"));
        _ended["half"].Trace!.Kind.ShouldBe(TraceKind.Partial);
        _ended["half"].Trace!.Legs.Select(l => l.Kind).ShouldBe([TraceKind.Executed, TraceKind.Bounced]);
        node.Spent().ShouldBe(_ended.Values.Aggregate(Coins.Zero, (sum, o) => sum + o.Trace!.Sent + o.Trace.Fees - o.Trace.Returned));
    }

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public async Task MoreThanTheBalance_IsNotSigned_AndSignedAllTheSame_IsToldAsNotSent(string version)
    {
        var (wallet, node, sender) = Open(version);
        await sender.SubmitAsync(Intent("first", To(Bob, "1")), default);
        await sender.SubmitAsync(Intent("large", To(Bob, "98.95")), default);
        for (var i = 0; i < 3; i++) await sender.TurnAsync(default);
        _ended["large"].End.ShouldBe(SendEnd.Refused);
        _ended["large"].Reason.ShouldContain("98.95 to send");
        // A node that tells more than there is: the wallet leaves the message out, and uses up its number.
        node.Balance = Coins.Parse("1000");
        await sender.SubmitAsync(Intent("larger", To(Bob, "500")), default);
        for (var i = 0; i < 2; i++) await sender.TurnAsync(default);
        var (end, trace, _) = _ended["larger"];
        (end, trace!.Kind, trace.Missing, trace.Sent).ShouldBe((SendEnd.Traced, TraceKind.NotSent, 1, Coins.Zero));
        trace.Fees.ShouldBeGreaterThan(Coins.Zero);
        (await node.WalletAsync(wallet, default)).ShouldBeOfType<Dmm.Core.Ports.VenueReply<WalletView>.Accepted>().Value.Seqno.ShouldBe(2u);
    }

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public async Task SenderThatDied_IsFollowedByOneThatSendsTheSameBytes(string version)
    {
        var (wallet, node, sender) = Open(version);
        node.IsDeaf = true;
        await sender.SubmitAsync(Intent("once", To(Bob, "1")), default);
        await sender.TurnAsync(default);
        using var next = Sender(wallet, node);
        node.IsDeaf = false;
        await next.TurnAsync(default);
        node.Sent.Select(a => a.Hash).Distinct().Count().ShouldBe(1);
        await next.SubmitAsync(Intent("once", To(Bob, "1")), default);
        await next.TurnAsync(default);
        _ended["once"].Trace!.Kind.ShouldBe(TraceKind.Executed);
        await next.SubmitAsync(Intent("once", To(Bob, "1")), default);
        await next.TurnAsync(default);
        chain.Account(Bob).Balance.ShouldBeInRange(Coins.Parse("0.99"), Coins.Parse("1"));
    }

    private (IWalletContract Wallet, TvmNode Node, TonSender Sender) Open(string version)
    {
        chain.Open(WalletOnChain.Now);
        var wallet = WalletOnChain.Of(version, _signer.PublicKey, walletId: null);
        chain.Pay(wallet.Address, Coins.Parse("100"));
        var node = new TvmNode(chain, wallet);
        return (wallet, node, Sender(wallet, node));
    }

    private TonSender Sender(IWalletContract wallet, TvmNode node) => new(
        wallet, _signer, node, _disk, new(wallet, new SenderOptions().Checked(), ChainFees.Basic), (id, outcome) => _ended[id] = outcome,
        reason => throw new InvalidOperationException(reason));

    private static SpendIntent Intent(string id, params InternalMessage[] messages) =>
        new(id, [.. messages.Select(m => new WalletTransfer(m))], WalletOnChain.Now + 600);

    private static InternalMessage To(Address to, string ton) => new(to, Coins.Parse(ton), Cell.Empty, IsBounceable: false);
}
