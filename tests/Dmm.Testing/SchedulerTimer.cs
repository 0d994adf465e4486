using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Dmm.Testing;

internal sealed class SchedulerTimer(IScheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    private readonly SerialDisposable _next = new();
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        CheckTime(dueTime, nameof(dueTime));
        CheckTime(period, nameof(period));
        if (_next.IsDisposed)
            return false;
        _period = period;
        Schedule(dueTime);
        return true;
    }

    public void Dispose() => _next.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Schedule(TimeSpan dueTime) => _next.Disposable = dueTime == Timeout.InfiniteTimeSpan
        ? Disposable.Empty
        : scheduler.Schedule(this, dueTime, static (_, timer) => timer.Ring());

    private IDisposable Ring()
    {
        // Before the callback, which may itself change or dispose the timer.
        Schedule(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
        callback(state);
        return Disposable.Empty;
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "A time is zero or more, or infinite.");
    }
}
