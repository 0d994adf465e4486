using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>What is asked of several providers of both kinds, of which the first is gone.</summary>
public sealed class NodeFailoverTests : IAsyncLifetime
{
    private readonly FakeToncenter _away = new();
    private readonly FakeTonapi _there = new() { Head = new(5, 1_750_000_000) };
    private readonly HttpClient _client = Dmm.Sinks.VenueHttp.Client();
    private readonly ITonNode _node;

    public NodeFailoverTests() => _node = TonNodes.Of(
        _client,
        [
            (NodeOptions.Of(NodeKind.Toncenter, isTestnet: false) with { Url = _away.Url }).Checked(),
            (NodeOptions.Of(NodeKind.Tonapi, isTestnet: false) with { Url = _there.Url, Requests = new() }).Checked(),
        ],
        TimeProvider.System);

    public ValueTask InitializeAsync()
    {
        _away.Fault = (_, _) => (500, "");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _away.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task EverythingIsAskedOfWhoAnswers_AndPoolsAreFound()
    {
        var pool = new FakeDedustPool(_there);
        var found = (await new TonPools(_node, TimeProvider.System).FindAsync(pool.Exchange, pool.Pool, default))
            .ShouldBeOfType<VenueReply<FoundPool>.Accepted>().Value;
        found.BaseMinter.ShouldBe(pool.Minter);
        // Asked once, and then last.
        _away.Requests.Count.ShouldBe(1);
        _there.Answer(At(2), JettonMethods.WalletAddress, [StackItem.Slice(At(1))], StackItem.Slice(At(3)));
        (await _node.JettonsAsync(At(1), At(2), default)).ShouldBe(new VenueReply<UInt128>.Accepted(0));
        var head = (await _node.HeadAsync(default)).ShouldBeOfType<VenueReply<NodeHead>.Accepted>().Value;
        head.Head.Seqno.ShouldBe(5u);
        _away.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task NobodyAnswers_AWaitIsToldWhereSomebodyOnlyWantsOne()
    {
        _there.Fault = (_, _) => (429, "{}");
        (await _node.HeadAsync(default)).ShouldBeOfType<VenueReply<NodeHead>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.RateLimited);
        _there.Fault = (_, _) => (503, "{}");
        (await TonNodes.Of(
            _client,
            [
                (NodeOptions.Of(NodeKind.Toncenter, isTestnet: false) with { Url = _away.Url }).Checked(),
                (NodeOptions.Of(NodeKind.Tonapi, isTestnet: false) with { Url = _there.Url }).Checked(),
            ],
            TimeProvider.System).HeadAsync(default)).Fault.ShouldBe("toncenter answers /api/v3/masterchainInfo with HTTP 500");
    }
}
