using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class AwaitedFillsOperator
{
    /// <summary>
    /// What has traded and was not told as a fill yet, by <see cref="AwaitedFills"/>. It is read from the port.
    /// | Event | Behaviour |
    /// |---|---|
    /// | fill, order update | a step; an item when the state is another |
    /// | OnError of either source | forwarded at once |
    /// | OnCompleted | once both sources have completed |
    /// </summary>
    /// <param name="fills">Executions.</param>
    /// <param name="updates">What venues say of orders.</param>
    /// <param name="instruments">Of the orders.</param>
    /// <param name="port">Where the state starts from, and is read.</param>
    /// <param name="scheduler">Gives the present time.</param>
    public static IObservable<Unit> AwaitedFills(
        this IObservable<Fill> fills, IObservable<OrderUpdate> updates, InstrumentCatalog instruments, StatePort<AwaitedFillsState> port,
        IScheduler scheduler) => port.Lift(
            state => new StrongBox<AwaitedFillsState>(state),
            awaited => awaited.Value!,
            awaited => Observable.Merge(
                    fills.Select(fill => Learn(awaited, Core.Kernels.AwaitedFills.Step(awaited.Value!, fill, instruments[fill.Instrument], Now(scheduler)))),
                    updates.Select(update => Learn(awaited, Core.Kernels.AwaitedFills.Step(awaited.Value!, update, Now(scheduler)))))
                .Where(static isAnother => isAnother)
                .Select(static _ => Unit.Default));

    private static bool Learn(StrongBox<AwaitedFillsState> awaited, AwaitedFillsState state)
    {
        if (ReferenceEquals(awaited.Value, state)) return false;
        awaited.Value = state;
        return true;
    }

    private static Timestamp Now(IScheduler scheduler) => Timestamp.From(scheduler.Now);
}
