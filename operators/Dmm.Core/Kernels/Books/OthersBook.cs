using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// A venue's book without our own orders, which it shows beside those of others: what a fair value may be taken from. With them we would follow
/// ourselves, as whoever quotes best is the touch.
/// An order counts from its sending on; one that is being moved counts at both its places. So the moment that a request takes to arrive can hide as much of
/// others' at that level, and never shows ours as theirs.
/// One that is no longer there counts until the book has been told, too: see <see cref="OrderRemnants"/>.
/// </summary>
/// <param name="book">As the venue shows it.</param>
/// <param name="instrument">Whose book it is.</param>
/// <param name="orders">Our live orders as they stand.</param>
/// <param name="now">Engine time.</param>
public sealed class OthersBook(IBookView book, InstrumentId instrument, Func<LiveOrdersState> orders, Func<Timestamp> now) : IBookView, IBookDepth
{
    // More than a desk ever has at one instrument; beyond it the work space comes from the heap.
    private const int LevelsOnStack = 64;

    /// <summary>The touch of others; <see cref="BookStatus.OneSided"/> when a side is ours alone.</summary>
    public BookTop Top
    {
        get
        {
            var top = book.Top;
            if (!top.IsValid) return top;
            var live = orders();
            // The usual case: we rest behind the touch, or not at all.
            if (OwnLots(live, Side.Buy, top.Bid) == 0 && OwnLots(live, Side.Sell, top.Ask) == 0) return top with { Depth = this };
            var (bid, ask) = (Best(live, Side.Buy, top.Depth), Best(live, Side.Sell, top.Depth));
            return top with { Bid = bid, Ask = ask, Depth = this, Status = bid == default || ask == default ? BookStatus.OneSided : BookStatus.Valid };
        }
    }

    public int CopyLevels(Side side, Span<BookLevel> levels)
    {
        var live = orders();
        var wanted = levels.Length + LevelsOfOurs(live);
        Span<BookLevel> work = wanted <= LevelsOnStack ? stackalloc BookLevel[LevelsOnStack] : new BookLevel[wanted];
        var count = 0;
        foreach (var level in work[..book.Top.Depth.CopyLevels(side, work[..wanted])])
        {
            if (count == levels.Length) break;
            if (level.SizeLots - OwnLots(live, side, level) is > 0 and var lots) levels[count++] = level with { SizeLots = lots };
        }

        return count;
    }

    /// <summary>As of the whole book, less what is ours there.</summary>
    public long LotsWithin(Side side, double distanceBps)
    {
        var top = book.Top;
        var lots = top.Depth.LotsWithin(side, distanceBps);
        if (lots == 0) return 0;
        var mid = (top.Bid.PriceTicks + top.Ask.PriceTicks) / 2.0;
        var live = orders();
        foreach (var order in live.Orders)
        {
            if (order.Instrument == instrument && order.Side == side && Math.Abs(order.PriceTicks - mid) <= mid * distanceBps * 1e-4)
                lots -= order.RemainingLots;
        }

        foreach (var remnant in live.Remnants.AsSpan())
        {
            if (remnant.Instrument == instrument && remnant.Side == side && Math.Abs(remnant.PriceTicks - mid) <= mid * distanceBps * 1e-4
                && !OrderRemnants.IsOver(remnant, now()))
                lots -= remnant.LeftOf(top.Depth.LotsAt(side, remnant.PriceTicks));
        }

        return Math.Max(0, lots);
    }

    /// <summary>As of the whole book, less what is ours there.</summary>
    public long LotsAt(Side side, long priceTicks)
    {
        var level = new BookLevel(priceTicks, book.Top.Depth.LotsAt(side, priceTicks));
        return Math.Max(0, level.SizeLots - OwnLots(orders(), side, level));
    }

    private BookLevel Best(LiveOrdersState live, Side side, IBookDepth depth)
    {
        var wanted = LevelsOfOurs(live) + 1;
        Span<BookLevel> levels = wanted <= LevelsOnStack ? stackalloc BookLevel[LevelsOnStack] : new BookLevel[wanted];
        foreach (var level in levels[..depth.CopyLevels(side, levels[..wanted])])
            if (level.SizeLots - OwnLots(live, side, level) is > 0 and var lots) return level with { SizeLots = lots };
        return default;
    }

    // Each of our orders can take up two levels at most.
    private static int LevelsOfOurs(LiveOrdersState live) => 2 * live.Orders.Length + live.Remnants.AsSpan().Length;

    private long OwnLots(LiveOrdersState live, Side side, BookLevel level)
    {
        var lots = live.Remnants.IsDefault ? 0 : OrderRemnants.LotsAt(live, instrument, side, level.PriceTicks, level.SizeLots, now());
        foreach (var order in live.Orders)
            if (order.Side == side && order.Instrument == instrument) lots += order.LotsAt(level.PriceTicks);
        return lots;
    }
}
