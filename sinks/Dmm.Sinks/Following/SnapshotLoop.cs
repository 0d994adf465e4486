namespace Dmm.Sinks.Following;

/// <summary>
/// Keeps the state of now for later: every minute, and once more at its disposal. Runs beside the trading and stops nothing.
/// <list type="table">
/// <item><term>a minute is over</term><description>the snapshots are read and written</description></item>
/// <item><term>reading or writing fails</term><description>told once with its reason, tried again a minute later; told again when it
/// works</description></item>
/// <item><term>writing takes longer than a minute</term><description>the next one begins a minute after it</description></item>
/// <item><term>disposal</term><description>waits for a write that goes on, then writes a last time; a failure is told</description></item>
/// </list>
/// </summary>
public sealed class SnapshotLoop : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    private readonly Func<IReadOnlyList<StateSnapshot>> _read;
    private readonly Action<IReadOnlyList<StateSnapshot>> _write;
    private readonly Action<FollowStatus> _onChange;
    private readonly Lock _writing = new();
    private readonly ITimer _timer;
    private FollowStatus _status = new(true, "");
    private bool _disposed;

    /// <param name="read">The state of now, an entry for each asset; called on the loop's thread.</param>
    /// <param name="write">Where it is kept; given the same again it must change nothing.</param>
    /// <param name="time">Gives the minutes.</param>
    /// <param name="onChange">Told when it fails, for another reason than before, or works again; on the loop's thread.</param>
    public SnapshotLoop(Func<IReadOnlyList<StateSnapshot>> read, Action<IReadOnlyList<StateSnapshot>> write, TimeProvider time,
        Action<FollowStatus> onChange)
    {
        (_read, _write, _onChange) = (read, write, onChange);
        _timer = time.CreateTimer(static loop => ((SnapshotLoop)loop!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes a last time.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
            Take();
        }
    }

    private void Tick()
    {
        lock (_writing)
        {
            if (_disposed) return;
            Take();
            // One shot after the other: a write that takes long is not overtaken by the next.
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Take()
    {
        try
        {
            var snapshots = _read();
            if (snapshots.Count > 0) _write(snapshots);
            if (!_status.IsWorking) Tell(new(true, $"snapshots of the state are written again: {snapshots.Count}"));
        }
        catch (Exception failure)
        {
            // Whatever it is: it must not end the process that trades.
            Tell(new(false, $"the state is not kept: {failure.Message}"));
        }
    }

    private void Tell(FollowStatus status)
    {
        if (status == _status) return;
        _status = status;
        _onChange(status);
    }
}
