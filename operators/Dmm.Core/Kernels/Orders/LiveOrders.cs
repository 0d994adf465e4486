using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One of our orders that may still rest at a venue.</summary>
public sealed record LiveOrder(string ClientOrderId, InstrumentId Instrument, Side Side, long PriceTicks, long RemainingLots, OrderStatus Status, Timestamp PlacedAt)
{
    /// <summary>A part of it has been filled: how long it rested until then is known.</summary>
    public bool HasFilled { get; init; }

    /// <summary>δ in force when it was placed or last amended, bps.</summary>
    public double QuotedHalfSpreadBps { get; init; }

    /// <summary>Price at which the venue said last that it rests, which an amendment on its way does not change; 0 before it said so.</summary>
    public long VenuePriceTicks { get; init; }

    /// <summary>Size that went with it.</summary>
    public long VenueLots { get; init; }

    /// <summary>Most that the venue's book can show of it at that price, in lots.</summary>
    public long LotsAt(long priceTicks) => Math.Max(
        priceTicks == PriceTicks ? RemainingLots : 0, priceTicks == VenuePriceTicks ? VenueLots : 0);
}

/// <summary>State of <see cref="LiveOrders"/>: orders in the order of their placing.</summary>
public sealed record LiveOrdersState(ImmutableArray<LiveOrder> Orders)
{
    public static readonly LiveOrdersState Empty = new([]);

    /// <summary>The order with that id, or null.</summary>
    public LiveOrder? Find(string clientOrderId) => Orders.FirstOrDefault(order => order.ClientOrderId == clientOrderId);
}

/// <summary>
/// What we believe to rest at the venues. An order enters by our own intent and by nothing else, so that a late acknowledgement cannot raise a phantom;
/// its status only rises, its remaining size only falls, and it leaves on a terminal status.
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
            var placed = new LiveOrder(intent.ClientOrderId, intent.Instrument, intent.Side, intent.PriceTicks, intent.SizeLots, OrderStatus.PendingNew, at);
            return new(state.Orders.Add(placed with { QuotedHalfSpreadBps = halfSpreadBps }));
        }

        if (IndexOf(state, intent.ClientOrderId) is not (>= 0 and var index)) return state;
        var order = state.Orders[index];
        return Put(state, index, intent.Kind == OrderIntentKind.Cancel
            ? order with { Status = Rise(order.Status, OrderStatus.PendingCancel) }
            : order with
            {
                PriceTicks = intent.PriceTicks, RemainingLots = Math.Min(order.RemainingLots, intent.SizeLots), PlacedAt = at,
                QuotedHalfSpreadBps = halfSpreadBps,
            });
    }

    /// <summary>Applies what the venue says; an unknown or ended order is left out.</summary>
    public static LiveOrdersState Step(LiveOrdersState state, OrderUpdate update)
    {
        if (IndexOf(state, update.ClientOrderId) is not (>= 0 and var index)) return state;
        var order = state.Orders[index];
        return Put(state, index, order with
        {
            Status = Rise(order.Status, update.Status),
            RemainingLots = Math.Min(order.RemainingLots, update.RemainingLots),
            VenuePriceTicks = Rests(update) ? update.PriceTicks : order.VenuePriceTicks,
            VenueLots = Rests(update) ? update.RemainingLots : order.VenueLots,
        });
    }

    /// <summary>Marks the order of a fill; its remaining size is the venue's to say.</summary>
    public static LiveOrdersState Step(LiveOrdersState state, Fill fill) =>
        IndexOf(state, fill.ClientOrderId) is >= 0 and var index ? Put(state, index, state.Orders[index] with { HasFilled = true }) : state;

    private static bool Rests(OrderUpdate update) => update.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;

    private static int IndexOf(LiveOrdersState state, string id)
    {
        for (var i = 0; i < state.Orders.Length; i++)
            if (state.Orders[i].ClientOrderId == id) return i;
        return -1;
    }

    private static LiveOrdersState Put(LiveOrdersState state, int index, LiveOrder changed) =>
        new(changed.Status >= OrderStatus.Filled ? state.Orders.RemoveAt(index) : state.Orders.SetItem(index, changed));

    private static OrderStatus Rise(OrderStatus from, OrderStatus to) => to > from ? to : from;
}
