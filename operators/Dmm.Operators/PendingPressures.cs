using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class PendingPressuresOperator
{
    /// <summary>
    /// How far swaps on their way may move each pool, by <see cref="PendingSwaps"/>, whenever that changes.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; the timer of swaps that are known is armed |
    /// | a swap is seen, a trace is gone | one item for each pool where it changes something |
    /// | another message | nothing |
    /// | a second of a swap's age, its deadline, its end | one item for each pool where that changes something, at that very instant |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | forwarded at once, the timer is dropped |
    /// </summary>
    /// <param name="messages">Uses PendingSwap and PendingSwapGone; passes over the rest.</param>
    /// <param name="port">State; <see cref="PendingSwapsState.Empty"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<PendingPressure> PendingPressures(
        this IObservable<ControlMessage> messages, StatePort<PendingSwapsState> port, IScheduler scheduler) =>
        Observable.Create<PendingPressure>(observer =>
        {
            var run = new Run(port.Initial, scheduler, observer);
            return StableCompositeDisposable.Create(
                messages.Subscribe(run.Take, observer.OnError, observer.OnCompleted), run, port.Attach(() => run.State));
        });

    private sealed class Run : IDisposable
    {
        private readonly IScheduler _scheduler;
        private readonly IObserver<PendingPressure> _observer;
        private readonly LazyTimer _timer;

        public Run(PendingSwapsState state, IScheduler scheduler, IObserver<PendingPressure> observer)
        {
            (State, _scheduler, _observer) = (state, scheduler, observer);
            _timer = new(scheduler, () => Emit(PendingSwaps.Elapse(State, Now), Now));
            _timer.Arm(PendingSwaps.NextDue(State, Now));
        }

        public PendingSwapsState State { get; private set; }

        private Timestamp Now => Timestamp.From(_scheduler.Now);

        public void Take(ControlMessage message) => Emit(PendingSwaps.Take(State, message, Now), Now);

        public void Dispose() => _timer.Dispose();

        // Armed before anything is delivered, so that a subscriber that leaves meanwhile takes the timer with it.
        private void Emit((PendingSwapsState State, ImmutableArray<PendingPressure> Changes) step, Timestamp now)
        {
            State = step.State;
            _timer.Arm(PendingSwaps.NextDue(State, now));
            foreach (var change in step.Changes) _observer.OnNext(change);
        }
    }
}
