using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class DrawdownGuardOperator
{
    /// <summary>
    /// Where the drawdown guard stands, whenever its demand or its latch changes: halted from the limit on, until an operator resets it.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; a latch in the restored state goes on holding |
    /// | drawdown | emits when it trips the guard |
    /// | null | the drawdown could not be computed: halts without latching, until the next figure |
    /// | ResetDrawdown with a name and a reason | emits the end, and accepts the drawdown there is; other commands are passed over |
    /// | OnError | forwarded: a PnL that throws ends the engine, and the host's kill path cancels everything |
    /// | OnCompleted | completes when both sources have |
    /// </summary>
    /// <param name="drawdowns">The session's drawdown of the order-flow PnL, numeraire, at or above zero.</param>
    /// <param name="commands">An operator's commands.</param>
    /// <param name="parameters">The limit.</param>
    /// <param name="port">The guard's state; its default at first.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<BreakerState> DrawdownGuard(
        this IObservable<decimal?> drawdowns, IObservable<OperatorCommand> commands, BreakerParameters parameters, StatePort<DrawdownGuardState> port,
        IScheduler scheduler) =>
        BreakerRun<DrawdownInput, DrawdownGuardState>.Over(
            drawdowns.Select(DrawdownInput.Of).Merge(commands.Select(DrawdownInput.Of)),
            state => new DrawdownGuard(state, parameters), port, scheduler);
}
