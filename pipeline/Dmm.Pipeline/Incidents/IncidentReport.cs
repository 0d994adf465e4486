using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>The same inputs with other parameters.</summary>
/// <param name="Changes">What was changed.</param>
/// <param name="Recorder">What came of it.</param>
/// <param name="Failure">What ended it early; null when nothing did.</param>
/// <param name="UpdatesIgnored">Recorded order updates that were left out.</param>
internal sealed record WhatIfOutcome(WhatIfChanges Changes, IncidentRecorder Recorder, string? Failure, long UpdatesIgnored);

/// <summary>What happened in a part of a journal: derived again, and looked into.</summary>
internal sealed record IncidentReport
{
    public required string Source { get; init; }

    public required IncidentOptions Options { get; init; }

    public required JournalVerification Verification { get; init; }

    public required IncidentRecorder Recorded { get; init; }

    /// <summary>Null when nothing was to be tried.</summary>
    public required WhatIfOutcome? WhatIf { get; init; }

    /// <summary>
    /// The rules of <see cref="WhatIf"/> with the parameters as they were: what differs from it follows from the parameters alone. Null without a
    /// what-if, and for runs in shadow, where the record itself is that.
    /// </summary>
    public required WhatIfOutcome? Unchanged { get; init; }

    public required Moment Moment { get; init; }

    public Timestamp From => Options.From;

    public Timestamp To => Options.To;

    public InstrumentCatalog Instruments => Options.Range.First.Instruments;

    public string Asset => Instruments.All[0].BaseAsset;

    public TradingMode Mode => Options.Range.First.Mode;

    /// <summary>From the start of the run in progress to the range: replayed to be warm, and not reported.</summary>
    public TimeSpan WarmUp => TimeSpan.FromTicks(Math.Max(0, (From - Options.Range.First.StartedAt).Ticks));

    /// <summary>The controls with a band of their own: those that asked for anything, as recorded or as tried.</summary>
    public ImmutableArray<(BreakerKind Kind, string Subject)> Controls =>
        [.. Recorded.Tripped().Union(WhatIf?.Recorder.Tripped() ?? []).Order().Take(IncidentLimits.Controls)];

    /// <summary>Derives the range again, in one pass.</summary>
    /// <exception cref="BadInputException">Runs of the range trade different markets.</exception>
    public static IncidentReport Of(IJournalReader journal, string source, IncidentOptions options)
    {
        var first = options.Range.First;
        var recorded = new IncidentRecorder(first.Instruments, first.Parameters, options.From, options.To, options.At);
        using var changed = Branch(options, options.WhatIf);
        using var unchanged = Branch(options, options.WhatIf is not null && first.Mode != TradingMode.Shadow ? WhatIfChanges.None : null);
        var party = new Party(first, [recorded, .. new[] { changed, unchanged }.OfType<WhatIfBranch>().Select(branch => branch.Replay)]);
        var verification = JournalVerification.Of(journal, options.Range, options.Verifies, party);
        return new()
        {
            Source = source, Options = options, Verification = verification, Recorded = recorded, WhatIf = changed?.Outcome(),
            Unchanged = unchanged?.Outcome(), Moment = recorded.Moment.Result(options.To),
        };
    }

    private static WhatIfBranch? Branch(IncidentOptions options, WhatIfChanges? changes) => changes is null ? null : new(options, changes);

    /// <summary>One variant and where its outcome goes.</summary>
    private sealed class WhatIfBranch : IDisposable
    {
        private readonly WhatIfChanges _changes;
        private readonly IncidentRecorder _recorder;

        public WhatIfBranch(IncidentOptions options, WhatIfChanges changes)
        {
            var first = options.Range.First;
            _changes = changes;
            _recorder = new(first.Instruments, changes.Apply(first.Parameters), options.From, options.To, options.At);
            Replay = new(changes, _recorder);
        }

        public WhatIfReplay Replay { get; }

        public WhatIfOutcome Outcome() => new(_changes, _recorder, Replay.Failure, Replay.UpdatesIgnored);

        public void Dispose() => Replay.Dispose();
    }

    /// <summary>Several that go along, each told in turn.</summary>
    private sealed class Party(RunHeader first, IReadOnlyList<IReplayCompanion> members) : IReplayCompanion
    {
        public void OnRun(RunHeader header, Func<LiveOrdersState> orders)
        {
            if (!header.Instruments.All.SequenceEqual(first.Instruments.All))
                throw new BadInputException($"run {header.Run}, from {InstantText.Of(header.StartedAt)}, trades other markets than run {first.Run}: "
                    + "expected a range on one side of its start");
            foreach (var member in members) member.OnRun(header, orders);
        }

        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
            foreach (var member in members) member.OnInput(stamp, input, origin);
        }

        public void OnDecision(in Decision decision)
        {
            foreach (var member in members) member.OnDecision(decision);
        }

        public void OnTaken(in JournalRecord record)
        {
            foreach (var member in members) member.OnTaken(record);
        }
    }
}
