using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// The difference between a target ladder and the live orders of one instrument, as intents. An order within tolerance of a target is left alone and keeps
/// its place in the queue. Cancels come before amendments before placements, bids before asks, near before far.
/// </summary>
public static class OrderDifference
{
    /// <param name="target">The ladder wanted.</param>
    /// <param name="live">All live orders; those of other instruments are left out.</param>
    /// <param name="ids">Gives ids to new orders.</param>
    /// <param name="tolerance">When an order is close enough.</param>
    /// <returns>The intents, and the ids' state after them.</returns>
    public static (ImmutableArray<OrderIntent> Intents, OrderIdState Ids) Between(
        QuoteTarget target, LiveOrdersState live, OrderIdState ids, OrderParameters tolerance)
    {
        var cancels = ImmutableArray.CreateBuilder<OrderIntent>();
        var amends = ImmutableArray.CreateBuilder<OrderIntent>();
        var places = ImmutableArray.CreateBuilder<OrderIntent>();
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            var wanted = (side == Side.Buy ? target.Bids : target.Asks).ToList();
            var resting = live.Orders
                .Where(o => o.Instrument == target.Instrument && o.Side == side && o.Status < OrderStatus.PendingCancel)
                .OrderBy(o => -side.Sign() * o.PriceTicks)
                .ToList();
            // Exact matches first: an order placed for one level must not take, next time, the level that another was left alone for.
            resting.RemoveAll(order => Take(wanted, level => level == new QuoteLevel(order.PriceTicks, order.RemainingLots)));
            resting.RemoveAll(order => Take(wanted, level => IsWithin(level, order, tolerance)));
            foreach (var order in resting)
            {
                // An amendment may lower the size, never raise it; an order whose fate is unknown can only be cancelled.
                var fits = order.Status is OrderStatus.Live or OrderStatus.PartiallyFilled ? wanted.FindIndex(level => level.SizeLots <= order.RemainingLots) : -1;
                if (fits < 0)
                {
                    cancels.Add(Intent(OrderIntentKind.Cancel, target.Instrument, order.ClientOrderId, side, new(order.PriceTicks, order.RemainingLots)));
                    continue;
                }

                amends.Add(Intent(OrderIntentKind.Amend, target.Instrument, order.ClientOrderId, side, wanted[fits]));
                wanted.RemoveAt(fits);
            }

            foreach (var level in wanted)
            {
                ids = ids.Next();
                places.Add(Intent(OrderIntentKind.Place, target.Instrument, ids.Current, side, level));
            }
        }

        return ([.. cancels, .. amends, .. places], ids);
    }

    private static bool Take(List<QuoteLevel> wanted, Predicate<QuoteLevel> fits)
    {
        var index = wanted.FindIndex(fits);
        if (index < 0) return false;
        wanted.RemoveAt(index);
        return true;
    }

    // In decimal: a tolerance such as 0.29 has no exact double, and would miss its own boundary.
    private static bool IsWithin(QuoteLevel level, LiveOrder order, OrderParameters tolerance) =>
        Math.Abs(level.PriceTicks - order.PriceTicks) <= Math.Max(1, level.PriceTicks * (decimal)tolerance.PriceToleranceBps / 10_000)
        && Math.Abs(level.SizeLots - order.RemainingLots) <= level.SizeLots * (decimal)tolerance.SizeTolerance;

    private static OrderIntent Intent(OrderIntentKind kind, InstrumentId instrument, string id, Side side, QuoteLevel level) => new()
    {
        Kind = kind, Instrument = instrument, ClientOrderId = id, Side = side, PriceTicks = level.PriceTicks, SizeLots = level.SizeLots, IsPostOnly = true,
    };
}
