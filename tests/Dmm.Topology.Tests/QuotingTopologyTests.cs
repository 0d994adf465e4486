using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Topology.Tests;

/// <summary>
/// What the wired pipeline does with single inputs, and what its decisions say of their causes. What it does over time is told by scenarios.
/// </summary>
public sealed class QuotingTopologyTests
{
    private static readonly TimeSpan Warm = S(130);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

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
