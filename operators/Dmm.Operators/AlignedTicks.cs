using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;

namespace Dmm.Operators;

public static class AlignedTicksOperator
{
    /// <summary>
    /// The grid of a period: every whole multiple of it since 0001-01-01 UTC, at that exact time. Its phase follows from the clock alone, so there is
    /// nothing to restore. Drives the volatility samples and the refreshes.
    /// </summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | the first tick comes strictly later, also when the clock stands on the grid |
    /// | a tick is due | emits its time; one timer is pending at any time, and none is skipped when the clock moves on by several periods |
    /// | OnError, OnCompleted | never |
    /// | disposal | the timer goes |
    /// </remarks>
    /// <param name="period">Above zero.</param>
    /// <param name="scheduler">Clock and timers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above zero.</exception>
    public static IObservable<Timestamp> AlignedTicks(TimeSpan period, IScheduler scheduler)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return Observable.Create<Timestamp>(observer =>
        {
            var timer = new SerialDisposable();
            Arm(new((scheduler.Now.UtcTicks / period.Ticks + 1) * period.Ticks));
            return timer;

            void Arm(Timestamp due) => timer.Disposable = scheduler.Schedule(due.ToDateTimeOffset(), () =>
            {
                Arm(due + period);
                observer.OnNext(due);
            });
        });
    }
}
