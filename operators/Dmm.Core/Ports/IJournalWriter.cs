using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>
/// Records what enters the engine and what it decides, by one writer at a time. A call either takes its record whole or throws and changes nothing:
/// <see cref="JournalException"/> where the journal cannot be written, <see cref="InvalidOperationException"/> where the record does not follow the
/// one before (sequence and decision number rise by one, time rises strictly from input to input), which is a bug of the caller.
/// What was taken outlives the process once <see cref="Flush"/> has returned; inputs get there before the decisions they led to. Not thread-safe.
/// </summary>
public interface IJournalWriter : IDisposable
{
    /// <summary>The last records taken, also by writers before this one.</summary>
    JournalPosition Position { get; }

    /// <summary>Begins the next run; what follows belongs to it. Nothing can be appended before the first call.</summary>
    void BeginRun(RunHeader header);

    void Append(in Stamp stamp, in Input input, InputOrigin origin);

    /// <summary>Records how far the clock got: before effects of a timer leave the process, and when a run closes.</summary>
    void AppendClock(Timestamp reachedAt);

    void Append(in Decision decision);

    /// <summary>Returns once all that was taken would survive the end of the process (or more, as the implementation is configured).</summary>
    void Flush();
}
