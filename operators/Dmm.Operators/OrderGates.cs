using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class OrderGatesOperator
{
    /// <summary>
    /// Whether the journal can be written and each venue takes orders, whenever that changes.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; what is closed in the restored state stays closed |
    /// | JournalStatus | emits Halted for the asset, and its end |
    /// | AdapterStatus | emits Halted for the venue, and its end; a venue without instruments is passed over |
    /// | OnError | forwarded |
    /// | OnCompleted | completes |
    /// </summary>
    /// <param name="messages">Uses JournalStatus and AdapterStatus; passes over the rest.</param>
    /// <param name="instruments">Names the venues.</param>
    /// <param name="port">The gates' state; <see cref="OrderGatesState.Open"/> at first.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<BreakerState> OrderGates(
        this IObservable<ControlMessage> messages, InstrumentCatalog instruments, StatePort<OrderGatesState> port, IScheduler scheduler) =>
        BreakerRun<ControlMessage, OrderGatesState>.Over(messages, state => new OrderGates(state, instruments), port, scheduler);
}
