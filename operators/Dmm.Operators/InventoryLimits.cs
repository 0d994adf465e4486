using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class InventoryLimitsOperator
{
    /// <summary>
    /// Where inventory stands on the <c>long</c> and the <c>short</c> side, whenever its level (within, soft, hard) changes: Reducing from the hard
    /// limit on.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing |
    /// | inventory | emits for each side whose level changes, long first; at the soft limit the demand stays Active and the reason says so |
    /// | OnError | forwarded |
    /// | OnCompleted | completes |
    /// </summary>
    /// <param name="inventories">Total inventory, base asset, also at the start: a position beyond a limit is not seen before it is told.</param>
    /// <param name="inventory">Target and limits.</param>
    /// <param name="parameters">The way back.</param>
    /// <param name="port">The limits' state; its default at first.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<BreakerState> InventoryLimits(
        this IObservable<decimal> inventories, InventoryParameters inventory, BreakerParameters parameters, StatePort<InventoryLimitsState> port,
        IScheduler scheduler) =>
        BreakerRun<decimal, InventoryLimitsState>.Over(inventories, state => new InventoryLimits(state, inventory, parameters), port, scheduler);
}
