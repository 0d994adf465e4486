using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Simulation.Tests.Scenarios;

/// <summary>Each thing that can happen, by what only it brings about; without it the same expectation fails.</summary>
public sealed class HappeningTests
{
    private const double Soon = 0.6;

    public static TheoryData<string, Happening, Condition> Happenings => new()
    {
        { "mid by bps", new MidMoves(Bps: 30), new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(10)) },
        { "mid to a price", new MidMoves("alpha", To: 1.003), new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(10)) },
        { "mid over a time", new MidMoves(Bps: 30, Over: TimeSpan.FromSeconds(0.5)), new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(10)) },
        { "silent", new FeedFallsSilent("alpha"), new StateIs(TradingState.Halted, "alpha") },
        { "frozen", new FeedFallsSilent("alpha", IsFrozen: true), new StateIs(TradingState.Halted, "alpha") },
        { "link down", new FeedFallsSilent("alpha", IsLinkDown: true), new BreakerStands(BreakerKind.Staleness, "alpha", Reason: "is disconnected") },
        { "gap", new FeedLosesMessage("alpha", TimeSpan.FromSeconds(1)), new BreakerStands(BreakerKind.Staleness, "alpha", Reason: "has a gap") },
        { "volatile", new VolatilitySpikes(20, TimeSpan.FromSeconds(3)), new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(10)) },
        { "rung filled", new RungFills("alpha", Side.Sell, 2), new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(4_850)) },
        { "part of a rung filled", new RungFills("alpha", Side.Buy, 1, 25), new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_025)) },
        { "fill arrives", new FillArrives("alpha", Side.Buy, 1m, 100m), new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_100)) },
        { "trades", new TapeTrades("alpha", Side.Sell, 250, Times: 50, Every: TimeSpan.FromMilliseconds(10)),
            new QuoteMeasures(QuoteMeasure.Widening, Bounds.Is(1.5), "alpha") },
        { "reference silent", new ReferenceFallsSilent(), new BreakerStands(BreakerKind.Staleness, "TON reference rate", Reason: "old") },
        { "swap announced", new SwapAnnounced("pool", Side.Sell, 80), new QuoteMeasures(QuoteMeasure.BidDistance, Bounds.AtLeast(20)) },
        { "kill", new OperatorOrders(OperatorAction.Kill), new StateIs(TradingState.Killed) },
        { "pause", new OperatorOrders(OperatorAction.Pause), new BreakerStands(BreakerKind.Pause) },
        { "disconnect", new VenueDisconnects("alpha"), new BreakerStands(BreakerKind.OrderPath, "alpha") },
        { "journal", new JournalFails("disk full"), new BreakerStands(BreakerKind.Journal, Reason: "disk full") },
        {
            "parameters", new ParametersChange(p => p with { Quote = p.Quote with { FloorOverFeesBps = 9 } }, "floor"),
            new QuoteMeasures(QuoteMeasure.Floor, Bounds.Is(11.5), "alpha")
        },
    };

    [Theory]
    [MemberData(nameof(Happenings))]
    public void Happening_BringsAboutWhatOnlyItCan(string name, Happening happening, Condition effect)
    {
        ScenarioRun.Of(On().At(0, happening).ExpectWithin(0, 4, effect)).ThrowIfFailed().MetCount.ShouldBe(1, name);
        ScenarioRun.Of(On().Never(0, 4, effect)).ThrowIfFailed();
    }

    [Fact]
    public void Gas_ASpikeNeedsABaseline() => ScenarioRun.Of(On()
        .At(0, new GasCosts(0.05m)).At(1, new GasCosts(0.2m)).ExpectWithin(1, 6, new CadenceIs(TimeSpan.FromSeconds(4), "pool"))).ThrowIfFailed();

    [Fact]
    public void Book_AWideOneDoesNotWeighBesideNarrowOnes()
    {
        var moved = new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(10));
        ScenarioRun.Of(On().At(0, new MidMoves("alpha", Bps: 50)).ExpectWithin(0, 2, moved)).ThrowIfFailed();
        ScenarioRun.Of(On().At(0, new BookChanges("alpha", SpreadBps: 400), new MidMoves("alpha", Bps: 50)).Never(0, 2, moved)).ThrowIfFailed();
    }

    [Fact]
    public void Reference_MovesWhileThePoolKeepsItsPriceInUsd() => ScenarioRun.Of(On()
        .At(0, new ReferenceMoves(2.5)).Expect(4, new QuoteMeasures(QuoteMeasure.Spread, Bounds.AtMost(10)))
        .ExpectThroughout(4, 2, new DeskMeasures(DeskMeasure.Volatility, Bounds.AtMost(1)))).ThrowIfFailed();

    [Fact]
    public void WhatWasBroken_IsWholeAgainWhenItsEndCame()
    {
        var (whole, fewer) = (new OrdersRest(Bounds.Is(18)), new OrdersRest(Bounds.AtMost(12)));
        Break(new FeedFallsSilent("alpha"), new FeedComesBack("alpha"));
        Break(new FeedFallsSilent(IsLinkDown: true), new FeedComesBack());
        Break(new ReferenceFallsSilent(), new ReferenceComesBack());
        Break(new VenueDisconnects("beta"), new VenueReconnects("beta"), new QuoteMeasures(QuoteMeasure.Rungs, Bounds.None, "beta"));
        Break(new JournalFails("disk full"), new JournalFails(null));
        Break(new OperatorOrders(OperatorAction.Pause), new OperatorOrders(OperatorAction.Resume));
        Break(new OperatorOrders(OperatorAction.Kill), new OperatorOrders(OperatorAction.Reenable));

        // Cancels wait behind a closed order path: there only the quotes are gone.
        void Break(Happening happening, Happening end, Condition? broken = null) => ScenarioRun.Of(On()
            .At(0, happening).ExpectWithin(0, 4, broken ?? fewer)
            .At(5, end).ExpectWithin(5, 4, whole)).ThrowIfFailed();
    }

    [Fact]
    public void Rejections_LastUntilOrdersAreTakenAgain() => ScenarioRun.Of(On()
        .At(0, new VenueRejects("alpha", "maintenance"), new OperatorOrders(OperatorAction.Pause))
        .At(Soon, new OperatorOrders(OperatorAction.Resume))
        .Never(1, 2, new OrdersRest(Bounds.Some, "alpha"))
        .At(4, new VenueRejects("alpha", null)).ExpectWithin(4, 1, new OrdersRest(Bounds.Is(6), "alpha"))).ThrowIfFailed();

    [Fact]
    public void LateReports_ReachUsSoMuchLater() => ScenarioRun.Of(On()
        .At(0, new ReportsLate("alpha", Fills: TimeSpan.FromSeconds(1)), new RungFills("alpha", Side.Buy))
        .Expect(1.009, new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_000)))
        .Expect(1.010, new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_250)))).ThrowIfFailed();

    [Fact]
    public void FillOfARungThatIsNotThere_FailsTheScenarioByName()
    {
        var outcome = ScenarioRun.Of(On().At(0, new RungFills("alpha", Side.Buy, 4), new RungFills("alpha", Side.Buy, 1, 900))
            .Expect(1, new OrdersRest(Bounds.Some)));
        outcome.Failures.Select(f => f.Text).ShouldBe(
        [
            "no bid 4 of ours rests at alpha that could be filled; 3 bids there",
            "our bid 1 at alpha has 250 left, not 900",
        ]);
    }

    private static Scenario On() => Scenario.On(ScenarioMarket.TwoVenuesAndPool(), "on a desk");
}
