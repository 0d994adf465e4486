using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Sources.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Pools;

/// <summary>A fake node on loopback, pools on it, and the feed that watches them on a clock moved by hand.</summary>
internal sealed class PoolRig : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = VenueHttp.Client();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public PoolRig(NodeOptions? options = null)
    {
        Node = new();
        // Enough for what the tests ask at one moment.
        var ask = options ?? new NodeOptions { Requests = new() { PerSecond = 10, Burst = 40, CancelReserve = 2 } };
        Asked = ToncenterNode.Of(_client, (ask with { Url = Node.Url }).Checked(), Time);
        Pools = new(Asked, Time);
        Looks = new(Asked);
    }

    public HandTime Time { get; } = new();

    public Heard Heard { get; } = new();

    public FakePoolNode Node { get; private set; }

    public ToncenterNode Asked { get; }

    public TonPools Pools { get; }

    public PoolLooks Looks { get; }

    public static FakePool Fake(PoolExchange exchange, FakePoolNode node) =>
        exchange == PoolExchange.StonFi ? new FakeStonFiPool(node) : new FakeDedustPool(node);

    public async Task<FoundPool> FoundAsync(FakePool pool) =>
        (await Pools.FindAsync(pool.Exchange, pool.Pool, default)).ShouldBeOfType<VenueReply<FoundPool>.Accepted>().Value;

    /// <summary>Finds these pools and watches them.</summary>
    public async Task<Instrument[]> WatchAsync(params FakePool[] pools)
    {
        List<TonPoolMarket> markets = [];
        foreach (var pool in pools)
        {
            var found = await FoundAsync(pool);
            var instrument = PoolInstruments.Of(found, "pools", $"DCT{markets.Count}", new InstrumentId(markets.Count));
            markets.Add(new(instrument, cancellation => Looks.LookAsync(found, cancellation)));
        }

        Run(markets, Looks.HeadAsync);
        return [.. markets.Select(m => m.Instrument)];
    }

    public void Run(IReadOnlyList<TonPoolMarket> markets, ChainHeads heads) => _running = new TonPoolFeed(
        new TonPoolFeedOptions { Venue = "pools", Interval = Interval }.Checked(), markets, heads, Time, () => 1, Heard.WriteAsync)
        .RunAsync(_stop.Token);

    /// <summary>The next input, which must be a book.</summary>
    public async Task<BookUpdate> BookAsync()
    {
        var input = await Heard.NextAsync();
        input.Kind.ShouldBe(InputKind.Book, input.Kind == InputKind.Control ? input.Control.ToString() : "");
        return input.Book;
    }

    /// <summary>The first look's messages.</summary>
    public async Task<BookUpdate> ConnectedAsync()
    {
        (await Heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        return await BookAsync();
    }

    public async Task LeaveAsync() => await Node.DisposeAsync();

    /// <summary>The node is there again under the same address, without its contracts.</summary>
    public FakePoolNode Return() => Node = new(Node.Url);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Task.WhenAny(_running)).Guarded("the end of the feed");
        await Node.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }
}
