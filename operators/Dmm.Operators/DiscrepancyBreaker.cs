using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class DiscrepancyBreakerOperator
{
    /// <summary>
    /// Where each instrument's mid stands against the fair value, whenever that changes: halted after it was too far away for too long.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; a timer is armed when a mid is over its limit already |
    /// | mid | all instruments are judged against the fair value it brings; emits for each that recovers, or trips by a value that is no number |
    /// | a mid was over the limit for its time | emits at that very instant, though nothing arrives |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | completes, the timer is dropped |
    /// </summary>
    /// <param name="mids">One for each change of a book, also to say that there is no mid.</param>
    /// <param name="instruments">Names the instruments.</param>
    /// <param name="parameters">Limit, time, and the way back.</param>
    /// <param name="port">The breaker's state; <see cref="DiscrepancyBreakerState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<BreakerState> DiscrepancyBreaker(
        this IObservable<VenueMid> mids, InstrumentCatalog instruments, BreakerParameters parameters, StatePort<DiscrepancyBreakerState> port,
        IScheduler scheduler) =>
        BreakerRun<VenueMid, DiscrepancyBreakerState>.Over(mids, state => new DiscrepancyBreaker(state, instruments, parameters), port, scheduler);
}
