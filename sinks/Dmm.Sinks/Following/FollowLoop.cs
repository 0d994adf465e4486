using Dmm.Core.Ports;

namespace Dmm.Sinks.Following;

/// <summary>How following stands.</summary>
/// <param name="IsWorking">The last pass took all there was.</param>
/// <param name="Detail">Why not, in words; how far it got, where it works again.</param>
public sealed record FollowStatus(bool IsWorking, string Detail);

/// <summary>
/// Keeps a sink up with a journal that is being written, once a second, on threads of its own: a broken sink stops nothing but itself. What
/// journals of earlier processes have left is taken first.
/// <list type="table">
/// <item><term>sink cannot be written</term><description>told once with its reason, tried again every second; told again when it
/// works</description></item>
/// <item><term>an earlier journal is damaged</term><description>told, and left out until the next start</description></item>
/// <item><term>disposal, after the journal's writer</term><description>takes the rest; a failure is told, and the next start goes on from
/// there</description></item>
/// </list>
/// </summary>
public sealed class FollowLoop : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _sink;
    private readonly Queue<JournalFollower> _earlier;
    private readonly JournalFollower _current;
    private readonly Action<FollowStatus> _onChange;
    private readonly Lock _passing = new();
    private readonly ITimer _timer;
    private bool _disposed;

    /// <param name="sink">What the sink is called in words, such as <c>the archive</c>.</param>
    /// <param name="earlier">Journals that nobody writes any more, oldest first.</param>
    /// <param name="current">The journal being written.</param>
    /// <param name="time">Gives the seconds.</param>
    /// <param name="onChange">Told when the sink fails, for another reason than before, or works again; on the loop's thread.</param>
    public FollowLoop(string sink, IEnumerable<JournalFollower> earlier, JournalFollower current, TimeProvider time, Action<FollowStatus> onChange)
    {
        (_sink, _earlier, _current, _onChange) = (sink, new(earlier), current, onChange);
        _timer = time.CreateTimer(static loop => ((FollowLoop)loop!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How following stands after the last pass.</summary>
    public FollowStatus Status { get; private set; } = new(true, "");

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
            Tell(new(true, $"{_sink} works again: {_current.Journal.Name} is taken up to input {_current.Position.Sequence}"));
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
            catch (Exception failure) when (failure is not SinkException)
            {
                _onChange(new(false, $"{journal.Journal.Name} is left out of {_sink} until the next start: {failure.Message}"));
            }
        }
    }

    private void Tell(FollowStatus status)
    {
        if (status.IsWorking == Status.IsWorking && status.Detail == Status.Detail) return;
        Status = status;
        _onChange(status);
    }
}
