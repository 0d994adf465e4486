using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <summary>
/// One subscription of a control: the kernel, its place in the snapshot, and at most one pending timer. What the kernel throws is a defect, and is forwarded
/// as OnError.
/// </summary>
internal sealed class BreakerRun<TInput, TState>(IBreaker<TInput, TState> breaker, IScheduler scheduler, IObserver<BreakerState> observer) : IDisposable
    where TState : notnull
{
    private readonly SerialDisposable _timer = new();
    private Timestamp _armedFor = Timestamp.None;

    public static IObservable<BreakerState> Over(
        IObservable<TInput> inputs, Func<TState, IBreaker<TInput, TState>> create, StatePort<TState> port, IScheduler scheduler) =>
        Observable.Create<BreakerState>(observer =>
        {
            var breaker = create(port.Initial);
            var run = new BreakerRun<TInput, TState>(breaker, scheduler, observer);
            run.Arm();
            return StableCompositeDisposable.Create(
                inputs.Subscribe(run.Take, run.Fail, run.Complete), run, port.Attach(breaker.Capture));
        });

    public void Dispose() => _timer.Dispose();

    private void Take(TInput input)
    {
        ImmutableArray<BreakerState> changes;
        try
        {
            changes = breaker.Take(input, Timestamp.From(scheduler.Now));
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        Emit(changes);
    }

    private void Fail(Exception error)
    {
        Dispose();
        observer.OnError(error);
    }

    private void Complete()
    {
        Dispose();
        observer.OnCompleted();
    }

    // A timer that is pending for an earlier instant stays: it finds nothing due then, and arms the next.
    private void Arm()
    {
        var due = breaker.NextDue;
        if (!due.IsKnown || (_armedFor.IsKnown && _armedFor <= due)) return;
        _armedFor = due;
        _timer.Disposable = scheduler.Schedule(due.ToDateTimeOffset(), Fire);
    }

    private void Fire()
    {
        _armedFor = Timestamp.None;
        Emit(breaker.Elapse(Timestamp.From(scheduler.Now)));
    }

    // Armed before anything is delivered, so that a subscriber that leaves meanwhile takes the timer with it.
    private void Emit(ImmutableArray<BreakerState> changes)
    {
        Arm();
        foreach (var change in changes) observer.OnNext(change);
    }
}
