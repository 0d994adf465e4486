using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>TonAPI's replies over loopback: what is particular to them, and what is made of those that are wrong.</summary>
public sealed class TonapiNodeTests : IAsyncLifetime
{
    private static readonly WalletV5R1 Wallet = new(At(9).Account);
    private static readonly ChainHead Head = new(44, 1_750_000_100);

    private readonly FakeChain _chain = new();
    private readonly FakeTonapi _server;
    private readonly HttpClient _client = VenueHttp.Client();
    private readonly TonapiNode _node;

    public TonapiNodeTests()
    {
        _server = new(_chain, Wallet) { Head = Head };
        var options = NodeOptions.Of(NodeKind.Tonapi, isTestnet: false).WithKey("secret-key") with
        {
            Url = _server.Url, Requests = new() { PerSecond = 1_000, Burst = 1_000, CancelReserve = 2 },
        };
        _node = TonapiNode.Of(_client, options.Checked(), TimeProvider.System);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Key_GoesIntoAHeader_AndTheHeadIsAskedForBeforeTheAccount()
    {
        (await _node.WalletAsync(Wallet, default)).ShouldBe(new VenueReply<WalletView>.Accepted(new(3, 5_000, Head.At)));
        _server.Requests.Select(r => r.Target).ShouldBe(["/v2/blockchain/masterchain-head", $"/v2/blockchain/accounts/{Wallet.Address}"]);
        _server.Requests.ShouldAllBe(r => r.Key == "Bearer secret-key");
        _server.Fault = (_, _) => (403, "{}");
        (await _node.WalletAsync(Wallet, default)).Fault.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("address", "\"0:0000000000000000000000000000000000000000000000000000000000000000\"", "the account 0:0000")]
    [InlineData("status", "\"frozen\"", "the wallet's status is 'frozen': expected active, uninit or nonexist")]
    [InlineData("data", "\"b5ee9c72\"", "cannot be read")]
    [InlineData("data", "\"zz\"", "cannot be read")]
    [InlineData("balance", "-1", "'balance' is no whole number")]
    [InlineData("balance", "null", "'balance' is missing")]
    public async Task AccountThatIsAnothers_OrCannotBe_IsNone(string member, string value, string fault)
    {
        _server.Fault = (path, answer) =>
        {
            if (path.EndsWith("head", StringComparison.Ordinal)) return null;
            answer![member] = JsonNode.Parse(value);
            return (200, answer.ToJsonString());
        };
        (await _node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Unknown>().Reason.ShouldContain(fault);
    }

    [Fact]
    public async Task BlockThatIsNoneOfTheMasterchain_IsNoHead()
    {
        _server.Fault = (_, _) => (200, """{"workchain_id":0,"seqno":5,"gen_utime":1750000000}""");
        (await _node.HeadAsync(default)).Fault.ShouldBe("tonapi's reply cannot be read: the block is none of the masterchain");
    }

    [Fact]
    public async Task Refusal_IsToldInItsWords()
    {
        (await _node.SendAsync(_chain.Attempt, default)).ShouldBeOfType<VenueReply<Hash256>.Unknown>().Reason
            .ShouldBe("tonapi answers /v2/blockchain/message with HTTP 400: can't decode boc");
    }

    [Fact]
    public async Task Trace_IsWholeWithAllThatWasSent_AndFinalOnceTheMasterchainIsLaterThanIt()
    {
        var trace = await TraceAsync();
        (trace.IsComplete, trace.Finality, trace.Transactions.Length).ShouldBe((true, TraceFinality.Finalized, 3));
        var outcome = TraceReader.Read(trace, Wallet.Address, 1).ShouldNotBeNull();
        (outcome.Kind, (long)outcome.Sent.Nano, (long)outcome.Returned.Nano, (long)outcome.Fees.Nano).ShouldBe((TraceKind.Executed, 1_000, 400, 75));
        _server.Head = Head with { At = FakeChain.BlockAt + 4 };
        (await TraceAsync()).Finality.ShouldBe(TraceFinality.Confirmed);
        _server.Head = Head with { At = FakeChain.BlockAt + 5 };
        (await TraceAsync()).Finality.ShouldBe(TraceFinality.Finalized);
        Change(node => node["children"]![0]!["emulated"] = true);
        (await TraceAsync()).Finality.ShouldBe(TraceFinality.Pending);
    }

    [Fact]
    public async Task TraceFromWhichAMessageIsMissing_OrWaits_IsNotWhole()
    {
        // Nothing of it says so but the transaction's own cell.
        Change(node => node["children"]!.AsArray().Clear());
        (await TraceAsync()).IsComplete.ShouldBeFalse();
        Change(node =>
        {
            node["transaction"]!["out_msgs"]!.AsArray().Add(node["children"]![0]!["transaction"]!["in_msg"]!.DeepClone());
            node["children"]!.AsArray().Clear();
        });
        var waiting = await TraceAsync();
        (waiting.IsComplete, waiting.Transactions[0].Sent.Length).ShouldBe((false, 1));
        Change(node => node["transaction"]!["raw"] = "");
        (await TraceAsync()).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public async Task TraceThatIsAnothers_OrContradictsItsCells_IsNone()
    {
        (await _node.TraceAsync(At(0x66).Account, default)).Fault.ShouldContain("another message than was asked for");
        foreach (var (change, fault) in new (Action<JsonNode>, string)[]
        {
            (n => n["transaction"]!["hash"] = At(1).Account.ToString(), "a transaction's cell has another hash than is told"),
            (n => n["transaction"]!["lt"] = 5, "a transaction has another logical time than is told"),
            (n => n["transaction"]!["account"]!["address"] = At(1).ToString(), "a transaction is another account's than is told"),
            (n => n["transaction"]!["in_msg"]!["msg_type"] = "odd", "a message of the type 'odd'"),
            (n => n["transaction"]!["utime"] = -1, "'utime' is no whole number"),
            (n => n.AsObject().Remove("transaction"), "'transaction' is missing"),
            (n => n["transaction"]!["raw"] = "b5ee9c7201010101000200000", "cannot be read"),
        })
        {
            Change(change);
            (await _node.TraceAsync(_chain.Attempt.Hash, default)).ShouldBeOfType<VenueReply<TraceLookup>.Unknown>().Reason.ShouldContain(fault);
        }
    }

    [Fact]
    public async Task DeepTrace_IsRead()
    {
        Change(node =>
        {
            for (var depth = 0; depth < 200; depth++)
            {
                var child = node["children"]![0]!.DeepClone();
                node["children"]![0]!["children"] = new JsonArray(child);
                node = node["children"]![0]!["children"]![0]!.Parent!.Parent!;
            }
        });
        (await TraceAsync()).Transactions.Length.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task NotFound_IsAbsentInTonapisWords_AndUnknownInOthers()
    {
        _server.Fault = (path, _) => path.Contains("traces", StringComparison.Ordinal) ? (404, """{"error":"entity not found"}""") : null;
        (await _node.TraceAsync(At(1).Account, default)).ShouldBe(new VenueReply<TraceLookup>.Accepted(new(null, Head.At)));
        _server.Fault = (path, _) => path.Contains("traces", StringComparison.Ordinal) ? (404, """{"error":"no such route"}""") : null;
        (await _node.TraceAsync(At(1).Account, default)).Fault.ShouldContain("it says 'no such route'");
    }

    [Fact]
    public async Task Arguments_AreAskedInTheirOrder_ByTheirKinds()
    {
        StackItem[] arguments = [StackItem.Number(0), DedustAsset.Native.ToArgument(), new(StackKind.Cell, Cell.Empty.ToBase64())];
        _server.Answer(At(5), "get", arguments, Number(1));
        (await _node.MethodAsync(At(5), "get", arguments, default)).ShouldBeOfType<VenueReply<ImmutableArray<StackItem>>.Accepted>();
        Array.Reverse(arguments);
        (await _node.MethodAsync(At(5), "get", arguments, default)).Fault.ShouldContain("exit code 11");
        _server.Fault = (_, _) => (200, """{"success":true,"exit_code":0,"stack":[{"type":"num","num":"0x"},{"type":"slice","slice":"b5ee9c72010101010002000000"}]}""");
        var items = ((VenueReply<ImmutableArray<StackItem>>.Accepted)await _node.MethodAsync(At(5), "get", [], default)).Value;
        StackReader.TryRead("get", items, 2, s => (s.UInt64("zero"), s.Bits("slice").BitsLeft), out var read, out var fault).ShouldBeTrue(fault);
        read.ShouldBe((0ul, 0));
    }

    [Fact]
    public async Task Jettons_AreNobodyElses_AndNoneWhereThereIsNoWalletYet()
    {
        var (owner, master, wallet) = (At(1), At(2), At(3));
        (await _node.JettonsAsync(owner, master, default)).ShouldBeOfType<VenueReply<UInt128>.Unknown>().Reason.ShouldContain("HTTP 404: entity not found");
        _server.Answer(master, JettonMethods.WalletAddress, [StackItem.Slice(owner)], StackItem.Slice(wallet));
        (await _node.JettonsAsync(owner, master, default)).ShouldBe(new VenueReply<UInt128>.Accepted(0));
        _server.Answer(wallet, "another_method", []);
        (await _node.JettonsAsync(owner, master, default)).ShouldBeOfType<VenueReply<UInt128>.Unknown>("a contract that does not say what it holds");
        Hold(owner, At(0x66));
        (await _node.JettonsAsync(owner, master, default)).Fault.ShouldContain($"the wallet {wallet} is {owner}'s, of {At(0x66)}: expected");
        Hold(At(0x66), master);
        (await _node.JettonsAsync(owner, master, default)).Fault.ShouldContain($"the wallet {wallet} is {At(0x66)}'s");
        Hold(owner, master);
        (await _node.JettonsAsync(owner, master, default)).ShouldBe(new VenueReply<UInt128>.Accepted(70));

        void Hold(Address whose, Address minter) => _server.Answer(
            wallet, JettonMethods.WalletData, [], Number(70), StackItem.Slice(whose), StackItem.Slice(minter),
            new StackItem(StackKind.Cell, Cell.Empty.ToBase64()));
    }

    [Theory]
    [InlineData(PoolExchange.StonFi)]
    [InlineData(PoolExchange.Dedust)]
    public async Task Pools_AreFoundAndLookedAt(PoolExchange exchange)
    {
        FakePool pool = exchange == PoolExchange.StonFi ? new FakeStonFiPool(_server) : new FakeDedustPool(_server);
        var found = (await new TonPools(_node, TimeProvider.System).FindAsync(exchange, pool.Pool, default))
            .ShouldBeOfType<VenueReply<FoundPool>.Accepted>().Value;
        (found.BaseMinter, found.Base).ShouldBe((pool.Minter, new JettonContent("DCT", 9)));
        var looks = new PoolLooks(_node);
        (await looks.HeadAsync(default)).ShouldBe(new VenueReply<ChainHead>.Accepted(Head));
        var sight = (await looks.LookAsync(found, default)).ShouldBeOfType<VenueReply<PoolSight>.Accepted>().Value;
        sight.Pool!.Quote.ShouldBe(10_000 * (System.Numerics.BigInteger)FakePool.Nano);
    }

    private void Change(Action<JsonNode> change) => _server.Fault = (path, answer) =>
    {
        if (!path.Contains("traces", StringComparison.Ordinal)) return null;
        change(answer!);
        return (200, answer!.ToJsonString(new() { MaxDepth = 1_000 }));
    };

    private async Task<Trace> TraceAsync() =>
        (await _node.TraceAsync(_chain.Attempt.Hash, default)).ShouldBeOfType<VenueReply<TraceLookup>.Accepted>().Value.Trace.ShouldNotBeNull();

    /// <summary>A wallet that sent a message, of which some came back.</summary>
    private sealed class FakeChain : ITonNode
    {
        public const uint BlockAt = 1_750_000_000;

        private readonly Trace _trace;

        public FakeChain()
        {
            var body = new CellBuilder().StoreUInt(7, 64).Build();
            var external = new Message(MessageKind.ExternalIn, null, Wallet.Address, 0, false, false, null, body);
            var sent = Told(2, new(MessageKind.Internal, Wallet.Address, At(0xB0), 1_000, true, false, null, Cell.Empty));
            var back = Told(3, new(MessageKind.Internal, At(0xB0), Wallet.Address, 400, false, false, null, new JettonExcesses(1).ToCell()));
            var gone = Told(4, new(MessageKind.ExternalOut, At(0xB0), null, 0, false, false, null, Cell.Empty));
            _trace = new(
                [
                    new(Wallet.Address, BlockAt, 0, 50, Told(1, external), [sent]), new(At(0xB0), BlockAt, 0, 30, sent, [gone, back]),
                    new(Wallet.Address, BlockAt, 0, 20, back, []),
                ],
                TraceFinality.Finalized, IsComplete: true);
            Attempt = new(3, 9, new ExternalInMessage(Wallet.Address, body).NormalisedHash, new byte[] { 1 });
        }

        public SendAttempt Attempt { get; }

        public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) => Accepted(new WalletView(3, 5_000, 0));

        public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) => Accepted(new TraceLookup(_trace, 0));

        public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
            Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
            throw new NotSupportedException();

        private static TraceMessage Told(byte number, Message content) => new(At(number).Account, content, 5);

        private static Task<VenueReply<T>> Accepted<T>(T value) => Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(value));
    }
}
