using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class DriftBreakerOperator
{
    /// <summary>
    /// Whether each venue counts as much of the traded asset and of each contract as the ledger, whenever that changes: a warning that demands nothing,
    /// then halted.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; timers of what is under way are armed |
    /// | positions, count | emits nothing by themselves; they may start or end what falls due |
    /// | the grace, the time to halt, or the time of agreement has passed | emits at that very instant |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | completes when both sources have; till then what falls due is told |
    /// </summary>
    /// <param name="positions">The ledger's, after each fill.</param>
    /// <param name="controls">Among them what venues say they hold for us; counts of other assets, and other messages, are passed over.</param>
    /// <param name="instruments">Whose markets the counts are about.</param>
    /// <param name="parameters">Grace, time to halt, and the way back.</param>
    /// <param name="port">The breaker's state; <see cref="DriftBreakerState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<BreakerState> DriftBreaker(
        this IObservable<InventorySnapshot> positions, IObservable<ControlMessage> controls, InstrumentCatalog instruments,
        BreakerParameters parameters, StatePort<DriftBreakerState> port, IScheduler scheduler) =>
        BreakerRun<DriftInput, DriftBreakerState>.Over(
            MergeInOrderOperator.MergeInOrder(
                [positions.Select(inventory => new DriftInput(inventory)), controls.Select(message => new DriftInput(message))]),
            state => new DriftBreaker(state, instruments, parameters), port, scheduler);
}
