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
/// One subscription of a control: the kernel, its place in the snapshot, and its timer. What the kernel throws is a defect, and is forwarded as
/// OnError.
/// </summary>
internal sealed class BreakerRun<TInput, TState> : IDisposable
    where TState : notnull
{
    private readonly IBreaker<TInput, TState> _breaker;
    private readonly IScheduler _scheduler;
    private readonly IObserver<BreakerState> _observer;
    private readonly LazyTimer _timer;

    private BreakerRun(IBreaker<TInput, TState> breaker, IScheduler scheduler, IObserver<BreakerState> observer)
    {
        (_breaker, _scheduler, _observer) = (breaker, scheduler, observer);
        _timer = new(scheduler, () => Emit(_breaker.Elapse(Timestamp.From(_scheduler.Now))));
        _timer.Arm(breaker.NextDue);
    }

    public static IObservable<BreakerState> Over(
        IObservable<TInput> inputs, Func<TState, IBreaker<TInput, TState>> create, StatePort<TState> port, IScheduler scheduler) =>
        Observable.Create<BreakerState>(observer =>
        {
            var breaker = create(port.Initial);
            var run = new BreakerRun<TInput, TState>(breaker, scheduler, observer);
            return StableCompositeDisposable.Create(
                inputs.Subscribe(run.Take, observer.OnError, observer.OnCompleted), run, port.Attach(breaker.Capture));
        });

    public void Dispose() => _timer.Dispose();

    private void Take(TInput input)
    {
        ImmutableArray<BreakerState> changes;
        try
        {
            changes = _breaker.Take(input, Timestamp.From(_scheduler.Now));
        }
        catch (Exception error)
        {
            _observer.OnError(error);
            return;
        }

        Emit(changes);
    }

    // Armed before anything is delivered, so that a subscriber that leaves meanwhile takes the timer with it.
    private void Emit(ImmutableArray<BreakerState> changes)
    {
        _timer.Arm(_breaker.NextDue);
        foreach (var change in changes) _observer.OnNext(change);
    }
}
