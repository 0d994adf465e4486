using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Dmm.Sinks.Tests.Archive;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>Batches given twice, in other cuts, by several writers, and to a server that has forgotten.</summary>
public sealed class RedisRedeliveryTests(SharedRedis shared) : IClassFixture<SharedRedis>, IDisposable
{
    private readonly RedisUnderTest _redis = shared.Keys();
    private readonly StoryJournal _story = new();

    public void Dispose()
    {
        _story.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public void AnyBatchAgain_AlsoOverlapping_ChangesNothing()
    {
        var batches = Cuts.Single(_story.Traded().Close());
        using var state = _redis.Open();
        for (var i = 0; i < batches.Length; i++)
        {
            state.Apply(batches[i]);
            var before = _redis.Everything();
            for (var j = 0; j <= i; j++) state.Apply(Cuts.Joined(batches.AsSpan(j, i + 1 - j)));
            for (var j = 0; j <= i; j++) state.Apply(batches[j]);
            _redis.Everything().ShouldBe(before);
        }

        using var other = shared.Keys();
        using (var whole = other.Open()) whole.Apply(Cuts.Joined(batches.AsSpan()));
        Without(other.Everything(), other).ShouldBe(Without(_redis.Everything(), _redis));
    }

    [Fact]
    public void OverlappingBatches_AreEqualToOneAfterTheOther()
    {
        var batches = Cuts.Single(_story.Traded().Close());
        using (var state = _redis.Open())
        {
            for (var i = 0; i < batches.Length; i++) state.Apply(Cuts.Joined(batches.AsSpan(Math.Max(0, i - 3)..(i + 1))));
        }

        using var other = shared.Keys();
        using (var whole = other.Open()) _story.Follow(whole).CatchUp(isClosed: true);
        Without(_redis.Everything(), _redis).ShouldBe(Without(other.Everything(), other));
    }

    [Fact]
    public void BatchThatLeavesRecordsOut_IsRefused()
    {
        var batches = Cuts.Single(_story.Traded().Close());
        using var state = _redis.Open();
        state.Apply(batches[0]);
        Should.Throw<InvalidOperationException>(() => state.Apply(batches[5])).Message.ShouldStartWith("a batch of 0001-demo begins after ");
        state.Position(_story.Identity).ShouldBe(batches[0].To);
    }

    [Fact]
    public void StateThatWasDeleted_IsMadeAgain()
    {
        using var state = _redis.Open();
        _story.Traded().Close().Follow(state).CatchUp(isClosed: true);
        var before = _redis.Everything();
        _redis.Side.KeyDelete(_redis.Key("state:{BTC}"));
        state.Position(_story.Identity).ShouldBe(default);
        _story.Follow(state).CatchUp(isClosed: true).ShouldBe(24);
        _redis.Everything().ShouldBe(before);
    }

    [Fact]
    public void FillToldAgain_AfterARestartOrInTheNextJournal_IsInTheStreamOnce()
    {
        using var next = new StoryJournal("0002-demo", 2);
        using var state = _redis.Open();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t1", "a1", 1)).Close();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t1", "a1", 1, Side.Sell)).Close();
        _story.Follow(state).CatchUp(isClosed: true);
        next.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t2", "a1", 1)).Close().Follow(state).CatchUp(isClosed: true);
        _redis.Stream("fills").Select(f => $"{f["tradeId"]} {f["side"]} {f["journal"]} {f["sequence"]}").ShouldBe(
            ["t1 buy 0001-demo 1", "t1 sell 0001-demo 4", "t2 buy 0002-demo 2"]);
        _redis.Side.ListLength(_redis.Key("recent-fills:{BTC}")).ShouldBe(3);
    }

    [Fact]
    public void OlderJournalTakenLater_DoesNotBringItsStateBack()
    {
        using var next = new StoryJournal("0002-live", 2);
        using var state = _redis.Open();
        next.Run().Trade().Decide(StoryJournal.Inventory(2)).Close().Follow(state).CatchUp(isClosed: true);
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Inventory(1)).Close().Follow(state).CatchUp(isClosed: true);
        (_redis.Field("journal"), _redis.Field("inventory")).ShouldBe(("0002-live", "2"));
        state.Position(_story.Identity).ShouldBe(new(1, 1, 1));
        _redis.Stream("fills").ShouldHaveSingleItem()["journal"].ShouldBe("0001-demo");
        _redis.Side.ListLength(_redis.Key("recent-fills:{BTC}")).ShouldBe(0);
    }

    [Fact]
    public void MarketThatBeginsAnew_BeginsAnewHere()
    {
        using var next = new StoryJournal("0002-demo", 2, ledger: "0002-demo");
        using var state = _redis.Open();
        _story.Traded().Close().Follow(state).CatchUp(isClosed: true);
        next.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Close().Follow(state).CatchUp(isClosed: true);
        (_redis.Field("ledger"), _redis.Field("inventory"), _redis.Field("tradingState")).ShouldBe(("0002-demo", null, null));
        _redis.Stream("fills").Select(f => $"{f["ledger"]} {f["tradeId"]}").ShouldBe(["live t1", "live t2", "0002-demo t1"]);
        _redis.Side.ListLength(_redis.Key("recent-fills:{BTC}")).ShouldBe(1);
    }

    [Fact]
    public async Task TwoWritersAtOnce_DoubleNothing()
    {
        var batches = Cuts.Single(_story.Traded().Close());
        using var expected = shared.Keys();
        using (var alone = expected.Open()) alone.Apply(Cuts.Joined(batches.AsSpan()));
        using var one = _redis.Open();
        using var two = _redis.Open();
        await Task.WhenAll(Task.Run(() => FollowAll(one)), Task.Run(() => FollowAll(two)));
        Without(_redis.Everything(), _redis).ShouldBe(Without(expected.Everything(), expected));

        void FollowAll(RedisState state)
        {
            foreach (var batch in batches) state.Apply(batch);
        }
    }

    private static IEnumerable<string> Without(IEnumerable<string> lines, RedisUnderTest redis) => lines.Select(l => l[redis.Key("").Length..]);
}
