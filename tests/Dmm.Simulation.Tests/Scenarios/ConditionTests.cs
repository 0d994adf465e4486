using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Simulation.Tests.Scenarios;

/// <summary>Every condition can be met, and can fail with words that name the numbers seen.</summary>
public sealed class ConditionTests
{
    /// <summary>A condition that holds at one second of the course below, one of its kind that does not, and what a failure says.</summary>
    public static TheoryData<string, Condition, Condition, string> Conditions => new()
    {
        { "state", new StateIs(TradingState.Active), new StateIs(TradingState.Halted), "expected state is Halted; but state is Active" },
        { "state of a venue", new StateIs(TradingState.Halted, "beta"), new StateIs(TradingState.Active, "beta"), "state at beta is Halted" },
        {
            "breaker", new BreakerStands(BreakerKind.OrderPath, "beta", Reason: "drill"),
                new BreakerStands(BreakerKind.OrderPath, "beta", Reason: "fire"),
            "on beta is tripped because 'fire'; but breaker OrderPath on beta asks for Halted ('beta takes no orders: drill')"
        },
        {
            "breaker at rest", new BreakerStands(BreakerKind.Drawdown, Demand: TradingState.Active), new BreakerStands(BreakerKind.Drawdown),
            "breaker Drawdown has not moved"
        },
        { "resting", new OrdersRest(Bounds.Is(3), "alpha", Side.Buy), new OrdersRest(Bounds.None, "alpha"), "resting orders at alpha: 6" },
        {
            "outstanding", new Outstanding(Bounds.Between(499, 501), "alpha"), new Outstanding(Bounds.AtMost(100), "alpha"),
            "outstanding at alpha: 500.22 USD a side"
        },
        {
            "spread", new QuoteMeasures(QuoteMeasure.Spread, Bounds.Is(6), "alpha"),
                new QuoteMeasures(QuoteMeasure.Spread, Bounds.AtMost(5), "alpha"),
            "expected spread at alpha is at most 5 bps; but spread at alpha is 6 bps"
        },
        {
            "spread against a mark", new QuoteMeasures(QuoteMeasure.Spread, Bounds.Is(1), "alpha", From: "start"),
            new QuoteMeasures(QuoteMeasure.Spread, Bounds.AtLeast(2), "alpha", From: "start"), "spread at alpha is 6 bps, 1 × the 6 bps of 'start'"
        },
        {
            "half-spread", new QuoteMeasures(QuoteMeasure.HalfSpread, Bounds.Between(1.57, 1.59), "alpha"),
            new QuoteMeasures(QuoteMeasure.HalfSpread, Bounds.AtLeast(2), "alpha"), "half-spread δ at alpha is 1.5781 bps"
        },
        {
            "bid", new QuoteMeasures(QuoteMeasure.BidDistance, Bounds.Is(3), "alpha"), new QuoteMeasures(QuoteMeasure.BidDistance, Bounds.Is(3)),
            "bid distance at alpha is 3 bps, bid distance at beta is not there"
        },
        {
            "ask", new QuoteMeasures(QuoteMeasure.AskDistance, Bounds.Is(3), "alpha"),
                new QuoteMeasures(QuoteMeasure.AskDistance, Bounds.Is(4), "alpha"),
            "ask distance at alpha is 3 bps"
        },
        {
            "size", new QuoteMeasures(QuoteMeasure.Size, Bounds.Is(500), "alpha", Side.Sell),
                new QuoteMeasures(QuoteMeasure.Size, Bounds.Is(500), "alpha"),
            "size at alpha is 1,000 DCT"
        },
        {
            "rungs", new QuoteMeasures(QuoteMeasure.Rungs, Bounds.None, "beta"),
                new QuoteMeasures(QuoteMeasure.Rungs, Bounds.Is(2), "alpha", Side.Buy),
            "expected bid rungs at alpha is 2; but bid rungs at alpha is 3"
        },
        {
            "widening", new QuoteMeasures(QuoteMeasure.Widening, Bounds.Is(1)), new QuoteMeasures(QuoteMeasure.Widening, Bounds.Is(2), "alpha"),
            "widening at alpha is 1 ×"
        },
        {
            "floor", new QuoteMeasures(QuoteMeasure.Floor, Bounds.Is(5.5), "alpha"), new QuoteMeasures(QuoteMeasure.Floor, Bounds.Is(7), "alpha"),
            "floor at alpha is 5.5 bps"
        },
        {
            "skew", new QuoteMeasures(QuoteMeasure.Skew, Bounds.Is(0.03), "alpha"), new QuoteMeasures(QuoteMeasure.Skew, Bounds.AtLeast(1), "alpha"),
            "skew at alpha is 0.03 bps"
        },
        {
            "cadence", new CadenceIs(TimeSpan.FromSeconds(0.5), "alpha"), new CadenceIs(TimeSpan.FromSeconds(2), "alpha"),
            "expected quotes at alpha are refreshed every 2 s; but alpha is refreshed every 500 ms"
        },
        { "withheld", new WithheldBecause("takes no orders", "beta"), new WithheldBecause("hard limit", "alpha"), "nothing is withheld at alpha" },
        { "crossed", new QuotesCross() with { Venue = null }, new QuotesCross("alpha"), "alpha rests 0.9997 / 1.0003" },
        {
            "inventory", new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_100)), new DeskMeasures(DeskMeasure.Inventory, Bounds.Is(5_000)),
            "expected inventory is 5,000 DCT; but inventory is 5,100 DCT"
        },
        {
            "PnL", new DeskMeasures(DeskMeasure.Pnl, Bounds.Between(0.02, 0.04)), new DeskMeasures(DeskMeasure.Pnl, Bounds.AtLeast(1)),
            // 100 DCT bought 5 bps below the mid, less a maker fee of 2 bps.
            "PnL is 0.03 USD"
        },
        {
            "volatility", new DeskMeasures(DeskMeasure.Volatility, Bounds.Is(0)), new DeskMeasures(DeskMeasure.Volatility, Bounds.AtLeast(5)),
            "volatility is 0 bps"
        },
        {
            "cancelled", new OrdersSent(OrderIntentKind.Cancel, Bounds.None), new OrdersSent(OrderIntentKind.Cancel, Bounds.Some, "alpha", Side.Buy),
            "expected bids cancelled at alpha: at least 1; but bids cancelled at alpha: 0"
        },
        { "placed", new OrdersSent(OrderIntentKind.Place, Bounds.None), new OrdersSent(OrderIntentKind.Place, Bounds.Is(6)), "orders placed: 0" },
        { "amended", new OrdersSent(OrderIntentKind.Amend, Bounds.None), new OrdersSent(OrderIntentKind.Amend, Bounds.Is(6)), "orders amended: 0" },
        { "alert", new StateIs(TradingState.Active), new AlertSays("fire"), "expected an alert says 'fire'; but no alert" },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Condition_HoldsWhenItShouldAndFailsWithTheNumbersSeen(string name, Condition holding, Condition failing, string words)
    {
        // Nothing crosses: the one condition that is shown to hold by its absence.
        var course = holding is QuotesCross ? Course().Never(1, 0.1, holding) : Course().Expect(1, holding);
        ScenarioRun.Of(course).ThrowIfFailed().MetCount.ShouldBe(1, name);
        var failed = ScenarioRun.Of(Course().Expect(1, failing));
        failed.Failures.ShouldHaveSingleItem().Text.ShouldContain(words, customMessage: name);
        Should.Throw<ScenarioFailedException>(failed.ThrowIfFailed).Message.ShouldContain("✗ FAILED");
    }

    [Fact]
    public void Alert_IsSeenInTheSpanInWhichItIsRaised()
    {
        static QuotingParameters Faulty(QuotingParameters p) => p with { Quote = p.Quote with { RiskAversion = -1 } };
        ScenarioRun.Of(Course().At(1, new ParametersChange(Faulty, "γ below zero")).Expect(1, new AlertSays("riskAversion = -1", AlertLevel.Warning)))
            .ThrowIfFailed();
        ScenarioRun.Of(Course().At(1, new ParametersChange(Faulty, "γ below zero")).Expect(1, new AlertSays("riskAversion", AlertLevel.Critical)))
            .Failures.ShouldHaveSingleItem().Text.ShouldContain("alert (Warning) 'the change by ann is refused");
    }

    /// <summary>Beta's order path is closed, and a bid was filled at alpha.</summary>
    private static Scenario Course() => Scenario.On(ScenarioMarket.TwoVenues(), "course").At(0,
        new MarkQuotes("start"), new VenueDisconnects("beta", "drill"), new FillArrives("alpha", Side.Buy, 0.9995m, 100m));
}
