using Dmm.Core.Ports;

namespace Dmm.Sinks.Archive;

/// <summary>How archiving stands.</summary>
/// <param name="IsWorking">The last pass took all there was.</param>
/// <param name="Detail">Why not, in words; how far it got, where it works again.</param>
public sealed record ArchiveStatus(bool IsWorking, string Detail);

/// <summary>
/// Keeps an archive up with a journal that is being written, once a second, on threads of its own: a broken archive stops nothing but itself. What
/// journals of earlier processes have left is taken first.
/// <list type="table">
/// <item><term>archive cannot be written</term><description>told once with its reason, tried again every second; told again when it
/// works</description></item>
/// <item><term>an earlier journal is damaged</term><description>told, and left out until the next start</description></item>
/// <item><term>disposal, after the journal's writer</term><description>takes the rest; a failure is told, and the next start goes on from
/// there</description></item>
/// </list>
/// </summary>
public sealed class ArchiveLoop : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Queue<ArchiveFollower> _earlier;
    private readonly ArchiveFollower _current;
    private readonly Action<ArchiveStatus> _onChange;
    private readonly Lock _passing = new();
    private readonly ITimer _timer;
    private bool _disposed;

    /// <param name="earlier">Journals that nobody writes any more, oldest first.</param>
    /// <param name="current">The journal being written.</param>
    /// <param name="time">Gives the seconds.</param>
    /// <param name="onChange">Told when archiving fails, for another reason than before, or works again; on the loop's thread.</param>
    public ArchiveLoop(IEnumerable<ArchiveFollower> earlier, ArchiveFollower current, TimeProvider time, Action<ArchiveStatus> onChange)
    {
        (_earlier, _current, _onChange) = (new(earlier), current, onChange);
        _timer = time.CreateTimer(static loop => ((ArchiveLoop)loop!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How archiving stands after the last pass.</summary>
    public ArchiveStatus Status { get; private set; } = new(true, "");

    /// <summary>Takes the rest of the journal, whose writer must be disposed by now.</summary>
    public void Dispose()
    {
        lock (_passing)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
            Pass(isClosed: true);
        }
    }

    private void Tick()
    {
        lock (_passing)
        {
            if (_disposed) return;
            Pass(isClosed: false);
            // One shot after the other: a pass that takes long is not overtaken by the next.
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Pass(bool isClosed)
    {
        try
        {
            TakeEarlier();
            _current.CatchUp(isClosed);
            if (Status.IsWorking) return;
            Tell(new(true, $"the archive works again: {_current.Journal.Name} is taken up to input {_current.Position.Sequence}"));
        }
        catch (Exception failure)
        {
            // Whatever it is: it must not end the process that trades.
            Tell(new(false, failure.Message));
        }
    }

    private void TakeEarlier()
    {
        for (; _earlier.TryPeek(out var journal); _earlier.Dequeue())
        {
            try
            {
                journal.CatchUp(isClosed: true);
            }
            catch (Exception failure) when (failure is not ArchiveException)
            {
                _onChange(new(false, $"{journal.Journal.Name} is left out of the archive until the next start: {failure.Message}"));
            }
        }
    }

    private void Tell(ArchiveStatus status)
    {
        if (status.IsWorking == Status.IsWorking && status.Detail == Status.Detail) return;
        Status = status;
        _onChange(status);
    }
}
