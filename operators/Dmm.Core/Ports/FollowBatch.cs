using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>One engine's journal, as a sink that follows journals tells it from others.</summary>
/// <param name="Name">Stable name, such as the folder of a run of the process.</param>
/// <param name="Number">Rises from an older journal to a newer one: the newer one's state prevails.</param>
/// <param name="Ledger">
/// The account that fills and positions belong to. Journals that continue each other share one; a simulated market that begins anew, with trade
/// ids that
/// begin anew, has its own.
/// </param>
public sealed record FollowedJournal(string Name, long Number, string Ledger);

/// <summary>How far a journal has been taken, each number that of the last record; 0 for none.</summary>
/// <param name="Run">The last run whose header was taken.</param>
/// <param name="Sequence">The last input.</param>
/// <param name="Decision">The last decision.</param>
public readonly record struct FollowCursor(long Run, long Sequence, long Decision);

/// <summary>A run's header, a control message or a decision. Market data is left out: the journal has it.</summary>
public readonly record struct FollowedRecord
{
    private readonly JournalRecord _journal;
    private readonly Decision _decision;

    /// <param name="journal">A run's header or a control message.</param>
    public FollowedRecord(in JournalRecord journal) => _journal = journal;

    public FollowedRecord(in Decision decision) => (_decision, IsDecision) = (decision, true);

    public bool IsDecision { get; }

    public Decision Decision => IsDecision ? _decision : throw new InvalidOperationException($"this record is a {_journal.Kind}, not a decision");

    public JournalRecord Journal => IsDecision ? throw new InvalidOperationException("this record is a decision") : _journal;

    /// <summary>Whether a sink that has got so far has taken this record.</summary>
    public bool IsWithin(in FollowCursor cursor) => IsDecision ? _decision.Number <= cursor.Decision
        : _journal.Header is { } header ? header.Run <= cursor.Run
        : _journal.Stamp.Sequence <= cursor.Sequence;
}

/// <summary>A stretch of a journal, in the one order in which its records came to be: each input before the decisions it led to.</summary>
public sealed record FollowBatch
{
    public required FollowedJournal Journal { get; init; }

    /// <summary>Header of the run that the first record belongs to; the first record itself where the journal begins.</summary>
    public required RunHeader Run { get; init; }

    /// <summary>All records up to here came in batches before.</summary>
    public required FollowCursor From { get; init; }

    /// <summary>All records up to here are in this batch or came before it.</summary>
    public required FollowCursor To { get; init; }

    public required ImmutableArray<FollowedRecord> Records { get; init; }
}
