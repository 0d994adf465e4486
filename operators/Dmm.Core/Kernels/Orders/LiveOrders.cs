using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>State of <see cref="LiveOrders"/>: orders in the order of their placing.</summary>
public sealed record LiveOrdersState(ImmutableArray<LiveOrder> Orders)
{
    public static readonly LiveOrdersState Empty = new([]);

    /// <summary>What books may still show of orders that are no longer there; default while there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<OrderRemnant> Remnants { get; init; }

    /// <summary>The order with that id, or null.</summary>
    public LiveOrder? Find(string clientOrderId) => Orders.FirstOrDefault(order => order.ClientOrderId == clientOrderId);
}

/// <summary>
/// What we believe to rest at the venues. An order enters by our own intent and by nothing else, so that a late acknowledgement cannot raise a
/// phantom; its status only rises, its remaining size only falls, and it leaves when the venue says that it has ended.
/// | Event | Behaviour |
/// |---|---|
/// | placement, cancel leaves | pending new; pending cancel |
/// | amendment leaves | the new terms beside the former ones: it may stand at either |
/// | update at the new price, without a reason | the amendment is confirmed |
/// | update that it rests, with a reason | what was asked last is refused: an amendment is taken back, a cancel has to be sent again |
/// | update that it rests elsewhere, without a reason | written before the amendment arrived: both terms stay, the remaining sizes fall |
/// | end told | it leaves; whatever is told later is left out |
/// | not confirmed for <see cref="OrderParameters.PlacementExpiry"/> | pending unknown |
/// Orders may be told of in any order, and ends at any time; what an adapter says of one that rests must not be older than what it said before.
/// </summary>
public static class LiveOrders
{
    /// <summary>Applies an intent as it leaves: a placement enters as pending, a cancel marks its order.</summary>
    /// <param name="state">Before it.</param>
    /// <param name="intent">What leaves.</param>
    /// <param name="at">When.</param>
    /// <param name="halfSpreadBps">δ of the quote that it realises.</param>
    public static LiveOrdersState Step(LiveOrdersState state, OrderIntent intent, Timestamp at, double halfSpreadBps)
    {
        if (intent.Kind == OrderIntentKind.Place)
        {
            var placed = new LiveOrder(
                intent.ClientOrderId, intent.Instrument, intent.Side, intent.PriceTicks, intent.SizeLots, OrderStatus.PendingNew, at);
            return state with { Orders = state.Orders.Add(placed with { QuotedHalfSpreadBps = halfSpreadBps, TimeInForce = intent.TimeInForce }) };
        }

        if (IndexOf(state, intent.ClientOrderId) is not (>= 0 and var index)) return state;
        var order = state.Orders[index];
        return Put(state, index, intent.Kind == OrderIntentKind.Cancel
            ? order with { Status = Rise(order.Status, OrderStatus.PendingCancel), IsCancelRefused = false }
            : order with
            {
                PriceTicks = intent.PriceTicks, RemainingLots = Math.Min(order.RemainingLots, intent.SizeLots), PlacedAt = at,
                QuotedHalfSpreadBps = halfSpreadBps,
                Former = order.Former ?? new(order.PriceTicks, order.RemainingLots, order.PlacedAt, order.QuotedHalfSpreadBps),
            });
    }

    /// <summary>Applies what the venue says; an unknown or ended order is left out.</summary>
    public static LiveOrdersState Step(LiveOrdersState state, OrderUpdate update)
    {
        if (IndexOf(state, update.ClientOrderId) is not (>= 0 and var index)) return state;
        var order = state.Orders[index];
        return Put(state, index, Rests(update) ? Resting(order, update) : order with
        {
            Status = Rise(order.Status, update.Status), RemainingLots = Math.Min(order.RemainingLots, update.RemainingLots),
        });
    }

    /// <summary>Marks the order of a fill; its remaining size is the venue's to say.</summary>
    public static LiveOrdersState Step(LiveOrdersState state, Fill fill) =>
        IndexOf(state, fill.ClientOrderId) is >= 0 and var index ? Put(state, index, state.Orders[index] with { HasFilled = true }) : state;

    /// <summary>
    /// Placements of which nothing has been heard for that long: whether they rest is not known. Nothing is allocated when there is none.
    /// </summary>
    public static LiveOrdersState Expire(LiveOrdersState state, Timestamp now, TimeSpan expiry)
    {
        for (var i = 0; i < state.Orders.Length; i++)
        {
            var order = state.Orders[i];
            if (order.Status == OrderStatus.PendingNew && now - order.PlacedAt >= expiry)
                state = Put(state, i, order with { Status = OrderStatus.PendingUnknown });
        }

        return state;
    }

    private static LiveOrder Resting(LiveOrder order, OrderUpdate update)
    {
        var isRefusal = update.Reason.Length > 0;
        if (isRefusal && order.Former is { } refused) order = Restored(order, refused, update);
        return order with
        {
            Status = Rise(order.Status, update.Status),
            RemainingLots = Math.Min(order.RemainingLots, update.RemainingLots),
            VenuePriceTicks = update.PriceTicks,
            VenueLots = update.RemainingLots,
            Former = order.Former is { } former && !IsConfirmed(order, update)
                ? former with { RemainingLots = Math.Min(former.RemainingLots, update.RemainingLots) }
                : null,
            // A cancel goes to the venue after an amendment, so that both may have failed.
            IsCancelRefused = isRefusal ? order.Status == OrderStatus.PendingCancel : order.IsCancelRefused,
        };
    }

    private static LiveOrder Restored(LiveOrder order, FormerTerms former, OrderUpdate update) => order with
    {
        PriceTicks = update.PriceTicks, RemainingLots = former.RemainingLots, PlacedAt = former.PlacedAt,
        QuotedHalfSpreadBps = former.QuotedHalfSpreadBps, Former = null,
    };

    private static bool IsConfirmed(LiveOrder order, OrderUpdate update) =>
        update.PriceTicks == order.PriceTicks && update.RemainingLots <= order.RemainingLots;

    private static bool Rests(OrderUpdate update) => update.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;

    private static int IndexOf(LiveOrdersState state, string id)
    {
        for (var i = 0; i < state.Orders.Length; i++)
            if (state.Orders[i].ClientOrderId == id) return i;
        return -1;
    }

    private static LiveOrdersState Put(LiveOrdersState state, int index, LiveOrder changed) =>
        state with { Orders = changed.Status >= OrderStatus.Filled ? state.Orders.RemoveAt(index) : state.Orders.SetItem(index, changed) };

    private static OrderStatus Rise(OrderStatus from, OrderStatus to) => to > from ? to : from;
}
