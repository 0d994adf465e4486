using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class SlippageGuardOperator
{
    /// <summary>
    /// Where the slippage guard stands, whenever that changes: no refresh after a fill too far from the time-weighted average of the fair value.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; the timer of a guard that is tripped is armed |
    /// | fair value | enters the average |
    /// | fill | emits when it trips the guard; a later breach only prolongs it |
    /// | RecoverAfter past the last breach | emits the end at that very instant |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | completes when both sources have, the timer is dropped |
    /// </summary>
    /// <param name="fills">Fills priced in the numeraire.</param>
    /// <param name="fairValues">Numeraire; each update, not only each change (a value is believed for one window); 0 or NaN when there is
    /// none.</param>
    /// <param name="instruments">Names the instruments.</param>
    /// <param name="parameters">Limit, window, and the way back.</param>
    /// <param name="port">The guard's state; <see cref="SlippageGuardState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<BreakerState> SlippageGuard(
        this IObservable<ValuedFill> fills, IObservable<double> fairValues, InstrumentCatalog instruments, BreakerParameters parameters,
        StatePort<SlippageGuardState> port, IScheduler scheduler) =>
        BreakerRun<SlippageInput, SlippageGuardState>.Over(
            fills.Select(fill => new SlippageInput(fill)).Merge(fairValues.Select(fairValue => new SlippageInput(fairValue))),
            state => new SlippageGuard(state, instruments, parameters), port, scheduler);
}
