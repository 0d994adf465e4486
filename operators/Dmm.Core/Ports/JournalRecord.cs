using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>Where a stamped input came from.</summary>
public enum InputOrigin : byte
{
    /// <summary>From a source: a replay must be given it.</summary>
    Outside,

    /// <summary>From the engine itself, over its local queue: a replay derives it again and compares.</summary>
    Feedback,
}

public enum JournalRecordKind : byte
{
    /// <summary>A run begins.</summary>
    Run,
    Input,

    /// <summary>The engine's clock got this far, without an input.</summary>
    Clock,
}

/// <summary>One record of the input journal.</summary>
public readonly record struct JournalRecord
{
    public JournalRecord(RunHeader header) =>
        (Kind, Header, Stamp) = (JournalRecordKind.Run, header, new(header.NextSequence - 1, header.StartedAt));

    public JournalRecord(in Stamp stamp, in Input input, InputOrigin origin) =>
        (Kind, Stamp, Input, Origin) = (JournalRecordKind.Input, stamp, input, origin);

    /// <param name="reached">The last sequence taken, and the time reached.</param>
    public JournalRecord(in Stamp reached) => (Kind, Stamp) = (JournalRecordKind.Clock, reached);

    public JournalRecordKind Kind { get; }

    /// <summary>
    /// The stamp of an input; of a clock record or a run's header the last sequence taken and the time reached. Over the whole journal neither part
    /// ever falls.
    /// </summary>
    public Stamp Stamp { get; }

    /// <summary>Set where the record is a run's.</summary>
    public RunHeader? Header { get; }

    /// <summary>Set where the record is an input's; the levels of a book update are valid until the next record is taken.</summary>
    public Input Input { get; }

    public InputOrigin Origin { get; }
}

/// <summary>How far a journal reaches; zeros where it holds nothing yet.</summary>
/// <param name="Run">The last run begun.</param>
/// <param name="Sequence">The last input's.</param>
/// <param name="ReachedAt">The latest time in it, of an input, a clock record or a run's start.</param>
/// <param name="Decision">The last decision's number.</param>
public readonly record struct JournalPosition(long Run, long Sequence, Timestamp ReachedAt, long Decision);
