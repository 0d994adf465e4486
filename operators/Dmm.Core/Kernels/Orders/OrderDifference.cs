using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What turns the live orders of one instrument into its target ladder.</summary>
/// <param name="Intents">Cancels, then amendments, then placements; bids before asks, near before far.</param>
/// <param name="Ids">The ids' state after them.</param>
/// <param name="IsWaiting">A part of the ladder is held back until the venue has answered for what is in its way.</param>
public readonly record struct OrderChanges(ImmutableArray<OrderIntent> Intents, OrderIdState Ids, bool IsWaiting);

/// <summary>
/// The difference between a target ladder and the live orders of one instrument, as the fewest intents. Only what is answered is allocated.
/// | An order that | is |
/// |---|---|
/// | lies within tolerance of a level | left alone, and keeps its place in the queue |
/// | does not, is settled and no smaller than a level | amended, where the venue amends in place |
/// | does not, and cannot be amended; is too old; was refused its cancel | cancelled |
/// A level without an order is placed, unless it would cross an order of our own or exceed the limits together with everything that may still be at
/// the venue: then it waits until what is in its way has ended there; that a cancel was sent is not enough. An amendment that would cross waits
/// likewise, and one that would exceed the limits becomes a cancel.
/// </summary>
public static class OrderDifference
{
    // More than a ladder ever needs; beyond it the work space comes from the heap.
    private const int OrdersOnStack = 64;

    /// <param name="target">The ladder wanted.</param>
    /// <param name="live">All live orders; those of other instruments are left out.</param>
    /// <param name="ids">Gives ids to new orders.</param>
    /// <param name="tolerance">When an order is close enough.</param>
    /// <param name="limits">What the orders may not exceed.</param>
    public static OrderChanges Between(
        QuoteTarget target, LiveOrdersState live, OrderIdState ids, OrderParameters tolerance, in OrderLimits limits)
    {
        var count = live.Orders.Length;
        Span<int> work = count <= OrdersOnStack ? stackalloc int[OrdersOnStack] : new int[count];
        var levelsMax = Math.Max(target.Bids.Length, target.Asks.Length);
        Span<bool> taken = levelsMax <= QuoteParameters.MaxLevels ? stackalloc bool[QuoteParameters.MaxLevels] : new bool[levelsMax];
        var intents = new Intents(live, limits);
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            taken.Clear();
            var wanted = new Wanted((side == Side.Buy ? target.Bids : target.Asks).AsSpan(), taken);
            var resting = work[..Resting(live.Orders.AsSpan(), target.Instrument, side, work)];
            intents.CancelOutright(ref resting);
            Match(live.Orders.AsSpan(), ref resting, wanted, tolerance);
            foreach (var index in resting) intents.Answer(live.Orders[index], wanted);
            ids = intents.Place(target.Instrument, side, wanted, ids);
        }

        return new(intents.InOrder(), ids, intents.IsWaiting);
    }

    /// <summary>The orders of a side that are not on their way out, near before far.</summary>
    private static int Resting(ReadOnlySpan<LiveOrder> orders, InstrumentId instrument, Side side, Span<int> resting)
    {
        var count = 0;
        for (var i = 0; i < orders.Length; i++)
        {
            if (orders[i].Instrument != instrument || orders[i].Side != side) continue;
            // A leg of the router is no part of a ladder; it counts against the limits and stands in the way like any other order.
            if (orders[i].TimeInForce == TimeInForce.ImmediateOrCancel) continue;
            if (orders[i].Status >= OrderStatus.PendingCancel && !orders[i].IsCancelRefused) continue;
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

        public QuoteLevel this[int index] => _levels[index];

        public bool IsTaken(int index) => _taken[index];

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

        /// <summary>The nearest free level that is no larger than <paramref name="lots"/>, or −1.</summary>
        public int FirstUpTo(long lots)
        {
            for (var i = 0; i < Count; i++)
                if (!_taken[i] && _levels[i].SizeLots <= lots) return i;
            return -1;
        }

        public void Take(int index) => _taken[index] = true;

        // In decimal: a tolerance such as 0.29 has no exact double, and would miss its own boundary.
        private static bool IsWithin(QuoteLevel level, LiveOrder order, OrderParameters tolerance) =>
            Math.Abs(level.PriceTicks - order.PriceTicks) <= Math.Max(1, level.PriceTicks * (decimal)tolerance.PriceToleranceBps / 10_000)
            && Math.Abs(level.SizeLots - order.RemainingLots) <= level.SizeLots * (decimal)tolerance.SizeTolerance;
    }

    /// <summary>What is to be done, by kind; nothing is allocated for a kind that does not occur.</summary>
    private struct Intents(LiveOrdersState live, in OrderLimits limits)
    {
        private readonly LiveOrdersState _live = live;
        private readonly OrderLimits _limits = limits;
        private List<OrderIntent>? _cancels;
        private List<OrderIntent>? _amends;
        private List<OrderIntent>? _places;
        private OrderRoom _room;
        private bool _isRoomKnown;

        public bool IsWaiting { get; private set; }

        /// <summary>Takes out what no level can keep.</summary>
        public void CancelOutright(ref Span<int> resting)
        {
            var (orders, left) = (_live.Orders, 0);
            foreach (var index in resting)
            {
                if (orders[index].IsCancelRefused || _limits.IsTooOld(orders[index])) Cancel(orders[index]);
                else resting[left++] = index;
            }

            resting = resting[..left];
        }

        /// <summary>What becomes of an order that matches no level.</summary>
        public void Answer(LiveOrder order, Wanted wanted)
        {
            // An amendment may lower the size, never raise it; an order of which an answer is awaited can only be cancelled.
            if (!order.IsSettled || !_limits.Instrument.AmendsInPlace || wanted.FirstUpTo(order.RemainingLots) is not (>= 0 and var index))
            {
                Cancel(order);
                return;
            }

            var level = wanted[index];
            if (Room().Crosses(order.Side, level.PriceTicks))
            {
                wanted.Take(index);
                IsWaiting = true;
            }
            else if (Room().TryAmend(order, level))
            {
                wanted.Take(index);
                (_amends ??= []).Add(Intent(OrderIntentKind.Amend, order.Instrument, order.ClientOrderId, order.Side, level));
            }
            else
            {
                Cancel(order);
            }
        }

        /// <summary>New orders for the levels that are left, near before far: one that has to wait lets none behind it take its room.</summary>
        public OrderIdState Place(InstrumentId instrument, Side side, Wanted wanted, OrderIdState ids)
        {
            for (var i = 0; i < wanted.Count; i++)
            {
                if (wanted.IsTaken(i)) continue;
                if (Room().Crosses(side, wanted[i].PriceTicks) || !Room().TryPlace(side, wanted[i]))
                {
                    IsWaiting = true;
                    break;
                }

                ids = ids.Next();
                (_places ??= []).Add(Intent(OrderIntentKind.Place, instrument, ids.Current, side, wanted[i]));
            }

            return ids;
        }

        public readonly ImmutableArray<OrderIntent> InOrder() =>
            _cancels is null && _amends is null && _places is null ? [] : [.. _cancels ?? [], .. _amends ?? [], .. _places ?? []];

        private void Cancel(LiveOrder order) => (_cancels ??= []).Add(
            Intent(OrderIntentKind.Cancel, order.Instrument, order.ClientOrderId, order.Side, new(order.PriceTicks, order.RemainingLots)));

        // Reckoned when something changes only: mostly nothing does.
        [UnscopedRef]
        private ref OrderRoom Room()
        {
            if (!_isRoomKnown) (_room, _isRoomKnown) = (new OrderRoom(_live, _limits), true);
            return ref _room;
        }

        private static OrderIntent Intent(OrderIntentKind kind, InstrumentId instrument, string id, Side side, QuoteLevel level) => new()
        {
            Kind = kind, Instrument = instrument, ClientOrderId = id, Side = side, PriceTicks = level.PriceTicks, SizeLots = level.SizeLots,
            IsPostOnly = true,
        };
    }
}
