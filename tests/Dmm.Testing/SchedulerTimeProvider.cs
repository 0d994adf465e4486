using System.Reactive.Concurrency;

namespace Dmm.Testing;

/// <summary>
/// Time and timers of an Rx scheduler for code that takes a <see cref="TimeProvider"/>, so that sources and sinks are tested on virtual time:
/// <c>Task.Delay</c>, <c>CancellationTokenSource</c> and <c>PeriodicTimer</c> end when the scheduler's clock is advanced. As thread-safe as the
/// scheduler, so over a virtual one not at all.
/// </summary>
/// <param name="scheduler">Gives the time and runs the timers' callbacks.</param>
public sealed class SchedulerTimeProvider(IScheduler scheduler) : TimeProvider
{
    /// <summary>Timestamps count ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, so that no test depends on where it runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The scheduler's time.</summary>
    public override DateTimeOffset GetUtcNow() => scheduler.Now.ToUniversalTime();

    /// <summary>The scheduler's time in ticks of 100 ns.</summary>
    public override long GetTimestamp() => scheduler.Now.UtcTicks;

    /// <summary>A timer whose callback the scheduler runs.</summary>
    /// <param name="callback">What to run.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="dueTime">Time to the first callback; zero is as soon as the scheduler can, <see cref="Timeout.InfiniteTimeSpan"/> never.</param>
    /// <param name="period">Time between callbacks; zero and <see cref="Timeout.InfiniteTimeSpan"/> mean that there is one only.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not infinite.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SchedulerTimer(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
