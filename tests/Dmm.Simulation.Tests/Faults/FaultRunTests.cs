using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Faults;

/// <summary>The whole pipeline at venues that fail: seeds that are always run, and some that nobody has run before.</summary>
public sealed class FaultRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(90);

    [Fact]
    public void KnownSeeds_HoldEveryInvariant() => Holds(firstSeed: 1, seeds: 4);

    [Fact]
    public void SeedsOfTheDay_HoldEveryInvariant()
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd00", CultureInfo.InvariantCulture);
        Holds(long.Parse(today, CultureInfo.InvariantCulture), seeds: 2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void CalmMarketUnderTightCaps_MostlyLeavesTheLadderAlone(long seed)
    {
        var outcome = FaultRun.Of(new(seed, Duration, []), new());
        outcome.Violation.ShouldBeNull();
        // If each refresh laid both sides anew; an answer that makes us follow ourselves comes to more than that.
        var levels = 2 * FaultSettings.Parameters.Quote.LevelMultiples.Length;
        var everyRefresh = levels * FaultSettings.Parameters.Venues.Sum(v => Duration / v.RefreshInterval);
        output.WriteLine($"seed {seed}: {outcome.Counts.Orders} orders; {everyRefresh} would be one for each level at each refresh");
        outcome.Counts.Orders.ShouldBeInRange(1, (long)everyRefresh / 4);
    }

    [Fact]
    public void EqualPlans_GiveEqualRuns()
    {
        var plan = FaultPlan.Of(42, Duration, FaultSettings.Venues);
        var crash = new Fault(1_000, FaultKind.Crash, "", FaultPlan.WarmUp + TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(3), 1);
        plan = plan with { Faults = plan.Faults.Add(crash) };
        var (first, second) = (new FaultTimeline(), new FaultTimeline());
        var outcome = FaultRun.Of(plan, new(), first);
        FaultRun.Of(plan, new(), second).ShouldBe(outcome);
        outcome.Counts.Crashes.ShouldBeGreaterThan(0);
        second.Of(End).ShouldBe(first.Of(End));
    }

    [Fact]
    public void EveryKindOfFault_IsPlanned_AndEndsWithTheTrading()
    {
        var plans = Enumerable.Range(1, 20).Select(seed => FaultPlan.Of(seed, Duration, FaultSettings.Venues)).ToArray();
        plans.SelectMany(p => p.Faults).Select(f => f.Kind).Distinct().Order().ShouldBe(Enum.GetValues<FaultKind>());
        plans.SelectMany(p => p.Faults.Select(f => p.TradingEnd - f.At - f.For)).ShouldAllBe(left => left >= TimeSpan.Zero);
        plans.SelectMany(p => p.Faults).ShouldAllBe(f => f.At >= FaultPlan.WarmUp && f.Chance >= 0.2 && f.Chance <= 1);
    }

    [Fact]
    public void FailingPlan_IsShrunkToWhatItTakes()
    {
        // Only a kill shows that the kill is not heard.
        var deaf = Mutant.Deaf(input => input is not { Kind: InputKind.Control, Control: OperatorCommand { Action: OperatorAction.Kill } });
        var plan = FaultPlan.Of(5, Duration, FaultSettings.Venues);
        var kill = new Fault(1_000, FaultKind.Kill, "", FaultPlan.WarmUp + TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), 1);
        plan = plan with { Faults = [.. plan.Faults.Where(f => f.Kind is not (FaultKind.Kill or FaultKind.Crash)), kill] };
        var found = FaultRun.Of(plan, deaf);
        found.Violation.ShouldNotBeNull().Rule.ShouldBe(FaultRule.Latch);

        var shrunk = FaultShrinker.Shrink(found, deaf);

        plan.Faults.Length.ShouldBeGreaterThan(10);
        shrunk.Plan.Faults.Length.ShouldBeLessThan(4);
        shrunk.Plan.Faults.ShouldContain(f => f.Number == 1_000);
        shrunk.Plan.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(40));
        shrunk.Violation.ShouldNotBeNull().Rule.ShouldBe(FaultRule.Latch);
        FaultRun.Of(shrunk.Plan, deaf).ShouldBe(shrunk);
    }

    private static FaultViolation End => new(FaultRule.Fault, TimeSpan.Zero, "", "");

    private void Holds(long firstSeed, int seeds)
    {
        var campaign = new FaultCampaign { FirstSeed = firstSeed, Seeds = seeds, Duration = Duration, Threads = Environment.ProcessorCount };
        var report = campaign.Run(_ => { });
        output.WriteLine($"seeds {firstSeed} to {firstSeed + seeds - 1}: {report.Counts}");
        report.Failures.ShouldBeEmpty(string.Join('\n', report.Failures.SelectMany(f => (string[])
        [
            $"seed {f.Found.Plan.Seed}: {f.Found.Violation}", $"shrunk: {f.Shrunk.Violation}", .. f.Shrunk.Plan.Faults.Select(x => x.ToString()),
            .. f.Timeline.Select(l => l.ToString()),
        ])));
        report.Counts.Fills.ShouldBeGreaterThan(10 * seeds);
        report.Counts.Crashes.ShouldBeGreaterThan(0);
    }
}
