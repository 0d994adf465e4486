using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

public enum FenceVerdict : byte
{
    /// <summary>It is the next record, or would be: the order of records is checked elsewhere.</summary>
    Taken,

    /// <summary>Its writer had lost the journal to a higher epoch.</summary>
    Fenced,

    /// <summary>A record with that number was taken: it was sent twice.</summary>
    Repeated,
}

/// <summary>
/// What counts in a log that anybody may append to: no record of a lower epoch after a higher one, and each number once. Clock records that get no
/// further than the one before are not written to such a log, so that one which does not is a repetition.
/// </summary>
/// <param name="Epoch">The highest seen; 0 before the first message.</param>
/// <param name="Position">How far the records taken reach; its run is 0 before the first.</param>
public readonly record struct JournalFence(long Epoch, JournalPosition Position)
{
    public FenceVerdict Judge(long epoch, in JournalLineHead head) =>
        epoch < Epoch ? FenceVerdict.Fenced
        : Position.Run > 0 && IsWithin(Position, head) ? FenceVerdict.Repeated
        : FenceVerdict.Taken;

    public JournalFence Claimed(long epoch) => this with { Epoch = Math.Max(Epoch, epoch) };

    /// <param name="epoch">The writer's.</param>
    /// <param name="run">The run that the record belongs to.</param>
    /// <param name="head">The record, which was judged to be taken.</param>
    public JournalFence After(long epoch, long run, in JournalLineHead head) =>
        new(Math.Max(Epoch, epoch), JournalOrder.After(Position, head) with { Run = run });

    /// <summary>Whether a journal that reaches so far has that record.</summary>
    public static bool IsWithin(in JournalPosition position, in JournalLineHead head) => head.Kind switch
    {
        JournalKind.Run => head.Run <= position.Run,
        JournalKind.Clock => head.Sequence < position.Sequence || (head.Sequence == position.Sequence && head.At <= position.ReachedAt),
        _ when head.IsDecision => head.Number <= position.Decision,
        _ => head.Sequence <= position.Sequence,
    };
}
