using Dmm.Core.Ports;
using Dmm.Sinks.Journal;

namespace Dmm.Pipeline.Running;

/// <summary>The journal of a run as its host holds it: that its last records cannot be written is said at the end, and hides nothing else.</summary>
internal sealed class RunJournalFile(RunFolder run) : IDisposable
{
    public SegmentJournalWriter Writer { get; } = SegmentJournalWriter.Open(new() { Directory = run.Journal });

    /// <summary>Why the journal lacks its end; null when it is whole, as far as is known yet.</summary>
    public string? Failure { get; private set; }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (JournalException unwritten)
        {
            Failure = unwritten.Message;
        }
    }
}
