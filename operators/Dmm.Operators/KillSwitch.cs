using System.Reactive.Concurrency;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class KillSwitchOperator
{
    /// <summary>
    /// What an operator ordered: killed (latched) or paused, whenever either changes.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; a kill or pause in the restored state goes on holding |
    /// | Kill | emits Killed, whatever name and reason it has; again while killed: nothing |
    /// | Reenable with a name and a reason | emits the end of the kill |
    /// | Pause, Resume | emits Halted, and its end |
    /// | OnError | forwarded |
    /// | OnCompleted | completes; what was ordered holds |
    /// </summary>
    /// <param name="commands">An operator's commands.</param>
    /// <param name="port">The switch's state; its default at first.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<BreakerState> KillSwitch(
        this IObservable<OperatorCommand> commands, StatePort<KillSwitchState> port, IScheduler scheduler) =>
        BreakerRun<OperatorCommand, KillSwitchState>.Over(commands, state => new KillSwitch(state), port, scheduler);
}
