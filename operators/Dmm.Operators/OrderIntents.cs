using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <summary>State of the order stage: what is believed to rest, and the ids given so far.</summary>
public sealed record OrderStageState(LiveOrdersState Live, OrderIdState Ids)
{
    /// <summary>Instruments a part of whose ladder waits for what a venue has yet to answer, in the order in which they began to.</summary>
    public ImmutableArray<InstrumentId> Waiting { get; init; } = [];
}

public static class OrderIntentsOperator
{
    /// <summary>
    /// The orders that turn what rests at the venues into the target ladders.
    /// | Event | Behaviour |
    /// |---|---|
    /// | target | its difference to the live orders, as one item each: cancels, amendments, placements; nothing when all is within tolerance |
    /// | a part of it would exceed the limits together with all that is in flight | that part is held back until another target |
    /// | leg | passed on, and from then on believed to be on its way; the difference leaves it alone |
    /// | order update, fill | changes what is believed to rest; nothing comes out |
    /// | OnError of any source | forwarded at once |
    /// | OnCompleted | once all sources have completed |
    /// </summary>
    /// <param name="targets">Ladders wanted.</param>
    /// <param name="legs">The router's, each under the id that follows the last one given; and their cancels.</param>
    /// <param name="updates">What venues and adapters say.</param>
    /// <param name="fills">Executions.</param>
    /// <param name="parameters">Tolerances.</param>
    /// <param name="limits">What the orders at an instrument may not exceed, sampled with each target.</param>
    /// <param name="shownLots">Size of a level of the venue's book as it stands, in lots; 0 where no book shows our orders.</param>
    /// <param name="port">State of the stage.</param>
    /// <param name="scheduler">Gives the time at which an order was placed, and at which one ended.</param>
    public static IObservable<OrderIntent> OrderIntents(
        this IObservable<QuoteTarget> targets, IObservable<OrderIntent> legs, IObservable<OrderUpdate> updates, IObservable<Fill> fills,
        OrderParameters parameters,
        Func<InstrumentId, OrderLimits> limits, Func<InstrumentId, Side, long, long> shownLots, StatePort<OrderStageState> port,
        IScheduler scheduler) => Observable.Defer(() =>
    {
        var state = port.Initial;
        return Observable.Using(
            () => port.Attach(() => state),
            _ => MergeInOrderOperator.MergeInOrder([
                    updates.Select(update => Learn(Told(update))),
                    fills.Select(fill => Learn(LiveOrders.Step(state.Live, fill))),
                    legs.Select(Carry),
                    targets.Select(Answer),
                ])
                .EachItem());

        LiveOrdersState Told(OrderUpdate update) =>
            OrderRemnants.Step(state.Live, LiveOrders.Step(state.Live, update), update, shownLots, Timestamp.From(scheduler.Now));

        ImmutableArray<OrderIntent> Learn(LiveOrdersState live)
        {
            if (!ReferenceEquals(live, state.Live)) state = state with { Live = live };
            return [];
        }

        ImmutableArray<OrderIntent> Carry(OrderIntent leg)
        {
            var ids = leg.Kind == OrderIntentKind.Place ? state.Ids.Next() : state.Ids;
            if (leg.Kind == OrderIntentKind.Place && ids.Current != leg.ClientOrderId)
                throw new InvalidOperationException($"leg {leg.ClientOrderId} is not the next order: expected {ids.Current}");
            state = state with { Live = LiveOrders.Step(state.Live, leg, Timestamp.From(scheduler.Now), halfSpreadBps: 0), Ids = ids };
            return [leg];
        }

        ImmutableArray<OrderIntent> Answer(QuoteTarget target)
        {
            var sampled = limits(target.Instrument);
            var live = LiveOrders.Expire(state.Live, sampled.Now, parameters.PlacementExpiry);
            var (intents, ids, isWaiting) = OrderDifference.Between(target, live, state.Ids, parameters, sampled);
            if (intents.IsEmpty && ReferenceEquals(live, state.Live) && isWaiting == state.Waiting.Contains(target.Instrument)) return intents;
            var now = Timestamp.From(scheduler.Now);
            foreach (var intent in intents) live = LiveOrders.Step(live, intent, now, target.Terms.HalfSpreadBps);
            var waiting = state.Waiting.Remove(target.Instrument);
            state = new(live, ids) { Waiting = isWaiting ? waiting.Add(target.Instrument) : waiting };
            return intents;
        }
    });

    /// <summary>
    /// What venues say that lets an order go out which waited for it. Wire it before the order stage; a quote made at once after the update sees
    /// the stage as it then is.
    /// | Event | Behaviour |
    /// |---|---|
    /// | update of an order that ended, or that rests as asked, while something waits | passed on |
    /// | refusal, or any other update | nothing: what a venue refuses is tried again at the cadence, not at the pace of its answers |
    /// | OnError, OnCompleted | forwarded at once |
    /// </summary>
    /// <param name="updates">What venues and adapters say.</param>
    /// <param name="orders">The order stage's.</param>
    public static IObservable<OrderUpdate> AwaitedUpdates(this IObservable<OrderUpdate> updates, StatePort<OrderStageState> orders) =>
        updates.Where(update => Answers(update) && !orders.Capture().Waiting.IsEmpty);

    private static bool Answers(OrderUpdate update) => update.Status switch
    {
        OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Expired => true,
        OrderStatus.Live or OrderStatus.PartiallyFilled => update.Reason.Length == 0,
        _ => false,
    };
}
