using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Dmm.Operators;

public static class AtOnceOperator
{
    /// <summary>
    /// One signal for all triggers of an instant, after the event that brought them has gone through the whole topology: what samples it then sees one
    /// consistent state.
    /// | Event | Behaviour |
    /// |---|---|
    /// | trigger | a timer without delay is set, unless one is pending |
    /// | the timer fires, at the same instant | one item |
    /// | OnError | forwarded at once; a pending signal is given up |
    /// | OnCompleted | forwarded, after a pending signal |
    /// </summary>
    /// <remarks>Nothing is pending between two instants, so there is no state for a snapshot.</remarks>
    public static IObservable<Unit> AtOnce<T>(this IObservable<T> triggers, IScheduler scheduler) => Observable.Create<Unit>(observer =>
    {
        var timer = new SerialDisposable();
        var isPending = false;
        var hasCompleted = false;
        return StableCompositeDisposable.Create(timer, triggers.Subscribe(
            _ =>
            {
                if (isPending) return;
                isPending = true;
                timer.Disposable = scheduler.Schedule(Fire);
            },
            error =>
            {
                timer.Dispose();
                observer.OnError(error);
            },
            () =>
            {
                hasCompleted = true;
                if (!isPending) observer.OnCompleted();
            }));

        void Fire()
        {
            isPending = false;
            observer.OnNext(Unit.Default);
            if (hasCompleted) observer.OnCompleted();
        }
    });
}
