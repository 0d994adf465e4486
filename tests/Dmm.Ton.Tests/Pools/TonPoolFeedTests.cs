using Dmm.Core.Messages;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Pools;

/// <summary>Pools watched through a node on loopback.</summary>
public sealed class TonPoolFeedTests : IAsyncLifetime
{
    private const long Nano = FakePool.Nano;

    private readonly PoolRig _rig = new();

    public static TheoryData<PoolExchange> Exchanges => [PoolExchange.StonFi, PoolExchange.Dedust];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task FirstLook_ConnectedThenASnapshotOfTheBlock(PoolExchange exchange)
    {
        var pool = PoolRig.Fake(exchange, _rig.Node);
        _rig.Node.Head = new(77, 1_767_323_040);
        await _rig.WatchAsync(pool);
        (await _rig.Heard.NextAsync<FeedStatus>()).ShouldBe(new("pools", FeedState.Connected, "block 77"));
        var book = await _rig.BookAsync();
        (book.IsSnapshot, book.FirstUpdateId, book.LastUpdateId, book.PreviousUpdateId, book.BidCount, book.Asks.Length)
            .ShouldBe((true, 77, 77, -1, 10, 10));
        (book.VenueTime.ToString(), book.ReceiveTime).ShouldBe(("2026-01-02T03:04:00.0000000Z", _rig.Time.Now));
        // Mid 0.01 TON, ten bps a level: 10⁵·(1/√0.00999 − 1/√0.01) DCT on the first.
        (book.Bids[0], book.Asks[0].PriceTicks).ShouldBe((new BookLevel(9_990_000, 500_375_312), 10_010_000));
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task NewBlock_UnchangedPool_SameLevelsUnderItsIdAndTime_ThenOthersWhenItChanges(PoolExchange exchange)
    {
        var pool = PoolRig.Fake(exchange, _rig.Node);
        await _rig.WatchAsync(pool);
        var first = await _rig.ConnectedAsync();
        _rig.Node.Block();
        await _rig.Time.PassAsync(PoolRig.Interval);
        var beat = await _rig.BookAsync();
        (beat.LastUpdateId, beat.VenueTime - first.VenueTime, beat.ReceiveTime - first.ReceiveTime)
            .ShouldBe((first.LastUpdateId + 1, TimeSpan.FromSeconds(2), PoolRig.Interval));
        beat.Levels.ToArray().ShouldBe(first.Levels.ToArray());

        pool.Show(990_000 * (UInt128)Nano, 10_100 * (UInt128)Nano);
        _rig.Node.Block();
        await _rig.Time.PassAsync(PoolRig.Interval);
        var changed = await _rig.BookAsync();
        changed.LastUpdateId.ShouldBe(beat.LastUpdateId + 1);
        // ⌊0.0102020202… · 0.999 · 10⁹⌋.
        changed.Bids[0].PriceTicks.ShouldBe(10_191_818);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task NoNewBlock_OrOneFromBefore_PoolIsNotAskedAndNothingTold(int blocks)
    {
        await _rig.WatchAsync(PoolRig.Fake(PoolExchange.StonFi, _rig.Node));
        var first = await _rig.ConnectedAsync();
        _rig.Node.Head = new((uint)(_rig.Node.Head.Seqno + blocks), _rig.Node.Head.At);
        await _rig.Time.PassAsync(PoolRig.Interval);
        await _rig.Time.SetAsync(PoolRig.Interval);
        _rig.Heard.IsQuiet.ShouldBeTrue();
        _rig.Node.Requests.Select(r => r.Asked).TakeLast(3).ShouldBe(["/api/v3/masterchainInfo", "get_pool_data", "/api/v3/masterchainInfo"]);
        _rig.Node.Head = new((uint)first.LastUpdateId + 1, _rig.Node.Head.At + 9);
        _rig.Time.Advance(PoolRig.Interval);
        (await _rig.BookAsync()).LastUpdateId.ShouldBe(first.LastUpdateId + 1);
    }

    [Theory]
    [InlineData(500, "", "answers /api/v3/runGetMethod with HTTP 500")]
    [InlineData(503, "busy", "answers /api/v3/runGetMethod with HTTP 503")]
    [InlineData(403, "", "refuses the key: HTTP 403")]
    [InlineData(404, "", "answers /api/v3/runGetMethod with HTTP 404")]
    [InlineData(200, "<html>", "'<' is an invalid start of a value")]
    [InlineData(200, "", "cannot be read")]
    [InlineData(200, "[]", "'exit_code' is missing")]
    [InlineData(200, """{"exit_code":11,"stack":[]}""", "the method ended with exit code 11: expected 0 or 1")]
    [InlineData(200, """{"exit_code":0,"stack":7}""", "cannot be read")]
    public async Task LookThatFails_ToldAsDisconnectedWithTheReason_ThenConnectedAndASnapshot(int status, string body, string reason)
    {
        await _rig.WatchAsync(PoolRig.Fake(PoolExchange.StonFi, _rig.Node));
        var first = await _rig.ConnectedAsync();
        _rig.Node.Block();
        _rig.Node.Fault = asked => asked == StonFiV2PoolData.Method ? (status, body) : null;
        await _rig.Time.PassAsync(PoolRig.Interval);
        var away = await _rig.Heard.NextAsync<FeedStatus>();
        away.State.ShouldBe(FeedState.Disconnected);
        away.Detail.ShouldStartWith("pools:DCT0-TON: ");
        away.Detail.ShouldContain(reason);
        _rig.Node.Fault = null;
        await _rig.Time.PassAsync(TimeSpan.FromSeconds(1));
        (await _rig.ConnectedAsync()).LastUpdateId.ShouldBe(first.LastUpdateId + 1);
        _rig.Heard.IsQuiet.ShouldBeTrue();
    }

    [Theory]
    [InlineData(200, "{}", "'last' is missing")]
    [InlineData(200, """{"last":{"seqno":"x","gen_utime":"1"}}""", "'seqno' is no whole number")]
    [InlineData(200, """{"last":{"seqno":99999999999,"gen_utime":"1"}}""", "'seqno' is no number of a block")]
    [InlineData(200, """{"last":{"seqno":1,"gen_utime":"0"}}""", "'gen_utime' is no time in seconds")]
    [InlineData(502, "", "HTTP 502")]
    public async Task HeadThatIsNotKnown_ToldAsDisconnected_ThePoolIsNotAsked(int status, string body, string reason)
    {
        await _rig.WatchAsync(PoolRig.Fake(PoolExchange.Dedust, _rig.Node));
        await _rig.ConnectedAsync();
        var before = _rig.Node.Requests.Count;
        _rig.Node.Fault = _ => (status, body);
        await _rig.Time.PassAsync(PoolRig.Interval);
        var away = await _rig.Heard.NextAsync<FeedStatus>();
        away.State.ShouldBe(FeedState.Disconnected);
        away.Detail.ShouldStartWith("the chain's head: ");
        away.Detail.ShouldContain(reason);
        _rig.Node.Requests.Skip(before).ShouldHaveSingleItem().Asked.ShouldBe("/api/v3/masterchainInfo");
    }

    [Fact]
    public async Task TooManyRequests_WaitedForWithinAnInterval_ThenToldAsDisconnected()
    {
        await _rig.WatchAsync(PoolRig.Fake(PoolExchange.StonFi, _rig.Node));
        await _rig.ConnectedAsync();
        _rig.Node.Block();
        _rig.Node.Fault = asked => asked == StonFiV2PoolData.Method ? (429, """{"ok":false,"result":"Ratelimit exceed","code":429}""") : null;
        await _rig.Time.PassAsync(PoolRig.Interval);
        var wait = TimeSpan.FromSeconds(1);
        await _rig.Time.SetAsync(wait);
        _rig.Heard.IsQuiet.ShouldBeTrue();
        _rig.Node.Fault = null;
        _rig.Time.Advance(wait);
        var book = await _rig.BookAsync();

        _rig.Node.Block();
        _rig.Node.Fault = _ => (429, "");
        // The look took that of its interval.
        await _rig.Time.PassAsync(PoolRig.Interval - wait);
        for (var i = 0; i < 2; i++) await _rig.Time.PassAsync(wait);
        var away = await _rig.Heard.NextAsync<FeedStatus>();
        (away.State, away.Detail).ShouldBe((FeedState.Disconnected, "the chain's head: toncenter: too many requests"));
        _rig.Node.Fault = null;
        await _rig.Time.PassAsync(TimeSpan.FromSeconds(1));
        (await _rig.ConnectedAsync()).LastUpdateId.ShouldBe(book.LastUpdateId + 1);
    }

    [Fact]
    public async Task NodeAway_TriedAtDoublingWaits_AndBackWithASnapshot()
    {
        var pool = PoolRig.Fake(PoolExchange.Dedust, _rig.Node);
        await _rig.WatchAsync(pool);
        var first = await _rig.ConnectedAsync();
        await _rig.LeaveAsync();
        var wait = PoolRig.Interval;
        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            await _rig.Time.PassAsync(wait);
            var away = await _rig.Heard.NextAsync<FeedStatus>();
            away.State.ShouldBe(FeedState.Disconnected);
            away.Detail.ShouldStartWith("the chain's head: ");
            wait = TimeSpan.FromSeconds(seconds);
        }

        var returned = _rig.Return();
        PoolRig.Fake(PoolExchange.Dedust, returned);
        returned.Head = new((uint)first.LastUpdateId + 30, returned.Head.At + 60);
        await _rig.Time.PassAsync(wait);
        (await _rig.ConnectedAsync()).LastUpdateId.ShouldBe(first.LastUpdateId + 30);
        returned.Block();
        await _rig.Time.PassAsync(PoolRig.Interval);
        (await _rig.BookAsync()).LastUpdateId.ShouldBe(first.LastUpdateId + 31);
    }

    [Fact]
    public async Task NodeThatDoesNotAnswer_ToldAsDisconnectedAfterItsTimeout()
    {
        await _rig.WatchAsync(PoolRig.Fake(PoolExchange.StonFi, _rig.Node));
        await _rig.ConnectedAsync();
        var held = new TaskCompletionSource();
        _rig.Node.Hold(held.Task);
        await _rig.Time.PassAsync(PoolRig.Interval);
        await _rig.Time.PassAsync(TimeSpan.FromSeconds(5));
        var away = await _rig.Heard.NextAsync<FeedStatus>();
        (away.State, away.Detail).ShouldBe(
            (FeedState.Disconnected, "the chain's head: no answer to GET /api/v3/masterchainInfo within 5 s"));
        held.SetResult();
    }

    [Theory]
    [InlineData("locked", "get_pool_data: the pool 0:1010101010101010101010101010101010101010101010101010101010101010 is locked")]
    [InlineData("empty", "get_pool_data: pool.base = 0: expected above zero and at most 120 bits; pool.quote = 0: ")]
    [InlineData("huge", "reserves of 1000000000000000000000000000000 and 1: expected at most")]
    [InlineData("another's", "get_pool_data: router ")]
    [InlineData("rubbish", "get_pool_data: 1 items: expected 12")]
    public async Task PoolThatIsNoMarket_HasAnEmptyBook_IsRejectedOnce_AndTheOtherGoesOn(string what, string reason)
    {
        var pool = new FakeStonFiPool(_rig.Node);
        await _rig.WatchAsync(pool, new FakeDedustPool(_rig.Node));
        await _rig.ConnectedAsync();
        await _rig.BookAsync();
        switch (what)
        {
            case "locked": pool.Show(1_000, 1_000, FakeStonFiPool.Router, isLocked: true); break;
            case "empty": pool.Show(0, 0); break;
            case "huge": pool.Show(UInt128.Parse("1000000000000000000000000000000"), 1); break;
            case "another's": pool.Show(1_000, 1_000, FakeStonFiPool.BaseWallet, isLocked: false); break;
            default: _rig.Node.Answer(pool.Pool, pool.Method, [], FakeJetton.Number(1)); break;
        }

        for (var block = 0; block < 2; block++)
        {
            _rig.Node.Block();
            await _rig.Time.PassAsync(PoolRig.Interval);
            if (block == 0)
            {
                var rejected = await _rig.Heard.NextAsync<Rejected>();
                (rejected.Venue, rejected.Raw).ShouldBe(("pools", "pools:DCT0-TON"));
                rejected.Reason.ShouldStartWith(reason);
            }

            var (none, other) = (await _rig.BookAsync(), await _rig.BookAsync());
            (none.Instrument.Index, none.IsSnapshot, none.Levels.Length, none.LastUpdateId).ShouldBe((0, true, 0, (long)_rig.Node.Head.Seqno));
            (other.Instrument.Index, other.Levels.Length).ShouldBe((1, 20));
        }

        pool.Show(1_000_000 * (UInt128)Nano, 10_000 * (UInt128)Nano);
        _rig.Node.Block();
        await _rig.Time.PassAsync(PoolRig.Interval);
        (await _rig.BookAsync()).Levels.Length.ShouldBe(20);
        await _rig.BookAsync();
        _rig.Heard.IsQuiet.ShouldBeTrue();
    }
}
