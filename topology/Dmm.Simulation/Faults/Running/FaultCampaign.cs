using System.Collections.Immutable;

namespace Dmm.Simulation;

/// <summary>A seed at which an invariant did not hold.</summary>
/// <param name="Found">As the seed's own plan ran.</param>
/// <param name="Shrunk">The smallest plan found that breaks the same invariant; as found, where it was not shrunk.</param>
/// <param name="Timeline">What led to it in the shrunk run.</param>
public sealed record FaultFailure(FaultOutcome Found, FaultOutcome Shrunk, IReadOnlyList<FaultLine> Timeline);

/// <summary>What a campaign came to.</summary>
/// <param name="Counts">Of all runs together.</param>
/// <param name="Failures">By rising seed.</param>
public sealed record FaultReport(FaultCounts Counts, ImmutableArray<FaultFailure> Failures);

/// <summary>Fault simulations of many seeds. The report does not depend on the number of threads.</summary>
public sealed record FaultCampaign
{
    // To shrink a plan takes many runs; where many seeds fail, they mostly fail alike.
    private const int ShrunkMax = 3;

    public required long FirstSeed { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Of the trading in each run.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Runs at a time.</summary>
    public required int Threads { get; init; }

    public FaultSettings Settings { get; init; } = new();

    /// <param name="progress">Told after each run, by any thread, how many have ended.</param>
    public FaultReport Run(Action<int> progress)
    {
        var outcomes = new FaultOutcome[Seeds];
        var ended = 0;
        Parallel.For(0, Seeds, new() { MaxDegreeOfParallelism = Threads }, i =>
        {
            outcomes[i] = FaultRun.Of(FaultPlan.Of(FirstSeed + i, Duration, FaultSettings.Venues), Settings);
            progress(Interlocked.Increment(ref ended));
        });
        var counts = outcomes.Aggregate(default(FaultCounts), (sum, outcome) => sum + outcome.Counts);
        return new(counts, [.. outcomes.Where(o => o.Violation is not null).Select((failed, i) => Failure(failed, i < ShrunkMax))]);
    }

    private FaultFailure Failure(FaultOutcome found, bool isToShrink)
    {
        var shrunk = isToShrink ? FaultShrinker.Shrink(found, Settings) : found;
        var timeline = new FaultTimeline();
        FaultRun.Of(shrunk.Plan, Settings, timeline);
        return new(found, shrunk, timeline.Of(shrunk.Violation!));
    }
}
