using System.Text.Json.Nodes;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Testing;
using Dmm.Testing.Venues;
using Dmm.Ton.Tests.Sending;
using Dmm.Wire.Ton;
using Microsoft.Reactive.Testing;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>Toncenter's replies over loopback: what they say, and what is made of those that are wrong.</summary>
public sealed class ToncenterNodeTests : IAsyncLifetime
{
    private static readonly Ed25519Signer Signer = new([.. Enumerable.Repeat((byte)9, 32)]);
    private static readonly WalletV5R1 Wallet = new(Signer.PublicKey);
    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    private readonly SimulatedChain _chain = new(Wallet.Address, new Random(3), Coins.NanoPerTon * 50);
    private readonly SimulatedNode _simulated;
    private readonly FakeToncenter _server;
    private readonly HttpClient _client = VenueHttp.Client();
    private readonly ToncenterNode _node;

    public ToncenterNodeTests()
    {
        _simulated = new(_chain, new(_ => false), new Random(4), _ => 1) { IsCalm = true };
        _server = new(_simulated, Wallet);
        _node = Node(_server);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task SenderOverHttp_ReachesItsOutcome_WithTheKeyInAHeader()
    {
        SendOutcome? told = null;
        using var sender = new TonSender(
            Wallet, Signer, _node, new SimulatedDisk(new(_ => false), new Random(1)), new(Wallet, new SenderOptions().Checked(), ChainFees.Basic),
            (_, outcome) => told = outcome, reason => throw new InvalidOperationException(reason));
        await sender.SubmitAsync(Intent(), default);
        for (var turn = 0; turn < 200 && told is null; turn++)
        {
            await sender.TurnAsync(default);
            _chain.Pass(2);
        }

        told.ShouldNotBeNull().End.ShouldBe(SendEnd.Traced, told!.Reason);
        told.Trace!.Kind.ShouldBe(_chain.Executions.ShouldHaveSingleItem().Kind);
        _server.Requests.ShouldAllBe(r => r.Key == "secret-key" && !r.Target.Contains("secret"));
        _server.Requests.Select(r => r.Target.Split('?')[0]).Distinct().ShouldBe(
            [
                "/api/v2/getAddressInformation", "/api/v2/sendBocReturnHash", "/api/v3/masterchainInfo", "/api/v3/traces",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("balance", "'balance' is missing")]
    [InlineData("sync_utime", "'sync_utime' is missing")]
    [InlineData("state", "'state' is missing")]
    public async Task MemberThatIsMissing_IsNamed(string member, string fault)
    {
        _server.Fault = (_, answer) =>
        {
            answer["result"]!.AsObject().Remove(member);
            return (200, answer.ToJsonString());
        };
        (await _node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Unknown>()
            .Reason.ShouldBe($"toncenter's reply cannot be read: {fault}");
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"ok\":false,\"error\":\"LITE_SERVER_NOTREADY\"}")]
    [InlineData(200, "{\"ok\":true,\"result\":{\"balance\":\"-1\",\"sync_utime\":1,\"state\":\"active\"}}")]
    [InlineData(200, "{\"ok\":true,\"result\":{\"balance\":\"1\",\"sync_utime\":0,\"state\":\"uninitialized\"}}")]
    [InlineData(200, "{\"ok\":true,\"result\":{\"balance\":\"1\",\"sync_utime\":9,\"state\":\"frozen\"}}")]
    [InlineData(200, "{\"ok\":true,\"result\":{\"balance\":\"1\",\"sync_utime\":9,\"state\":\"active\",\"data\":\"te6cckEBAQEAAgAAAEysuc0=\"}}")]
    [InlineData(200, "{\"ok\":true,\"result\":{\"balance\":\"1\",\"sync_utime\":9,\"state\":\"active\",\"data\":\"%%\"}}")]
    [InlineData(500, "{}")]
    public async Task ReplyThatSaysNothing_IsUnknown_AndNothingIsInvented(int status, string body)
    {
        _server.Fault = (_, _) => (status, body);
        (await _node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Unknown>();
        (await _node.TraceAsync(Bob.Account, default)).ShouldBeOfType<VenueReply<TraceLookup>.Unknown>();
        (await _node.JettonsAsync(Bob, Bob, default)).ShouldBeOfType<VenueReply<UInt128>.Unknown>();
    }

    [Fact]
    public async Task TooManyRequests_AndAKeyThatIsRefused_AreToldApart()
    {
        _server.Fault = (_, _) => (429, "{\"ok\":false,\"result\":\"Ratelimit exceed\",\"code\":429}");
        (await _node.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.RateLimited);
        _server.Fault = (_, _) => (401, "{}");
        (await Node(_server).WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Refused>()
            .Refusal.Kind.ShouldBe(RefusalKind.Credentials);
    }

    [Fact]
    public async Task AnotherWalletsAccount_AndAnotherMessagesTrace_AreNone()
    {
        await ExecutedAsync();
        (await _node.WalletAsync(new WalletV5R1(Bob.Account), default)).Fault.ShouldContain("another wallet's");
        var hash = _chain.Executions[0].Hash;
        (await _node.TraceAsync(hash, default)).ShouldBeOfType<VenueReply<TraceLookup>.Accepted>().Value.Trace.ShouldNotBeNull();
        string? trace = null;
        _server.Fault = (path, answer) =>
        {
            if (path == "/api/v3/traces") trace ??= answer.ToJsonString();
            return null;
        };
        await _node.TraceAsync(hash, default);
        // A parameter that a server passes over brings strangers' rows.
        _server.Fault = (path, _) => path == "/api/v3/traces" ? (200, trace!) : null;
        (await _node.TraceAsync(Bob.Account, default)).Fault.ShouldContain("another message than was asked for");
        _server.Fault = (path, _) => path == "/api/v3/traces" ? (200, trace!.Replace("\"finalized\"", "\"unheard of\"", StringComparison.Ordinal))
            : null;
        (await _node.TraceAsync(hash, default)).ShouldBeOfType<VenueReply<TraceLookup>.Accepted>()
            .Value.Trace!.Finality.ShouldBe(TraceFinality.Pending);
    }

    [Fact]
    public async Task Jettons_AreTheOwners_OrNone()
    {
        var (owner, master) = (Wallet.Address, Bob);
        (await _node.JettonsAsync(owner, master, default)).ShouldBe(new VenueReply<UInt128>.Accepted(0));
        var row = new JsonObject { ["owner"] = owner.ToString(), ["jetton"] = master.ToString(), ["balance"] = "123456789012345678901234567890" };
        _server.JettonRows.Add(row);
        (await _node.JettonsAsync(owner, master, default)).ShouldBe(
            new VenueReply<UInt128>.Accepted(UInt128.Parse("123456789012345678901234567890", System.Globalization.CultureInfo.InvariantCulture)));
        row["owner"] = master.ToString();
        (await _node.JettonsAsync(owner, master, default)).Fault.ShouldContain("another owner or jetton");
    }

    [Fact]
    public async Task GetMethod_IsAskedWithItsArguments_AndReadFromItsStack()
    {
        _server.Fault = (path, _) => path == "/api/v3/runGetMethod"
            ? (200, """{"gas_used":"1","exit_code":0,"stack":[{"type":"num","value":"0xff"},{"type":"list","value":[]}]}""")
            : null;
        var argument = StackItem.Named("slice", new CellBuilder().StoreAddress(Bob).Build().ToBase64());
        var reply = await _node.MethodAsync(Bob, "get_wallet_address", [argument], default);
        var items = reply.ShouldBeOfType<VenueReply<System.Collections.Immutable.ImmutableArray<StackItem>>.Accepted>().Value;
        items.Select(i => i.Kind).ShouldBe([StackKind.Number, StackKind.Other]);
        StackReader.TryRead("m", items, 1, stack => stack.UInt64("number"), out var number, out _).ShouldBeTrue();
        number.ShouldBe(255u);
        _server.Bodies[^1].ShouldBe(
            $$"""{"address":"{{Bob}}","method":"get_wallet_address","stack":[{"type":"slice","value":"{{argument.Text}}"}]}""",
            StringCompareShould.IgnoreCase);
        _server.Fault = (_, _) => (200, """{"gas_used":"1","exit_code":11,"stack":[]}""");
        (await _node.MethodAsync(Bob, "nothing", [], default)).Fault.ShouldContain("exit code 11");
        _server.Fault = null;
        (await _node.MethodAsync(Bob, "nothing", [], default)).Fault.ShouldContain("the method ended with exit code -256: expected 0 or 1");
        await Should.ThrowAsync<ArgumentException>(() => _node.MethodAsync(Bob, "nothing", [StackItem.Named("tuple", "")], default));
    }

    [Fact]
    public async Task ProviderThatFails_IsAskedLast_UntilItHasRested_AndWhoAnswersStays()
    {
        await using var second = new FakeToncenter(_simulated, Wallet);
        var scheduler = new TestScheduler();
        var time = new SchedulerTimeProvider(scheduler);
        var failover = new NodeFailover([_node, Node(second)], TimeSpan.FromSeconds(30), time);
        await failover.WalletAsync(Wallet, default);
        (_server.Requests.Count, second.Requests.Count).ShouldBe((1, 0));
        _server.Fault = (_, _) => (500, "");
        (await failover.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Accepted>();
        await failover.WalletAsync(Wallet, default);
        (_server.Requests.Count, second.Requests.Count, failover.Changes).ShouldBe((2, 2, 1));
        _server.Fault = null;
        await failover.WalletAsync(Wallet, default);
        _server.Requests.Count.ShouldBe(2, "who answers stays");
        second.Fault = (_, _) => (500, "");
        (await failover.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Accepted>();
        failover.Changes.ShouldBe(2);
        _server.Fault = (_, _) => (500, "");
        (await failover.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Unknown>();
        // Both have failed; the one that rests longer is asked no sooner.
        scheduler.AdvanceBy(TimeSpan.FromSeconds(31).Ticks);
        _server.Fault = second.Fault = null;
        (await failover.WalletAsync(Wallet, default)).ShouldBeOfType<VenueReply<WalletView>.Accepted>();
        await failover.SendAsync(new(0, 9, Bob.Account, Boc()), default);
        (_server.Requests[^1].Target, second.Requests[^1].Target).ShouldBe(("/api/v2/sendBocReturnHash", "/api/v2/sendBocReturnHash"));
    }

    private async Task ExecutedAsync()
    {
        for (var i = 0; i < 50 && _chain.Executions.Count == 0; i++)
        {
            var external = SignedExternal.Sign(Wallet, Signer, 0, _chain.Now + 60, [new(new InternalMessage(Bob, 1, Cell.Empty))]);
            await _node.SendAsync(new(0, external.ValidUntil, external.NormalisedHash, external.ToBoc()), default);
            _chain.Pass(40);
        }
    }

    private static byte[] Boc() => SignedExternal.Sign(Wallet, Signer, 0, 9, [new(new InternalMessage(Bob, 1, Cell.Empty))]).ToBoc();

    private SpendIntent Intent() => new("over-http", [new(new InternalMessage(Bob, Coins.NanoPerTon, Cell.Empty))], _chain.Now + 300);

    private ToncenterNode Node(FakeToncenter server) => ToncenterNode.Of(
        _client, new NodeOptions { Url = server.Url, ApiKey = "secret-key", Requests = new() { PerSecond = 1_000, Burst = 1_000,
            CancelReserve = 2 } }.Checked(),
        TimeProvider.System);
}
