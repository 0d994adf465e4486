using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Ton.Tests.Sending;
using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>What every provider's client keeps, over loopback and the same chain.</summary>
public abstract class NodeContract : IAsyncLifetime
{
    private protected static readonly Ed25519Signer Signer = new([.. Enumerable.Repeat((byte)9, 32)]);
    private protected static readonly WalletV5R1 Wallet = new(Signer.PublicKey);

    private protected NodeContract()
    {
        Chain = new(Wallet.Address, new Random(3), Coins.NanoPerTon * 50);
        Simulated = new(Chain, new(_ => false), new Random(4), _ => 1) { IsCalm = true };
    }

    private protected SimulatedChain Chain { get; }

    private protected SimulatedNode Simulated { get; }

    private protected HttpClient Client { get; } = VenueHttp.Client();

    private protected abstract ITonNode Node { get; }

    /// <summary>A method of a contract, without arguments.</summary>
    private protected abstract void Answer(Address contract, string method, params StackItem[] items);

    /// <summary>An owner's jettons.</summary>
    private protected abstract void Hold(Address owner, Address master, UInt128 amount);

    /// <summary>Every request is answered so from now on; null for the truth.</summary>
    private protected abstract void Fail(int status, string? body);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Sender_ReachesItsOutcome_WithExactMoney()
    {
        SendOutcome? told = null;
        using var sender = new TonSender(
            Wallet, Signer, Node, new SimulatedDisk(new(_ => false), new Random(1)), new(Wallet, new SenderOptions().Checked(), ChainFees.Basic),
            (_, outcome) => told = outcome, reason => throw new InvalidOperationException(reason));
        await sender.SubmitAsync(new("over-http", [new(new InternalMessage(At(0xB0), Coins.NanoPerTon, Cell.Empty))], Chain.Now + 300), default);
        for (var turn = 0; turn < 200 && told is null; turn++)
        {
            await sender.TurnAsync(default);
            Chain.Pass(2);
        }

        told.ShouldNotBeNull().End.ShouldBe(SendEnd.Traced, told!.Reason);
        var done = Chain.Executions.ShouldHaveSingleItem();
        var truth = TraceReader.Read(done.Trace, Wallet.Address, 1)!;
        (told.Trace!.Kind, told.Trace.Fees, told.Trace.Sent, told.Trace.Returned).ShouldBe((done.Kind, truth.Fees, truth.Sent, truth.Returned));
    }

    [Fact]
    public async Task Wallet_IsAsOfATimeThatIsNotLater()
    {
        var view = (await Node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Accepted>().Value;
        (view.Seqno, view.Balance).ShouldBe((0u, Coins.NanoPerTon * 50));
        view.ChainTime.ShouldBeLessThanOrEqualTo(Chain.Now);
        await ExecutedAsync();
        view = (await Node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Accepted>().Value;
        (view.Seqno, view.Balance).ShouldBe((1u, Coins.NanoPerTon * 50 - Coins.NanoPerTon / 100));
    }

    [Fact]
    public async Task TraceThatIsNotThere_IsAbsentUpToATime_AndOneThatIs_IsWhatHappened()
    {
        var absent = (await Node.TraceAsync(At(7).Account, default)).ShouldBeOfType<VenueReply<TraceLookup>.Accepted>().Value;
        absent.Trace.ShouldBeNull();
        absent.IndexedTo.ShouldBeLessThanOrEqualTo(Chain.Now);
        await ExecutedAsync();
        Chain.Pass(60);
        var done = Chain.Executions[0];
        var found = (await Node.TraceAsync(done.Hash, default)).ShouldBeOfType<VenueReply<TraceLookup>.Accepted>().Value.Trace.ShouldNotBeNull();
        (found.IsComplete, found.Finality).ShouldBe((true, TraceFinality.Finalized));
        var outcome = TraceReader.Read(found, Wallet.Address, 1).ShouldNotBeNull();
        outcome.Kind.ShouldBe(done.Kind);
    }

    [Fact]
    public async Task Method_IsReadFromItsStack_AndOneThatFails_IsNoAnswer()
    {
        var slice = StackItem.Slice(At(9));
        Answer(At(5), "get_things", Number(0), Number(255), StackItem.Named("num", "-0x1"), slice, StackItem.Named("null", null),
            new StackItem(StackKind.Cell, Cell.Empty.ToBase64()));
        var reply = await Node.MethodAsync(At(5), "get_things", [], default);
        var items = reply.ShouldBeOfType<VenueReply<ImmutableArray<StackItem>>.Accepted>().Value;
        StackReader.TryRead("get_things", items, 6, Read, out var read, out var fault).ShouldBeTrue(fault);
        read.ShouldBe((0u, 255u, true, At(9), Cell.Empty));
        (await Node.MethodAsync(At(5), "get_nothing", [], default)).ShouldBeOfType<VenueReply<ImmutableArray<StackItem>>.Unknown>()
            .Reason.ShouldContain("exit code 11");
        await Should.ThrowAsync<ArgumentException>(() => Node.MethodAsync(At(5), "get_things", [StackItem.Named("tuple", "")], default));

        static (ulong, ulong, bool, Address, Cell) Read(StackReader stack)
        {
            var (zero, number, flag, address) = (stack.UInt64("zero"), stack.UInt64("number"), stack.Flag("flag"), stack.Address("address"));
            stack.Skip();
            return (zero, number, flag, address, stack.Bits("cell").LoadRemainder());
        }
    }

    [Fact]
    public async Task Jettons_AreTheOwners_OrNone()
    {
        var (owner, master) = (Wallet.Address, At(0xB0));
        Hold(owner, master, UInt128.Parse("123456789012345678901234567890", System.Globalization.CultureInfo.InvariantCulture));
        (await Node.JettonsAsync(owner, master, default)).ShouldBe(new VenueReply<UInt128>.Accepted(
            UInt128.Parse("123456789012345678901234567890", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Head_NamesItsTeller()
    {
        var told = (await Node.HeadAsync(default)).ShouldBeOfType<VenueReply<NodeHead>.Accepted>().Value;
        told.Teller.ShouldBe(Node);
        told.Head.At.ShouldBeLessThanOrEqualTo(Chain.Now);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "7")]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{\"result\":[],\"last\":[],\"stack\":{},\"address\":3,\"seqno\":-1}")]
    [InlineData(500, "{}")]
    [InlineData(503, "<html>")]
    [InlineData(404, "{}")]
    [InlineData(301, "")]
    public async Task ReplyThatSaysNothing_IsUnknown_AndNothingIsInvented(int status, string body)
    {
        Fail(status, body);
        await ShouldBeUnknownAsync(Node.HeadAsync(default));
        await ShouldBeUnknownAsync(Node.WalletAsync(Wallet, default));
        await ShouldBeUnknownAsync(Node.TraceAsync(At(1).Account, default));
        await ShouldBeUnknownAsync(Node.MethodAsync(At(5), "get_things", [], default));
        await ShouldBeUnknownAsync(Node.JettonsAsync(At(1), At(2), default));
    }

    [Fact]
    public async Task TooManyRequests_AndAKeyThatIsRefused_AreToldApart()
    {
        Fail(401, "{}");
        (await Node.HeadAsync(default)).ShouldBeOfType<VenueReply<NodeHead>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.Credentials);
        Fail(429, "{\"error\":\"rate limit\"}");
        (await Node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.RateLimited);
    }

    private protected async Task ExecutedAsync()
    {
        for (var i = 0; i < 50 && Chain.Executions.Count == 0; i++)
        {
            var external = SignedExternal.Sign(Wallet, Signer, 0, Chain.Now + 60, [new(new InternalMessage(At(0xB0), 1, Cell.Empty))]);
            (await Node.SendAsync(new(0, external.ValidUntil, external.NormalisedHash, external.ToBoc()), default))
                .ShouldBe(new VenueReply<Hash256>.Accepted(external.NormalisedHash));
            Chain.Pass(40);
        }
    }

    private static async Task ShouldBeUnknownAsync<T>(Task<VenueReply<T>> asked) => (await asked).ShouldBeOfType<VenueReply<T>.Unknown>();
}
