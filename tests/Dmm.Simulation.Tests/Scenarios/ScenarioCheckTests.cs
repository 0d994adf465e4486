using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Simulation.Tests.Scenarios;

/// <summary>A script that makes no sense is not played; what is wrong with it is said, all at once.</summary>
public sealed class ScenarioCheckTests
{
    private static readonly Condition Active = new StateIs(TradingState.Active);

    public static TheoryData<string, Scenario> Faulty => new()
    {
        { "expect nothing: expected at least one expectation", On() },
        { "its time, -1000 ms, lies before the scenario begins: expected 0 s or later", On().Expect(-1, Active) },
        { "its time, 1 s, lies before that of the step above it, 2 s: expected rising times", On().Expect(2, Active).Expect(1, Active) },
        { "its time, 9 s, lies after the end of the scenario at 5 s", On().Expect(9, Active) with { Length = TimeSpan.FromSeconds(5) } },
        { "unknown venue 'gamma': expected one of alpha", On().At(0, new FeedFallsSilent("gamma")).Expect(1, Active) },
        { "unknown venue 'beta': expected one of alpha", On().Expect(1, new StateIs(TradingState.Active, "beta")) },
        { "the feed at alpha comes back without having gone silent", On().At(0, new FeedComesBack("alpha")).Expect(1, Active) },
        { "the feed at alpha is silent already", On().At(0, new FeedFallsSilent("alpha"), new FeedFallsSilent()).Expect(1, Active) },
        { "alpha reconnects without having been disconnected", On().At(0, new VenueReconnects("alpha")).Expect(1, Active) },
        { "the order path to alpha is closed already", On().At(0, new VenueDisconnects("alpha"), new VenueDisconnects("alpha")).Expect(1, Active) },
        { "alpha takes orders again without having rejected any", On().At(0, new VenueRejects("alpha", null)).Expect(1, Active) },
        { "the journal can be written again without having failed", On().At(0, new JournalFails(null)).Expect(1, Active) },
        { "the operator re-enables what was not killed", On().At(0, new OperatorOrders(OperatorAction.Reenable)).Expect(1, Active) },
        { "quotes are kept as 'a' already", On().At(0, new MarkQuotes("a"), new MarkQuotes("a")).Expect(1, Active) },
        {
            "it compares with 'calm', which no step above keeps: expected a mark before it",
            On().Expect(1, new QuoteMeasures(QuoteMeasure.Spread, Bounds.Is(1), From: "calm"))
        },
        {
            "it expects a killed state before its cause: expected a step above by which the operator kills",
            On().Expect(1, new StateIs(TradingState.Killed)).At(2, new OperatorOrders(OperatorAction.Kill))
        },
        { "it expects trouble of the journal before its cause", On().Expect(1, new BreakerStands(BreakerKind.Journal)) },
        { "it expects a closed order path before its cause", On().Expect(1, new BreakerStands(BreakerKind.OrderPath)) },
        { "it demands what the step at 1 s forbids at that time: state is Active", On().Never(1, 5, Active).Expect(2, Active) },
        { "it demands what the step at 2 s forbids at that time: state is Active", On().ExpectThroughout(2, 5, Active).Never(4, 5, Active) },
        { "mid gives both or neither of bps and to: expected one of them", On().At(0, new MidMoves()).Expect(1, Active) },
        { "mid.to = 0: expected 0.01 to 1000000 USD", On().At(0, new MidMoves(To: 0)).Expect(1, Active) },
        { "book changes nothing: expected spreadBps, levelSize or both", On().At(0, new BookChanges()).Expect(1, Active) },
        { "volatile.bpsPerRootSecond = -3", On().At(0, new VolatilitySpikes(-3, TimeSpan.FromSeconds(1))).Expect(1, Active) },
        { "fill.rung = 0: expected 1 to 16", On().At(0, new RungFills("alpha", Side.Buy, 0)).Expect(1, Active) },
        { "fill.price = -1", On().At(0, new FillArrives("alpha", Side.Buy, -1m, 1m)).Expect(1, Active) },
        { "gap.resyncAfter = 0 s", On().At(0, new FeedLosesMessage("alpha", TimeSpan.Zero)).Expect(1, Active) },
        { "trades.times = 0", On().At(0, new TapeTrades("alpha", Side.Buy, 1, Times: 0)).Expect(1, Active) },
        { "late names neither kind: expected acks, fills or both", On().At(0, new ReportsLate("alpha")).Expect(1, Active) },
        { "concerns pools only: expected a market with a pool", On().At(0, new ReferenceMoves(2)).Expect(1, Active) },
        { "gas.tonPerSwap = 0", On().At(0, new GasCosts(0)).Expect(1, Active) },
        { "expectation is empty: expected at least one condition", On().Expect(1) },
        { "span = 0 s", On().ExpectWithin(1, 0, Active) },
        { "bounds are open: expected is, min or max", On().Expect(1, new OrdersRest(default)) },
        { "bounds have min 3 above max 2", On().Expect(1, new OrdersRest(Bounds.Between(3, 2))) },
        { "warmUp = 7200 s", On().Expect(1, Active) with { WarmUp = TimeSpan.FromHours(2) } },
        { "market.mid = 0", On(m => m with { Mid = 0 }).Expect(1, Active) },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void FaultyScript_IsNotPlayedAndTheFaultIsNamed(string words, Scenario scenario)
    {
        ScenarioCheck.Faults(scenario)
            .ShouldContain(f => f.Text.Contains(words), string.Join("\n", ScenarioCheck.Faults(scenario).Select(f => f.Text)));
        Should.Throw<ScenarioScriptException>(() => ScenarioRun.Of(scenario)).Message.ShouldContain(words);
    }

    [Fact]
    public void SeveralFaults_AreToldTogetherWithTheirSteps() => ScenarioCheck.Faults(On()
            .At(0, new FeedComesBack("alpha"), new MidMoves(To: -1)).Expect(1, new StateIs(TradingState.Killed)))
        .Select(f => f.Step).ShouldBe([0, 1, 2]);

    [Fact]
    public void CauseThatIsOver_MayStillBeSeen() => ScenarioCheck.Faults(On()
        .At(0, new JournalFails("disk full")).At(1, new JournalFails(null)).Expect(1, new BreakerStands(BreakerKind.Journal))).ShouldBeEmpty();

    [Fact]
    public void TheSameDemandedAfterTheBanIsOver_IsNoContradiction()
    {
        ScenarioCheck.Faults(On().Never(1, 5, Active).Expect(6.1, Active)).ShouldBeEmpty();
        ScenarioCheck.Faults(On().Never(1, 5, Active).ExpectWithin(2, 10, Active)).ShouldBeEmpty();
        ScenarioCheck.Faults(On().Expect(0, Active).Never(1, 5, Active)).ShouldBeEmpty();
    }

    private static Scenario On(Func<ScenarioMarket, ScenarioMarket>? change = null) =>
        Scenario.On((change ?? (m => m))(ScenarioMarket.OneVenue()), "script");
}
