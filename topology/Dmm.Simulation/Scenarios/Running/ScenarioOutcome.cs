using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>Where the market stood from then on.</summary>
/// <param name="At">When.</param>
/// <param name="Instrument">Which market.</param>
/// <param name="Mid">In its quote asset.</param>
public readonly record struct MidPoint(Timestamp At, InstrumentId Instrument, double Mid);

/// <summary>What the desk really held from then on, DCT.</summary>
public readonly record struct InventoryPoint(Timestamp At, double Inventory);

/// <summary>The course of one scenario.</summary>
public sealed record ScenarioOutcome
{
    public required Scenario Scenario { get; init; }

    /// <summary>When the warm-up ended: time zero of the scenario.</summary>
    public required Timestamp Zero { get; init; }

    /// <summary>In the order of their times, from time zero on.</summary>
    public required ImmutableArray<TimelineEntry> Timeline { get; init; }

    /// <summary>All decisions that left the pipeline, warm-up included.</summary>
    public required IReadOnlyList<Decision> Decisions { get; init; }

    public required IReadOnlyList<MidPoint> Mids { get; init; }

    public required IReadOnlyList<InventoryPoint> Inventories { get; init; }

    /// <summary>How many expectations were met.</summary>
    public int MetCount => Timeline.Count(e => e.Kind == TimelineKind.Met);

    public IEnumerable<TimelineEntry> Failures => Timeline.Where(e => e.Kind == TimelineKind.Failed);

    public bool HasPassed => !Failures.Any();

    /// <summary>Does nothing when every expectation was met.</summary>
    /// <exception cref="ScenarioFailedException">One was not; the message holds the timeline.</exception>
    public ScenarioOutcome ThrowIfFailed() => HasPassed ? this : throw new ScenarioFailedException(this);
}

/// <summary>A scenario did not go as expected; the message tells its whole course.</summary>
public sealed class ScenarioFailedException(ScenarioOutcome outcome)
    : Exception($"scenario '{outcome.Scenario.Name}' failed, seed {outcome.Scenario.Seed}:\n{Timeline.Write(outcome.Timeline)}")
{
    public ScenarioOutcome Outcome { get; } = outcome;
}

/// <summary>A scenario cannot be played as it is written.</summary>
public sealed class ScenarioScriptException(Scenario scenario, IReadOnlyList<ScenarioFault> faults)
    : Exception($"scenario '{scenario.Name}': {faults.Count} fault(s)\n  " + string.Join("\n  ", faults.Select(f => f.Text)))
{
    public IReadOnlyList<ScenarioFault> Faults { get; } = faults;
}
