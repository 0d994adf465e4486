using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Pipeline.Replay;

/// <summary>A part of a journal that can be replayed: whole runs but for the end of the last.</summary>
/// <param name="First">The run that it begins with; all of it before the time of interest is warm-up.</param>
/// <param name="To">The last instant.</param>
internal sealed record ReplayRange(RunHeader First, Timestamp To)
{
    /// <summary>From the first run's header to the last record at or before <see cref="To"/>, over runs.</summary>
    public IEnumerable<JournalRecord> Records(IJournalReader journal) =>
        // The sequence before a run's first input is that of the run before, too, whose end comes along.
        journal.InputsFrom(First.NextSequence - 1).SkipWhile(record => record.Header?.Run != First.Run).TakeWhile(record => record.Stamp.At <= To);
}
