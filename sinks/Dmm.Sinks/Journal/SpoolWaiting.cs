using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>What a spool holds and the journal does not have yet.</summary>
/// <param name="Records">Inputs and decisions.</param>
/// <param name="Since">The journal has everything up to here, so that nothing waits for longer; meaningless while nothing waits.</param>
public readonly record struct SpoolWaiting(long Records, Timestamp Since);

/// <summary>The same where one thread writes and others read; writing allocates nothing.</summary>
internal sealed class SpoolWaitingCell
{
    private readonly Lock _lock = new();
    private SpoolWaiting _waiting;

    public SpoolWaiting Read()
    {
        lock (_lock) return _waiting;
    }

    /// <param name="reached">Where the spool ends.</param>
    /// <param name="given">As far as the journal has it.</param>
    public void Write(in JournalPosition reached, in JournalPosition given)
    {
        var records = Math.Max(0, reached.Sequence - given.Sequence) + Math.Max(0, reached.Decision - given.Decision);
        lock (_lock) _waiting = new(records, given.ReachedAt);
    }

    public void Clear()
    {
        lock (_lock) _waiting = default;
    }
}
