using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources.Bus;
using Dmm.Wire.Bus;
using static Dmm.Sources.Tests.Bus.BusFeed;

namespace Dmm.Sources.Tests.Bus;

public sealed class BusMarketDataTests
{
    private BusMarketData _data = new(new([Instrument()]), Start);
    private readonly List<string> _begun = [];
    private Timestamp _now = Start;

    [Fact]
    public void TwoCollectors_EachItemOnce()
    {
        Begin("a", "b");
        string[] taken =
        [
            .. _begun, .. Take("a", Snapshot(100)), .. Take("b", Snapshot(100)), .. Take("a", Delta(101, 105)), .. Take("b", Delta(101, 105)),
            .. Take("b", Trade(1)), .. Take("a", Trade(1)), .. Take("a", Top(105)), .. Take("b", Top(105)), .. Take("b", Delta(106, 110)),
        ];
        taken.ShouldBe(["Connected: heartbeat of a", "ClockOffset", "s100", "d101-105", "t1", "top105", "d106-110"]);
        (_data.Counters.Duplicates, _data.Counters.Passed).ShouldBe((4, 7));
    }

    [Fact]
    public void DeltaLostByOne_IsWaitedForAndTakenFromTheOther()
    {
        Begin("a", "b");
        Take("a", Snapshot(100));
        Take("b", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Take("a", Delta(111, 112)).ShouldBeEmpty();
        Take("b", Delta(101, 105)).ShouldBe(["d101-105", "d106-110", "d111-112"]);
        Take("b", Delta(106, 110)).ShouldBeEmpty();
        (_data.Counters.Held, _data.Counters.Gaps, _data.Counters.Duplicates).ShouldBe((2, 0, 2));
    }

    [Fact]
    public void DeltaLostByTheOnlyCollector_TheHoleIsPassedOnAtOnceAndTheNextSnapshotRepairs()
    {
        Begin("a");
        Take("a", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBe(["d106-110"]);
        Take("a", Delta(111, 115)).ShouldBeEmpty();
        Take("a", Snapshot(104)).ShouldBeEmpty();
        Take("a", Snapshot(112)).ShouldBe(["s112", "d111-115"]);
        Take("a", Snapshot(115)).ShouldBeEmpty();
        Take("a", Delta(116, 120)).ShouldBe(["d116-120"]);
        _data.Counters.Gaps.ShouldBe(1);
    }

    [Fact]
    public void DeltaLostByAll_IsPassedOnWhenTheLastIsPastIt()
    {
        Begin("a", "b");
        Take("a", Snapshot(100));
        Take("b", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Take("b", Delta(106, 110)).ShouldBe(["d106-110"]);
        _data.Counters.Gaps.ShouldBe(1);
    }

    [Fact]
    public void OtherCollectorIsPastTheHoleByItsHeartbeat_TheHoleIsPassedOn()
    {
        Begin("a", "b");
        Take("a", Snapshot(100));
        Take("b", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Take("b", Heartbeat(last: 110)).ShouldBeEmpty();
        Watch(0).ShouldBe(["d106-110"]);
    }

    [Fact]
    public void OtherCollectorSaysNothing_TheHoleIsPassedOnAfterAQuarterOfASecond()
    {
        Begin("a", "b");
        Take("a", Snapshot(100));
        Take("b", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Watch(249).ShouldBeEmpty();
        Watch(1).ShouldBe(["d106-110"]);
    }

    [Fact]
    public void SnapshotAheadOfTheChain_ReplacesWhatWasMissing()
    {
        Begin("a", "b");
        Take("a", Snapshot(100));
        Take("b", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Take("b", Snapshot(108)).ShouldBe(["s108", "d106-110"]);
        Take("b", Delta(109, 110)).ShouldBeEmpty();
    }

    [Fact]
    public void ReaderBeginsInTheMiddle_DeltasWaitForASnapshot()
    {
        Begin("a", "b");
        Take("a", Delta(106, 110)).ShouldBeEmpty();
        Take("b", Delta(101, 105)).ShouldBeEmpty();
        Take("b", Delta(106, 110)).ShouldBeEmpty();
        Take("b", Snapshot(107)).ShouldBe(["ClockOffset", "s107", "d106-110"]);
        Take("a", Snapshot(110)).ShouldBeEmpty();
        Take("a", Delta(111, 112)).ShouldBe(["d111-112"]);
    }

    [Fact]
    public void SnapshotBetweenTheHoleAndWhatIsBehindIt_Repairs()
    {
        Begin("a");
        Take("a", Snapshot(100));
        Take("a", Delta(106, 110)).ShouldBe(["d106-110"]);
        Take("a", Delta(111, 112)).ShouldBeEmpty();
        Take("a", Snapshot(105)).ShouldBe(["s105", "d111-112"]);
    }

    [Fact]
    public void NoSnapshotForLong_TheOldestDeltasAreForgotten()
    {
        Begin("a");
        for (var id = 101; id <= 400; id++) Take("a", Delta(id, id)).ShouldBeEmpty();
        Take("a", Snapshot(398)).ShouldBe(["ClockOffset", "s398", "d399-399", "d400-400"]);
    }

    [Fact]
    public void VenueBeginsItsIdsAnew_LowerIdAndLaterTimeBeginTheChainAnew()
    {
        Begin("a", "b");
        Take("a", Snapshot(1_000, at: 10));
        Take("a", Trade(7, at: 10));
        Take("a", Top(1_000, at: 10));
        Take("a", Snapshot(5, at: 5_000)).ShouldBe(["s5"]);
        Take("b", Delta(1_001, 1_002, at: 20)).ShouldBeEmpty();
        Take("a", Delta(6, 7, at: 5_001)).ShouldBe(["d6-7"]);
        Take("a", Trade(7, at: 5_001)).ShouldBe(["t7"]);
        Take("a", Top(7, at: 5_001)).ShouldBe(["top7"]);
        Take("b", Top(1_001, at: 20)).ShouldBe(["top1001"]);
    }

    [Fact]
    public void ChainOfPreviousIds_IsFollowedThroughHoles()
    {
        _data = new(new([Instrument(BookSequenceRule.PreviousId)]), Start);
        Begin(Instrument(BookSequenceRule.PreviousId), "a", "b");
        Take("a", Snapshot(100)).ShouldBe(["ClockOffset", "s100"]);
        Take("b", Snapshot(100));
        Take("a", Delta(90, 105, previous: 89, at: 1)).ShouldBe(["d90-105"]);
        Take("a", Delta(121, 130, previous: 118, at: 3)).ShouldBeEmpty();
        Take("b", Delta(90, 105, previous: 89, at: 1)).ShouldBeEmpty();
        Take("b", Delta(107, 118, previous: 105, at: 2)).ShouldBe(["d107-118", "d121-130"]);
    }

    /// <summary>With ids that merely rise nobody would miss an update that another collector brings later: two streams must not be mixed.</summary>
    [Fact]
    public void BookWhoseIdsMerelyRise_IsTakenFromOneCollector()
    {
        _data = new(new([Instrument(BookSequenceRule.RisingId)]), Start);
        Begin(Instrument(BookSequenceRule.RisingId), "a", "b");
        Take("a", Snapshot(100, at: 1)).ShouldBe(["ClockOffset", "s100"]);
        Take("b", Snapshot(100, at: 1)).ShouldBeEmpty();
        Take("b", Delta(102, 102, at: 3)).ShouldBeEmpty();
        Take("a", Delta(101, 101, at: 2)).ShouldBe(["d101-101"]);
        Take("a", Delta(102, 102, at: 3)).ShouldBe(["d102-102"]);
    }

    [Fact]
    public void BookWithoutIds_IsTakenFromOneCollectorAndFromAnotherAtASnapshot()
    {
        _data = new(new([Instrument(BookSequenceRule.ChecksumOnly)]), Start);
        Begin(Instrument(BookSequenceRule.ChecksumOnly), "a", "b");
        Take("a", Snapshot(0, at: 1)).ShouldBe(["ClockOffset", "s0"]);
        Take("b", Snapshot(0, at: 1)).ShouldBeEmpty();
        Take("a", Delta(0, 0, at: 2)).ShouldBe(["d0-0"]);
        Take("b", Delta(0, 0, at: 2)).ShouldBeEmpty();
        Take("a", Snapshot(0, at: 2)).ShouldBeEmpty();
        Take("a", Feed(FeedState.Disconnected)).ShouldBeEmpty();
        Take("b", Delta(0, 0, at: 3)).ShouldBeEmpty();
        Take("b", Snapshot(0, at: 3)).ShouldBe(["s0"]);
        Take("b", Delta(0, 0, at: 4)).ShouldBe(["d0-0"]);
    }

    [Fact]
    public void Trades_AreKnownByIdAndTimeAmongTheLast4096()
    {
        Begin("a", "b");
        for (var id = 1; id <= TradeWindow.Length + 1; id++) Take("a", Trade(id, at: id));
        Take("b", Trade(2, at: 2)).ShouldBeEmpty();
        Take("b", Trade(1, at: 1)).ShouldBeEmpty();
        _data.Counters.Duplicates.ShouldBe(2);
    }

    [Fact]
    public void Rates_PassWhenTheyAreNewer()
    {
        Take("a", Rate(5.1m, at: 1)).ShouldBe(["TON/USDT 5.1"]);
        Take("b", Rate(5.1m, at: 1)).ShouldBeEmpty();
        Take("b", Rate(5.2m, at: 2)).ShouldBe(["TON/USDT 5.2"]);
        Take("a", Rate(5.0m, at: 1.5)).ShouldBeEmpty();
    }

    [Fact]
    public void BeforeTheListing_MarketDataIsDroppedAndCounted()
    {
        Take("a", Snapshot(100)).ShouldBeEmpty();
        Take("a", Listing(Instrument())).ShouldBeEmpty();
        Take("a", Snapshot(100)).ShouldBe(["Connected: market data from a", "ClockOffset", "s100"]);
        _data.Counters.Unlisted.ShouldBe(1);
    }

    [Fact]
    public void GridThatDiffers_IsRefusedOnceWithTheReasonUntilTheListingChanges()
    {
        Take("a", Listing(Instrument() with { Prices = new(0.05m) }));
        _data.Take("a", Snapshot(100), _now).ShouldBe("v:DCT-USDT: a publishes it with tick 0.05, expected 0.01");
        _data.Take("a", Snapshot(101), _now).ShouldBeNull();
        Take("a", Listing(Instrument() with { Prices = new(0.05m) }));
        _data.Take("a", Snapshot(102), _now).ShouldBeNull();
        Take("a", Listing());
        _data.Take("a", Snapshot(103), _now).ShouldBe("v:DCT-USDT is not among the instruments that a lists");
        _data.Inputs.ShouldBeEmpty();
        _data.Counters.Refused.ShouldBe(4);
        Take("a", Listing(Instrument()));
        Take("a", Snapshot(104)).ShouldContain("s104");
    }

    [Fact]
    public void MarketsOfOthers_AreCounted()
    {
        Take("a", new MarketMessage { Kind = BusKind.Trade, Foreign = "v:DCT-TON" }).ShouldBeEmpty();
        Take("a", new MarketMessage { Kind = BusKind.Feed, Input = new(new FeedStatus("w", FeedState.Connected, "")) }).ShouldBeEmpty();
        _data.Counters.Foreign.ShouldBe(2);
    }

    [Fact]
    public void VenueIsConnectedWhileOneCollectorIs()
    {
        Take("a", Feed(FeedState.Connected, "ws://a")).ShouldBe(["Connected: ws://a"]);
        Take("b", Feed(FeedState.Connected, "ws://b")).ShouldBeEmpty();
        Take("a", Feed(FeedState.Disconnected, "closed")).ShouldBeEmpty();
        Take("b", Feed(FeedState.Disconnected, "closed too")).ShouldBe(["Disconnected: closed too"]);
        Take("b", Feed(FeedState.Connected, "ws://b")).ShouldBe(["Connected: ws://b"]);
        Take("b", Feed(FeedState.Ended, "end")).ShouldBe(["Disconnected: end"]);
        Take("a", Feed(FeedState.Ended, "end of a")).ShouldBe(["Ended: end of a"]);
    }

    [Fact]
    public void NobodyHeardForFiveSeconds_IsDisconnectedUntilSomebodyIs()
    {
        Begin("a", "b");
        Watch(4_000).ShouldBeEmpty();
        Take("b", Heartbeat()).ShouldBeEmpty();
        Watch(1_000).ShouldBeEmpty();
        Watch(3_999).ShouldBeEmpty();
        Watch(1).ShouldBe(["Disconnected: no collector was heard for 5 s"]);
        Watch(60_000).ShouldBeEmpty();
        Take("a", Heartbeat()).ShouldBe(["Connected: heartbeat of a"]);
    }

    [Fact]
    public void NobodyHeardSinceTheStart_IsDisconnected()
    {
        Watch(4_999).ShouldBeEmpty();
        Watch(1).ShouldBe(["Disconnected: no collector was heard yet, for 5 s"]);
        Watch(1).ShouldBeEmpty();
    }

    [Fact]
    public void MoreThan64Collectors_AreRefusedUntilOneIsSilent()
    {
        for (var i = 0; i < VenueLinks.CollectorsMax; i++) Take($"c{i}", Feed(FeedState.Connected));
        _data.Take("new", Feed(FeedState.Connected), _now).ShouldBe("v has more than 64 collectors at once");
        Watch(5_000);
        _data.Take("new", Feed(FeedState.Connected), _now).ShouldBeNull();
    }

    private void Begin(params string[] collectors) => Begin(Instrument(), collectors);

    private void Begin(Instrument instrument, params string[] collectors)
    {
        foreach (var collector in collectors)
        {
            Take(collector, Listing(instrument));
            _begun.AddRange(Take(collector, Heartbeat()));
        }
    }

    private string[] Take(string source, MarketMessage message)
    {
        _data.Take(source, message, _now).ShouldBeNull();
        return Texts();
    }

    private string[] Watch(double milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(milliseconds);
        _data.Watch(_now);
        return Texts();
    }

    private string[] Texts() => [.. _data.Inputs.Select(Text)];
}
