using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class QuoteAgesOperator
{
    /// <summary>
    /// How long quotes rest. Wire it before the order stage, which then still shows an order as it was before the event.
    /// | Event | Behaviour |
    /// |---|---|
    /// | first fill of a live order | its age, filled |
    /// | a live order without a fill ends by cancel or expiry | its age, censored |
    /// | any other fill or update | nothing |
    /// | OnError of either source | forwarded at once |
    /// | OnCompleted | once both sources have completed |
    /// </summary>
    /// <param name="fills">Executions.</param>
    /// <param name="updates">What venues say of orders.</param>
    /// <param name="orders">The order stage's, for the live orders as they stand.</param>
    /// <param name="scheduler">Gives the present time.</param>
    public static IObservable<QuoteAge> QuoteAges(
        this IObservable<Fill> fills, IObservable<OrderUpdate> updates, StatePort<OrderStageState> orders, IScheduler scheduler) =>
        Observable.Merge(
                fills.Select(fill => Age(orders.Capture().Live.Find(fill.ClientOrderId), isFilled: true, scheduler)),
                updates.Where(update => update.Status is OrderStatus.Cancelled or OrderStatus.Expired)
                    .Select(update => Age(orders.Capture().Live.Find(update.ClientOrderId), isFilled: false, scheduler)))
            .WherePresent();

    private static QuoteAge? Age(LiveOrder? order, bool isFilled, IScheduler scheduler) => order is { HasFilled: false }
        ? new QuoteAge(order.Instrument, Timestamp.From(scheduler.Now) - order.PlacedAt, isFilled)
        : null;
}
