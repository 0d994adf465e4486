using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What the book shows, and what it is made again from.</summary>
public sealed partial class OrderBook : IBookDepth, IBookView
{
    private const double EdgeToleranceTicks = 1e-6;

    /// <summary>
    /// The touch as it stands. While the book is broken it is the last one known, with a status that forbids its use; a side without a level is all
    /// zero.
    /// </summary>
    public BookTop Top => new()
    {
        Instrument = _instrument.Id, Status = Status, Bid = _bids.Best, Ask = _asks.Best, LastUpdateId = _last.LastUpdateId,
        VenueTime = _venueTime, Depth = this,
    };

    public int CopyLevels(Side side, Span<BookLevel> levels) => Of(side).CopyLevels(levels);

    public long LotsAt(Side side, long priceTicks) => Of(side).LotsAt(priceTicks * side.Sign());

    public long LotsWithin(Side side, double distanceBps)
    {
        if (Status != BookStatus.Valid || !(distanceBps >= 0)) return 0;
        var midTicks = (_bids.BestKey - _asks.BestKey) * 0.5;
        var reachTicks = midTicks * (distanceBps * 1e-4);

        // As keys: a bid lies at or above mid − reach, an ask's negative at or above −(mid + reach). A level on the edge counts, whatever the last
        // bit says.
        var edgeKey = side == Side.Buy ? midTicks - reachTicks : -midTicks - reachTicks;
        return Of(side).LotsFrom((long)Math.Ceiling(edgeKey - EdgeToleranceTicks));
    }

    public OrderBookState Capture() => new()
    {
        Status = Status,
        LastUpdateId = _last.LastUpdateId,
        LastTime = _last.VenueTime,
        IsAtSnapshot = _last.IsSnapshot,
        VenueTime = _venueTime,
        Bids = _bids.Capture(),
        Asks = _asks.Capture(),
        Kept = _kept.Capture(),
        Counters = Counters,
    };

    private BookSide Of(Side side) => side == Side.Buy ? _bids : _asks;
}
