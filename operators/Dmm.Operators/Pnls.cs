using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class PnlsOperator
{
    /// <summary>
    /// Profit in the numeraire, order flow apart from the starting inventory, with the session's drawdown.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item><term>inventory</term><description>kept, and one <see cref="PnlSnapshot"/> at the present mid</description></item>
    /// <item><term>valuation (its value is not read)</term><description>one snapshot of the latest inventory at the present mid</description></item>
    /// <item>
    /// <term>ResetDrawdown command</term>
    /// <description>the drawdown counts from the present profit on, and one snapshot; other commands do nothing</description>
    /// </item>
    /// <item><term>no inventory yet, or no mid</term><description>nothing comes out</description></item>
    /// <item><term>a rate is missing</term><description>the snapshot says what is left out, and the drawdown stands still</description></item>
    /// <item><term>midnight UTC on the scheduler's clock</term><description>the next snapshot begins a trading session</description></item>
    /// <item><term>OnError of any source</term><description>forwarded at once</description></item>
    /// <item><term>OnCompleted</term><description>once every source has completed</description></item>
    /// </list>
    /// </summary>
    public static IObservable<PnlSnapshot> Pnls<TValuation>(
        this IObservable<InventorySnapshot> inventories, IObservable<TValuation> valuations, IObservable<OperatorCommand> commands,
        InstrumentCatalog instruments, IMidView mids, IRateView rates, StatePort<PnlState> port, IScheduler scheduler) =>
        port.Lift(
            state => new Accumulated { State = state },
            now => now.State,
            now => Observable.Merge(
                    inventories.Select(inventory => now.State.With(inventory)),
                    valuations.Select(_ => now.State),
                    commands.Where(c => c.Action == OperatorAction.ResetDrawdown)
                        .Select(_ => now.State with { Drawdown = Drawdown.Rebase(now.State.Drawdown) }))
                .Select(state =>
                {
                    (now.State, var pnl) = Pnl.Step(state, instruments, mids, rates, Timestamp.From(scheduler.Now));
                    return pnl;
                })
                .WherePresent());

    private sealed class Accumulated
    {
        public required PnlState State { get; set; }
    }
}
