using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>
/// A journal whose last run another writer of the same process may go on with: a spool is forwarded into the run it was written in.
/// </summary>
public interface IResumableJournal : IJournalWriter
{
    /// <summary>Goes on with the run that the journal ends with, in place of beginning the next; records nothing.</summary>
    /// <param name="header">Its number and its instruments count.</param>
    /// <exception cref="InvalidOperationException">The journal ends with another run.</exception>
    void ResumeRun(RunHeader header);
}
