using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Faults;

/// <summary>The router at venues that fail, on seeds that have it switched on; and each of its invariants broken on purpose.</summary>
public sealed class FaultRouterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(90);

    [Fact]
    public void RoutedSeeds_HoldEveryInvariantAndTrade()
    {
        var sum = default(FaultCounts);
        foreach (var seed in (long[])[4, 8, 12])
        {
            var timeline = new FaultTimeline();
            var outcome = FaultRun.Of(FaultPlan.Of(seed, Duration, FaultSettings.Venues), new(), timeline);
            outcome.Violation.ShouldBeNull(outcome.Violation is { } v ? $"seed {seed}\n{string.Join('\n', timeline.Of(v))}" : "");
            outcome.Counts.RouterTrades.ShouldBeGreaterThan(5);
            sum += outcome.Counts;
        }

        output.WriteLine($"{sum}");
    }

    [Fact]
    public void UnroutedSeed_HasNoTradeOfTheRouter() =>
        FaultRun.Of(FaultPlan.Of(5, Duration, FaultSettings.Venues), new()).Counts.RouterTrades.ShouldBe(0);

    [Fact]
    public void LegSentTwice_IsFound() => Breaks(FaultRule.RouterLegs, Mutant.OfPipeline(decision =>
        decision is OrderIntent { Kind: OrderIntentKind.Place, TimeInForce: TimeInForce.ImmediateOrCancel } leg
            ? [leg, leg with { ClientOrderId = leg.ClientOrderId + "0", SizeLots = 10 }]
            : [decision]));

    [Fact]
    public void SecondLegThatIsNeverSent_IsFound()
    {
        var second = "";
        Breaks(FaultRule.RouterExposure, Mutant.OfPipeline(decision =>
        {
            if (decision is RouteLegSent { Purpose: not RoutePurpose.First } leg) second = leg.ClientOrderId;
            return decision is OrderIntent { TimeInForce: TimeInForce.ImmediateOrCancel } order && order.ClientOrderId == second ? [] : [decision];
        }));
    }

    [Fact]
    public void TradeLeftOpenWithoutAWord_IsFound() => Breaks(FaultRule.RouterExposure, Mutant.OfPipeline(decision =>
        [decision is RouteOutcome outcome ? outcome with { Result = RouteResult.LeftOpen } : decision]));

    [Fact]
    public void TradesThatDoNotAddUp_AreFound() => Breaks(FaultRule.RouterLegs, Mutant.OfPipeline(decision =>
        [decision is RouteOutcome outcome ? outcome with { Bought = outcome.Bought + 0.1m } : decision]));

    [Fact]
    public void OtherTradeBesideOneInFlight_IsFound() => Breaks(FaultRule.RouterLegs, Mutant.OfPipeline(decision =>
        decision is RouteIntent intent ? [intent, intent with { Trade = intent.Trade + 1 }] : [decision]));

    private static void Breaks(FaultRule rule, FaultSettings mutant) =>
        FaultRun.Of(new(Seed: 4, Duration, []), mutant).Violation.ShouldNotBeNull().Rule.ShouldBe(rule);
}
