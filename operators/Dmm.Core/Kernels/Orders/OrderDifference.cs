using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// The difference between a target ladder and the live orders of one instrument, as intents. An order within tolerance of a target is left alone and
/// keeps its place in the queue. Cancels come before amendments before placements, bids before asks, near before far. Only what is answered is allocated.
/// </summary>
public static class OrderDifference
{
    // More than a ladder ever needs; beyond it the work space comes from the heap.
    private const int OrdersOnStack = 64;

    /// <param name="target">The ladder wanted.</param>
    /// <param name="live">All live orders; those of other instruments are left out.</param>
    /// <param name="ids">Gives ids to new orders.</param>
    /// <param name="tolerance">When an order is close enough.</param>
    /// <returns>The intents, and the ids' state after them.</returns>
    public static (ImmutableArray<OrderIntent> Intents, OrderIdState Ids) Between(
        QuoteTarget target, LiveOrdersState live, OrderIdState ids, OrderParameters tolerance)
    {
        var count = live.Orders.Length;
        Span<int> work = count <= OrdersOnStack ? stackalloc int[OrdersOnStack] : new int[count];
        var levelsMax = Math.Max(target.Bids.Length, target.Asks.Length);
        Span<bool> taken = levelsMax <= QuoteParameters.MaxLevels ? stackalloc bool[QuoteParameters.MaxLevels] : new bool[levelsMax];
        var intents = default(Intents);
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            taken.Clear();
            var wanted = new Wanted((side == Side.Buy ? target.Bids : target.Asks).AsSpan(), taken);
            var resting = work[..Resting(live.Orders.AsSpan(), target.Instrument, side, work)];
            Match(live.Orders.AsSpan(), ref resting, wanted, tolerance);
            foreach (var index in resting) intents.Answer(live.Orders[index], wanted);
            ids = intents.Place(target.Instrument, side, wanted, ids);
        }

        return (intents.InOrder(), ids);
    }

    /// <summary>The orders of a side that can still be matched, near before far.</summary>
    private static int Resting(ReadOnlySpan<LiveOrder> orders, InstrumentId instrument, Side side, Span<int> resting)
    {
        var count = 0;
        for (var i = 0; i < orders.Length; i++)
        {
            if (orders[i].Instrument != instrument || orders[i].Side != side || orders[i].Status >= OrderStatus.PendingCancel) continue;
            var place = count++;
            for (; place > 0 && side.Sign() * orders[resting[place - 1]].PriceTicks < side.Sign() * orders[i].PriceTicks; place--)
                resting[place] = resting[place - 1];
            resting[place] = i;
        }

        return count;
    }

    /// <summary>Takes out what is right as it is.</summary>
    private static void Match(ReadOnlySpan<LiveOrder> orders, ref Span<int> resting, Wanted wanted, OrderParameters tolerance)
    {
        // Exact matches first: an order placed for one level must not take, next time, the level that another was left alone for.
        var left = 0;
        foreach (var index in resting)
            if (!wanted.TakeExact(orders[index])) resting[left++] = index;
        resting = resting[..left];
        left = 0;
        foreach (var index in resting)
            if (!wanted.TakeWithin(orders[index], tolerance)) resting[left++] = index;
        resting = resting[..left];
    }

    /// <summary>The levels of a side that no order stands for yet.</summary>
    private readonly ref struct Wanted(ReadOnlySpan<QuoteLevel> levels, Span<bool> taken)
    {
        private readonly ReadOnlySpan<QuoteLevel> _levels = levels;
        private readonly Span<bool> _taken = taken;

        public int Count => _levels.Length;

        public bool TakeExact(LiveOrder order)
        {
            for (var i = 0; i < Count; i++)
                if (!_taken[i] && _levels[i] == new QuoteLevel(order.PriceTicks, order.RemainingLots)) return _taken[i] = true;
            return false;
        }

        public bool TakeWithin(LiveOrder order, OrderParameters tolerance)
        {
            for (var i = 0; i < Count; i++)
                if (!_taken[i] && IsWithin(_levels[i], order, tolerance)) return _taken[i] = true;
            return false;
        }

        /// <summary>The nearest level that is no larger than <paramref name="lots"/>.</summary>
        public bool TryTakeUpTo(long lots, out QuoteLevel level)
        {
            for (var i = 0; i < Count; i++)
                if (TryTake(i, lots, out level)) return true;
            level = default;
            return false;
        }

        public bool TryTake(int index, long lotsMax, out QuoteLevel level)
        {
            level = _levels[index];
            if (_taken[index] || level.SizeLots > lotsMax) return false;
            return _taken[index] = true;
        }

        // In decimal: a tolerance such as 0.29 has no exact double, and would miss its own boundary.
        private static bool IsWithin(QuoteLevel level, LiveOrder order, OrderParameters tolerance) =>
            Math.Abs(level.PriceTicks - order.PriceTicks) <= Math.Max(1, level.PriceTicks * (decimal)tolerance.PriceToleranceBps / 10_000)
            && Math.Abs(level.SizeLots - order.RemainingLots) <= level.SizeLots * (decimal)tolerance.SizeTolerance;
    }

    /// <summary>What is to be done, by kind; nothing is allocated for a kind that does not occur.</summary>
    private struct Intents
    {
        private List<OrderIntent>? _cancels;
        private List<OrderIntent>? _amends;
        private List<OrderIntent>? _places;

        /// <summary>What becomes of an order that matches no level.</summary>
        public void Answer(LiveOrder order, Wanted wanted)
        {
            // An amendment may lower the size, never raise it; an order whose fate is unknown can only be cancelled.
            if (order.Status is OrderStatus.Live or OrderStatus.PartiallyFilled && wanted.TryTakeUpTo(order.RemainingLots, out var level))
                (_amends ??= []).Add(Intent(OrderIntentKind.Amend, order.Instrument, order.ClientOrderId, order.Side, level));
            else
                (_cancels ??= []).Add(
                    Intent(OrderIntentKind.Cancel, order.Instrument, order.ClientOrderId, order.Side, new(order.PriceTicks, order.RemainingLots)));
        }

        /// <summary>New orders for the levels that are left.</summary>
        public OrderIdState Place(InstrumentId instrument, Side side, Wanted wanted, OrderIdState ids)
        {
            for (var i = 0; i < wanted.Count; i++)
            {
                if (!wanted.TryTake(i, long.MaxValue, out var level)) continue;
                ids = ids.Next();
                (_places ??= []).Add(Intent(OrderIntentKind.Place, instrument, ids.Current, side, level));
            }

            return ids;
        }

        public readonly ImmutableArray<OrderIntent> InOrder() =>
            _cancels is null && _amends is null && _places is null ? [] : [.. _cancels ?? [], .. _amends ?? [], .. _places ?? []];

        private static OrderIntent Intent(OrderIntentKind kind, InstrumentId instrument, string id, Side side, QuoteLevel level) => new()
        {
            Kind = kind, Instrument = instrument, ClientOrderId = id, Side = side, PriceTicks = level.PriceTicks, SizeLots = level.SizeLots,
            IsPostOnly = true,
        };
    }
}
