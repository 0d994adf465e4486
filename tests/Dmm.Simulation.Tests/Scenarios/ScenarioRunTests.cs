using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Simulation.Tests.Scenarios;

public sealed class ScenarioRunTests
{
    [Fact]
    public void SameScenario_GivesTheSameDecisionsAndTheSameTimeline()
    {
        var scenario = Restless(seed: 7);
        var (one, other) = (ScenarioRun.Of(scenario), ScenarioRun.Of(scenario));
        Text(one).ShouldBe(Text(other));
        one.Timeline.ShouldBe(other.Timeline);
    }

    [Fact]
    public void AnotherSeed_GivesAnotherWalk() => Text(ScenarioRun.Of(Restless(seed: 7))).ShouldNotBe(Text(ScenarioRun.Of(Restless(seed: 8))));

    [Fact]
    public void WarmUp_QuotesBeginAHalfLifeAfterTheFirstSample()
    {
        // The first sample is that of 1 s; the half-life of 120 s is spanned by returns at 121 s.
        var cold = Scenario.On(ScenarioMarket.OneVenue(), "cold") with { WarmUp = TimeSpan.Zero };
        ScenarioRun.Of(cold
            .Never(0, 120.999, new OrdersSent(OrderIntentKind.Place, Bounds.Some))
            .Expect(121, new StateIs(TradingState.Active), new OrdersSent(OrderIntentKind.Place, Bounds.Is(6)))
            .ExpectWithin(121, 0.015, new OrdersRest(Bounds.Is(6)))).ThrowIfFailed();
    }

    [Fact]
    public void QuietMarket_OrdersKeepTheirPlace() => ScenarioRun.Of(Scenario.On(ScenarioMarket.TwoVenuesAndPool(), "quiet")
        .ExpectThroughout(0, 20, new OrdersRest(Bounds.Is(18)))
        .Never(0, 20, new OrdersSent(OrderIntentKind.Place, Bounds.Some))
        .Never(0, 20, new OrdersSent(OrderIntentKind.Amend, Bounds.Some))
        .Never(0, 20, new QuotesCross())).ThrowIfFailed();

    [Fact]
    public void ParameterOutOfRange_IsNamedBeforeAnythingIsPlayed()
    {
        var market = ScenarioMarket.OneVenue().With(p => p with { Quote = p.Quote with { RiskAversion = -1 } });
        Should.Throw<ParameterException>(() => ScenarioRun.Of(Scenario.On(market, "faulty").Expect(0, new StateIs(TradingState.Active))))
            .Message.ShouldContain("riskAversion = -1");
    }

    [Fact]
    public void HourPasses_TheRunRollsAndQuotesStay() => ScenarioRun.Of(Scenario.On(ScenarioMarket.OneVenue(), "over the hour")
        .ExpectThroughout(0, 3_600, new StateIs(TradingState.Active), new OrdersRest(Bounds.Is(6)))).ThrowIfFailed();

    private static string Text(ScenarioOutcome outcome) => string.Join('\n', outcome.Decisions.Select(d => $"{d.Number} {d.Cause} {d.Body}"));

    private static Scenario Restless(long seed) => (Scenario.On(ScenarioMarket.TwoVenuesAndPool(), "restless") with { Seed = seed })
        .At(0, new VolatilitySpikes(10, TimeSpan.FromSeconds(8))).Never(0, null, new QuotesCross())
        .At(3, new RungFills("alpha", Side.Buy)).At(5, new RungFills("pool", Side.Sell));
}
