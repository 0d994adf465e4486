using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class ClockBreakerOperator
{
    /// <summary>
    /// Where each venue's clock stands, whenever that changes: halted beyond the limit.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; the timer of a venue that is coming back is armed |
    /// | offset beyond the limit | emits Halted for the venue, unless it is already |
    /// | within a share of it for RecoverAfter | emits the end at that very instant |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | completes, the timer is dropped |
    /// </summary>
    /// <param name="offsets">As told when they change.</param>
    /// <param name="instruments">Names the venues.</param>
    /// <param name="parameters">Limit, and the way back.</param>
    /// <param name="port">The breaker's state; <see cref="ClockBreakerState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<BreakerState> ClockBreaker(
        this IObservable<ClockOffset> offsets, InstrumentCatalog instruments, BreakerParameters parameters, StatePort<ClockBreakerState> port,
        IScheduler scheduler) =>
        BreakerRun<ClockOffset, ClockBreakerState>.Over(offsets, state => new ClockBreaker(state, instruments, parameters), port, scheduler);
}
