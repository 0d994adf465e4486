using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>Decisions that a run must have made, as the next run counts on from them, but that were not recorded before a crash.</summary>
/// <param name="First">Number of the first one missing.</param>
/// <param name="Last">Number of the last one missing.</param>
/// <param name="Text">Says where the record ends and where the count goes on.</param>
public readonly record struct DecisionShortfall(long First, long Last, string Text);

/// <summary>
/// Reads a journal as a stream, in bounded memory. Each enumeration ends at what is written when it gets there; to follow a live journal, ask again
/// from the last record taken. A record that is damaged, missing, doubled or out of order throws <see cref="JournalException"/> with its place; a
/// last record that is not written whole counts as not yet written. Not thread-safe.
/// </summary>
public interface IJournalReader
{
    /// <summary>The headers of all runs, oldest first.</summary>
    IEnumerable<RunHeader> Runs();

    /// <summary>Number of the run in progress at that time: the last one that had started; null when the journal begins later.</summary>
    long? RunAt(Timestamp at);

    /// <summary>One run, from its header to its last record.</summary>
    IEnumerable<JournalRecord> Inputs(long run);

    /// <summary>
    /// From the first record whose stamp has that sequence to the end of the journal, over runs; 0 is before the first input ever taken.
    /// </summary>
    IEnumerable<JournalRecord> InputsFrom(long sequence);

    /// <summary>From the first record at or after that time to the end of the journal, over runs.</summary>
    IEnumerable<JournalRecord> InputsFrom(Timestamp at);

    /// <summary>The decisions of one run.</summary>
    IEnumerable<Decision> Decisions(long run);

    /// <summary>
    /// From the decision with that number to the end of the journal, over runs; the first number present, where a crash lost that one.
    /// </summary>
    IEnumerable<Decision> DecisionsFrom(long number);

    /// <summary>What a crash cut off the decisions of that run: known once the next run has begun; a replay derives them again.</summary>
    DecisionShortfall? Shortfall(long run);
}
