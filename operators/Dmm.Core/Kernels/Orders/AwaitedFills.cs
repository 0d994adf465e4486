using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What the venue says has traded of an order of ours, beside the fills that were told.</summary>
/// <param name="ClientOrderId">Ours.</param>
/// <param name="Instrument">Where.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="PriceTicks">As the order stood last.</param>
/// <param name="ToldLots">As the venue counts it.</param>
/// <param name="CountedLots">Sum of the fills told.</param>
/// <param name="TradeIds">Of those fills.</param>
/// <param name="HasEnded">No more will trade of it.</param>
/// <param name="At">When anything was last heard of it.</param>
public sealed record AwaitedFill(
    string ClientOrderId, InstrumentId Instrument, Side Side, long PriceTicks, long ToldLots, long CountedLots, ImmutableArray<string> TradeIds,
    bool HasEnded, Timestamp At)
{
    /// <summary>Has traded, and is not in the position yet.</summary>
    public long Lots => Math.Max(0, ToldLots - CountedLots);
}

/// <summary>State of <see cref="AwaitedFills"/>, in the order in which they were heard of.</summary>
public sealed record AwaitedFillsState(ImmutableArray<AwaitedFill> Orders)
{
    public static readonly AwaitedFillsState None = new([]);
}

/// <summary>
/// An order's state can overtake its fills: it then says that less is left of it, or nothing, while the position does not have what was traded. Until
/// the fills have come that is neither an order nor a position, and still takes the room of one.
/// | Event | Behaviour |
/// |---|---|
/// | update that says how much has traded | awaited is what of that has no fill |
/// | update that does not say, or says nothing | no change |
/// | fill, told once or again | counts once by its trade id |
/// | ended and all its fills have come | awaits nothing; remembered, as an older state of it may be told late |
/// | ended, or never confirmed by an update, and not heard of for <see cref="KeptFor"/> | forgotten: no sweep has found such fills |
/// | more than <see cref="RememberedMax"/> | of those that await nothing more the oldest is forgotten |
/// </summary>
public static class AwaitedFills
{
    /// <summary>Far above the time in which a sweep finds what a stream has lost, with an outage of the venue in between.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>Many times what can be under way at once.</summary>
    public const int RememberedMax = 256;

    public static AwaitedFillsState Step(AwaitedFillsState state, OrderUpdate update, Timestamp now)
    {
        var index = IndexOf(state, update.ClientOrderId);
        var hasEnded = update.Status >= OrderStatus.Filled;
        if (index < 0)
        {
            return update.FilledLots is not > 0 ? state
                : Add(state, new(update.ClientOrderId, update.Instrument, update.Side, update.PriceTicks, update.FilledLots.Value, 0, [], hasEnded, now));
        }

        var order = state.Orders[index];
        return Put(state, index, order with
        {
            PriceTicks = update.PriceTicks, ToldLots = Math.Max(order.ToldLots, update.FilledLots ?? 0), HasEnded = order.HasEnded || hasEnded, At = now,
        });
    }

    /// <param name="state">Before it.</param>
    /// <param name="fill">An execution.</param>
    /// <param name="instrument">Its instrument.</param>
    /// <param name="now">Engine time.</param>
    public static AwaitedFillsState Step(AwaitedFillsState state, Fill fill, Instrument instrument, Timestamp now)
    {
        // Off the grid it is no trade of an order of ours, whose sizes are on it.
        if (!instrument.Sizes.TryToSteps(fill.Quantity, out var lots) || !instrument.Prices.TryToSteps(fill.Price, out var priceTicks)) return state;
        if (IndexOf(state, fill.ClientOrderId) is not (>= 0 and var index))
            return Add(state, new(fill.ClientOrderId, fill.Instrument, fill.Side, priceTicks, 0, lots, [fill.TradeId], HasEnded: false, now));
        var order = state.Orders[index];
        return order.TradeIds.Contains(fill.TradeId) ? state
            : Put(state, index, order with { CountedLots = order.CountedLots + lots, TradeIds = order.TradeIds.Add(fill.TradeId), At = now });
    }

    private static AwaitedFillsState Put(AwaitedFillsState state, int index, AwaitedFill order) =>
        new(state.Orders.SetItem(index, order));

    private static AwaitedFillsState Add(AwaitedFillsState state, AwaitedFill order)
    {
        var orders = state.Orders.RemoveAll(o => (o.HasEnded || o.ToldLots == 0) && order.At - o.At >= KeptFor);
        if (orders.Length >= RememberedMax)
        {
            for (var i = 0; i < orders.Length; i++)
            {
                if (!orders[i].HasEnded || orders[i].Lots > 0) continue;
                orders = orders.RemoveAt(i);
                break;
            }
        }

        return new(orders.Add(order));
    }

    private static int IndexOf(AwaitedFillsState state, string id)
    {
        for (var i = 0; i < state.Orders.Length; i++)
            if (state.Orders[i].ClientOrderId == id) return i;
        return -1;
    }
}
