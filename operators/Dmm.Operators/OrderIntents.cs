using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <summary>State of the order stage: what is believed to rest, and the ids given so far.</summary>
public sealed record OrderStageState(LiveOrdersState Live, OrderIdState Ids);

public static class OrderIntentsOperator
{
    /// <summary>
    /// The orders that turn what rests at the venues into the target ladders.
    /// | Event | Behaviour |
    /// |---|---|
    /// | target | its difference to the live orders, as one item each: cancels, amendments, placements; nothing when all is within tolerance |
    /// | order update, fill | changes what is believed to rest; nothing comes out |
    /// | OnError of any source | forwarded at once |
    /// | OnCompleted | once all sources have completed |
    /// </summary>
    /// <param name="targets">Ladders wanted.</param>
    /// <param name="updates">What venues and adapters say.</param>
    /// <param name="fills">Executions.</param>
    /// <param name="parameters">Tolerances.</param>
    /// <param name="port">State of the stage.</param>
    /// <param name="scheduler">Gives the time at which an order was placed.</param>
    public static IObservable<OrderIntent> OrderIntents(
        this IObservable<QuoteTarget> targets, IObservable<OrderUpdate> updates, IObservable<Fill> fills, OrderParameters parameters,
        StatePort<OrderStageState> port, IScheduler scheduler) => Observable.Defer(() =>
    {
        var state = port.Initial;
        return Observable.Using(
            () => port.Attach(() => state),
            _ => MergeInOrderOperator.MergeInOrder([
                    updates.Select(update => Learn(LiveOrders.Step(state.Live, update))),
                    fills.Select(fill => Learn(LiveOrders.Step(state.Live, fill))),
                    targets.Select(Answer),
                ])
                .EachItem());

        ImmutableArray<OrderIntent> Learn(LiveOrdersState live)
        {
            if (!ReferenceEquals(live, state.Live)) state = state with { Live = live };
            return [];
        }

        ImmutableArray<OrderIntent> Answer(QuoteTarget target)
        {
            var (intents, ids) = OrderDifference.Between(target, state.Live, state.Ids, parameters);
            if (intents.IsEmpty) return intents;
            var live = state.Live;
            foreach (var intent in intents) live = LiveOrders.Step(live, intent, Timestamp.From(scheduler.Now), target.Terms.HalfSpreadBps);
            state = new(live, ids);
            return intents;
        }
    });
}
