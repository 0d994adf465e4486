using Dmm.Core.Messages;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Sources.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Pools;

/// <summary>A pool looked at through two providers of which one is behind the other: what is told under a block's number is not older than it.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private const long Nano = FakePool.Nano;

    private readonly HttpClient _client = VenueHttp.Client();
    private readonly CancellationTokenSource _stop = new();
    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly FakePoolNode _ahead = new() { Head = new(100, 1_767_323_045) };
    private readonly FakePoolNode _behind = new() { Head = new(98, 1_767_323_041) };
    private readonly FakeStonFiPool _new;
    private readonly FakeStonFiPool _old;
    private Task _running = Task.CompletedTask;

    public TwoNodesTests()
    {
        (_new, _old) = (new(_ahead), new(_behind));
        _new.Show(990_000 * (UInt128)Nano, 10_100 * (UInt128)Nano);
    }

    public async ValueTask InitializeAsync()
    {
        var node = new NodeFailover([Asked(_ahead), Asked(_behind)], TimeSpan.FromSeconds(30), _time);
        var found = ((Dmm.Core.Ports.VenueReply<FoundPool>.Accepted)await new TonPools(node, _time).FindAsync(
            PoolExchange.StonFi, _new.Pool, default)).Value;
        var looks = new PoolLooks(node);
        var market = new TonPoolMarket(
            PoolInstruments.Of(found, "pools", asset: null, new(0)), cancellation => looks.LookAsync(found, cancellation));
        _running = new TonPoolFeed(
            new TonPoolFeedOptions { Venue = "pools", Interval = PoolRig.Interval }.Checked(), [market], looks.HeadAsync, _time, () => 1,
            _heard.WriteAsync).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Task.WhenAny(_running)).Guarded("the end of the feed");
        await _ahead.DisposeAsync();
        await _behind.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task TellerOfTheHeadThatFails_TheOtherIsNotAskedInItsPlace_AndItsOwnBlocksCountOnceTheyAreNew()
    {
        await ConnectedAsync(100, NewTop);
        _ahead.Block();
        _ahead.Fault = asked => asked == _new.Method ? (500, "") : null;
        await _time.PassAsync(PoolRig.Interval);
        // The other's reserves are older than the block that was told: they are not asked for under its number.
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Disconnected);
        _behind.Requests.ShouldBeEmpty();
        await _time.PassAsync(TimeSpan.FromSeconds(1));
        (await _heard.NextAsync<FeedStatus>()).ShouldBe(new("pools", FeedState.Connected, "block 98"));
        await _time.SetAsync(PoolRig.Interval);
        _heard.IsQuiet.ShouldBeTrue("a block from before the last is nobody's news");
        _behind.Requests.Select(r => r.Asked).ShouldBe(["/api/v3/masterchainInfo"]);
        _behind.Head = new(101, 1_767_323_047);
        _old.Show(980_000 * (UInt128)Nano, 10_200 * (UInt128)Nano);
        _time.Advance(PoolRig.Interval);
        var book = (await _heard.NextAsync()).Book;
        (book.LastUpdateId, book.Bids[0].PriceTicks).ShouldBe((101, 10_397_755));
    }

    [Fact]
    public async Task HeadThatFails_TheOtherTellsHeadAndPool_WithoutAnInterruption()
    {
        await ConnectedAsync(100, NewTop);
        _behind.Head = new(103, 1_767_323_051);
        _ahead.Fault = _ => (502, "");
        await _time.PassAsync(PoolRig.Interval);
        var book = (await _heard.NextAsync()).Book;
        (book.LastUpdateId, book.Bids[0].PriceTicks).ShouldBe((103, 9_990_000));
        _behind.Requests.Select(r => r.Asked).ShouldBe(["/api/v3/masterchainInfo", _old.Method]);
    }

    // ⌊0.0102020202… · 0.999 · 10⁹⌋.
    private const long NewTop = 10_191_818;

    private async Task ConnectedAsync(long block, long bid)
    {
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        var book = (await _heard.NextAsync()).Book;
        (book.LastUpdateId, book.Bids[0].PriceTicks).ShouldBe((block, bid));
    }

    private ToncenterNode Asked(FakePoolNode node) => ToncenterNode.Of(
        _client, new NodeOptions { Url = node.Url, Requests = new() { PerSecond = 10, Burst = 40, CancelReserve = 2 } }.Checked(), _time);
}
