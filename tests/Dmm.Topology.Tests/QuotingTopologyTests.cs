using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Topology.Tests;

/// <summary>What the wired pipeline does, on virtual time: scripted inputs, recorded decisions, no host.</summary>
public sealed class QuotingTopologyTests
{
    private static readonly TimeSpan Warm = S(130);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void WarmUp_NoOrderBeforeAHalfLifeOfSamplesAndALadderAfterIt()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var first = desk.Of<OrderIntent>().First();
        // The first sample is that of 1 s; the half-life of 120 s is spanned by returns at 121 s.
        first.At.ShouldBe(Desk.Start + S(121));
        desk.Of<OrderIntent>().Count(i => i.At == first.At).ShouldBe(6);
        desk.LastQuote().Bids.Select(b => b.PriceTicks).ShouldBeInOrder(SortDirection.Descending);
        desk.Resting().Count.ShouldBe(6);
    }

    [Fact]
    public void QuietMarket_OrdersWithinToleranceKeepTheirPlace()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm + S(20));
        desk.Of<OrderIntent>().Count().ShouldBe(6);
        desk.Of<QuoteTarget>().Count(q => q.At > Desk.Start + S(131) && q.At <= Desk.Start + S(141)).ShouldBe(20);
    }

    [Fact]
    public void Kill_EveryOrderIsCancelledAtThatInstantAndNothingIsPlacedUntilReenabled()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var kill = desk.Take(Warm, new OperatorCommand(OperatorAction.Kill, "ann", "drill"));
        desk.Resting().ShouldBeEmpty();
        desk.Of<OrderIntent>().Where(i => i.Body.Kind == OrderIntentKind.Cancel).Select(i => i.At).Distinct().ShouldBe([kill.At]);
        desk.Quiet(Warm + S(0.1), Warm + S(10));
        desk.Resting().ShouldBeEmpty();
        desk.LastQuote().State.ShouldBe(TradingState.Killed);
        desk.Take(Warm + S(10), new OperatorCommand(OperatorAction.Reenable, "ann", "drill is over"));
        desk.Resting().Count.ShouldBe(6);
    }

    [Fact]
    public void SilentFeed_WidensAt1500MsAndCancelsAt3000MsToTheTick()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var last = Desk.Start + Warm - S(0.4);
        desk.AdvanceTo(Warm + S(10));
        var changes = desk.Of<TradingStateChange>().Where(c => c.At > last).Select(c => (c.At, c.Body.To)).ToArray();
        changes.ShouldBe([(last + S(1.5), TradingState.Widened), (last + S(3), TradingState.Halted)]);
        desk.Of<OrderIntent>().Last(i => i.Body.Kind == OrderIntentKind.Cancel).At.ShouldBe(last + S(3));
        desk.Resting().ShouldBeEmpty();
        desk.QuotesAt(last + S(1.5) - Desk.Start).ShouldHaveSingleItem().Terms.BreakerMultiplier.ShouldBe(1.5);
    }

    [Fact]
    public void BreakerTrips_TheRecordTellsItBeforeTheTradingState()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var kill = desk.Take(Warm, new OperatorCommand(OperatorAction.Kill, "ann", "drill"));
        desk.Decisions.Where(d => d.Cause.Sequence == kill.Sequence && d.Cause.At == kill.At).Select(d => d.Body.GetType().Name).Distinct()
            .ShouldBe([nameof(BreakerState), nameof(TradingStateChange), nameof(QuoteTarget), nameof(OrderIntent)]);
    }

    [Fact]
    public void Gap_QuotesArePulledAtOnceAndComeBackWithTheSnapshot()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        desk.Delta(Warm, 0, Side.Buy, 9_998, 4_000, skippedIds: 1);
        desk.Resting().ShouldBeEmpty();
        desk.Of<BreakerState>().Last().Body.Reason.ShouldContain("has a gap");
        desk.Snapshot(Warm + S(3.2), 0, 10_000);
        desk.Resting().Count.ShouldBe(6);
    }

    [Fact]
    public void Fill_RequotesAtOnceFromTheNewInventory()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var before = desk.LastQuote();
        desk.Fill(Warm + S(0.02), 0, Side.Buy, 0.9995m, 5_000m, "f1");
        var quote = desk.QuotesAt(Warm + S(0.02)).ShouldHaveSingleItem();
        before.Terms.InventoryRatio.ShouldBe(0);
        quote.Terms.InventoryRatio.ShouldBe(0.5);
        quote.Bids[0].SizeLots.ShouldBeLessThan(before.Bids[0].SizeLots);
        quote.Terms.BidBps.ShouldBeLessThan(before.Terms.BidBps);
        desk.Decisions.Last(d => d.Body is QuoteTarget).Cause.Timer.ShouldBe("urgent");
    }

    [Fact]
    public void MidMovesBeyondHalfOfTheHalfSpread_RequotesBeforeTheNextRefresh()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var at = Warm + S(0.03);
        desk.Snapshot(at, 0, 10_001);
        desk.QuotesAt(at).ShouldBeEmpty();
        at += S(0.01);
        desk.Snapshot(at, 0, 10_020);
        desk.QuotesAt(at).ShouldHaveSingleItem().FairValue.ShouldBe(1.002);
    }

    [Fact]
    public void HardLimit_OnlyTheReducingSideIsQuoted()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        desk.Fill(Warm, 0, Side.Buy, 1m, 15_000m, "f1");
        desk.LastQuote().Bids.ShouldBeEmpty();
        desk.LastQuote().Asks.ShouldNotBeEmpty();
        desk.LastQuote().State.ShouldBe(TradingState.Reducing);
        desk.Resting().Values.ShouldAllBe(order => order.Side == Side.Sell);
    }

    [Fact]
    public void QuotesOfOneInstant_ShareOneStateAcrossVenues()
    {
        using var desk = Desk.ThreeMarkets();
        desk.Quiet(S(0.1), Warm);
        desk.Fill(Warm, 1, Side.Sell, 1.0005m, 700m, "f1");
        desk.Quiet(Warm + S(0.1), Warm + S(4));
        // Two inputs may share an instant with a timer; what one of them caused shares its state.
        var byCause = desk.Decisions.Where(d => d.Body is QuoteTarget).GroupBy(d => (d.Cause.At, d.Cause.Sequence), d => ((QuoteTarget)d.Body).Terms);
        foreach (var quotes in byCause)
            quotes.Select(terms => (terms.InventoryRatio, terms.RawVolatilityBps)).Distinct().Count().ShouldBe(1, $"{quotes.Key}");
        desk.LastQuote(2).FairValue.ShouldBe(desk.LastQuote(0).FairValue / 3, 1e-10);
    }

    [Fact]
    public void OneVenueStale_ItsQuotesArePulledAndTheOthersGoOn()
    {
        using var desk = Desk.ThreeMarkets();
        desk.Quiet(S(0.1), Warm);
        for (var at = Warm + S(0.1); at < Warm + S(5); at += S(0.5)) desk.Snapshot(at, 0, 10_000);
        desk.LastQuote(1).Bids.ShouldBeEmpty();
        desk.LastQuote(0).Bids.Length.ShouldBe(3);
        desk.Resting().Values.Select(o => o.Instrument.Index).Distinct().ShouldBe([0]);
    }

    [Fact]
    public void ToxicFills_WidenForTenCyclesAndThenReturn()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        for (var i = 0; i < 3; i++) desk.Fill(Warm + S(0.01 * i), 0, Side.Buy, 1m, 10m, $"f{i}", quotedAt: Warm);
        desk.Quiet(Warm + S(0.1), Warm + S(6), midTicks: 9_985);
        var widened = desk.Of<QuoteTarget>().Where(q => q.Body.Terms.ToxicityMultiplier > 1).ToArray();
        widened[0].Body.Terms.ToxicityMultiplier.ShouldBe(1.5);
        widened[0].At.ShouldBe(Desk.Start + Warm + S(0.02) + S(5));
        desk.Quiet(Warm + S(6.1), Warm + S(60), midTicks: 9_985);
        desk.LastQuote().Terms.ToxicityMultiplier.ShouldBe(1);
        widened = [.. desk.Of<QuoteTarget>().Where(q => q.Body.Terms.ToxicityMultiplier > 1)];
        widened.Length.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void GasSpike_PoolRefreshesHalfAsOftenAndKeepsOneRung()
    {
        using var desk = Desk.ThreeMarkets();
        desk.Take(S(0.05), new GasPrice(0.06m, Desk.Start + S(0.05)));
        desk.Quiet(S(0.1), Warm);
        desk.LastQuote(2).Bids.Length.ShouldBe(3);
        desk.Take(Warm, new GasPrice(0.2m, Desk.Start + Warm));
        desk.Quiet(Warm + S(0.1), Warm + S(12));
        desk.LastQuote(2).Bids.Length.ShouldBe(1);
        desk.LastQuote(0).Bids.Length.ShouldBe(3);
        desk.Decisions.Where(d => d.Cause.Timer == "refresh pool:DCT/TON" && d.Body is QuoteTarget && d.Cause.At > Desk.Start + Warm)
            .Select(d => (d.Cause.At - Desk.Start).TotalSeconds).ShouldBe([132, 136, 140]);
    }

    [Fact]
    public void NearTheSoftLimit_TheAccumulatingSideIsPulled40PercentOfTheSpreadFarther()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        desk.Fill(Warm, 0, Side.Buy, 1m, 8_000m, "f1");
        var terms = desk.LastQuote().Terms;
        terms.InventoryRatio.ShouldBe(0.8);
        terms.SkewBps.ShouldBe(0.4 * Math.Max(2 * terms.HalfSpreadBps, terms.FloorBps), 1e-6);
    }

    [Fact]
    public void CalmAndBalanced_TheFloorIs1500MilliBpsLower()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        // Round-trip maker fees of 4 bps and 3 bps over them, less 1.5.
        desk.LastQuote().Terms.FloorBps.ShouldBe(5.5);
        desk.Fill(Warm, 0, Side.Buy, 1m, 5_000m, "f1");
        desk.LastQuote().Terms.FloorBps.ShouldBe(7);
    }

    [Fact]
    public void JournalCannotBeWritten_QuotesArePulledUntilItCan()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        desk.Take(Warm, new JournalStatus(false, "disk full"));
        desk.Resting().ShouldBeEmpty();
        desk.LastQuote().Withheld.ShouldContain("disk full");
        desk.Take(Warm + S(0.3), new JournalStatus(true, ""));
        desk.Resting().Count.ShouldBe(6);
    }

    [Fact]
    public void RejectedMessage_BecomesAnAlertAndTheStreamsLive()
    {
        using var desk = Desk.OneVenue();
        desk.Take(S(0.05), new Rejected("alpha", "price '-1' is not above zero", "{…}"));
        desk.Of<Alert>().ShouldHaveSingleItem().Body.ShouldBe(new Alert(AlertLevel.Warning, "alpha", "price '-1' is not above zero"));
        desk.Quiet(S(0.1), Warm);
        desk.Resting().Count.ShouldBe(6);
    }

    [Fact]
    public void EventTimeAheadOfTheCorrectedClock_IsRefusedByNameAndTheBookBreaksAtOnce()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        desk.Take(Desk.Start + Warm, new Input(new BookUpdate
        {
            Instrument = new(0), IsSnapshot = false, VenueTime = Desk.Start + Warm + S(5.001), ReceiveTime = Desk.Start + Warm, FirstUpdateId = 261,
            LastUpdateId = 261, PreviousUpdateId = -1, BidCount = 1, Levels = new BookLevel[] { new(9_998, 1) },
        }));
        desk.Of<Alert>().ShouldHaveSingleItem().Body.Text.ShouldContain("alpha:DCTUSDT delta 261..261");
        desk.Resting().ShouldBeEmpty();
    }
}
