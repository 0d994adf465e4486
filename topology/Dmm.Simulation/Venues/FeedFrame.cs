using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>What a public feed says of one instant: its trades, then one delta or snapshot; or a word on the link. Used again after it was delivered.</summary>
internal sealed class FeedFrame
{
    private readonly List<long> _bidTicks = [];
    private readonly List<long> _askTicks = [];
    private BookLevel[] _levels = [];
    private int _levelCount;
    private int _bidCount;

    public Timestamp VenueTime { get; private set; }

    /// <summary>Where the frame is a word on the link, and nothing else.</summary>
    public FeedStatus? Status { get; private set; }

    public List<Trade> Trades { get; } = [];

    public bool IsSnapshot { get; set; }

    /// <summary>The book's part of it is lost on the way.</summary>
    public bool IsBookLost { get; set; }

    private long FirstUpdateId { get; set; }

    private long LastUpdateId { get; set; }

    /// <summary>Begins anew.</summary>
    public void Open(Timestamp venueTime, long firstUpdateId, FeedStatus? status)
    {
        (VenueTime, FirstUpdateId, Status, IsSnapshot, IsBookLost) = (venueTime, firstUpdateId, status, false, false);
        Trades.Clear();
        _bidTicks.Clear();
        _askTicks.Clear();
    }

    public void Touch(Side side, long priceTicks) => (side == Side.Buy ? _bidTicks : _askTicks).Add(priceTicks);

    /// <summary>Takes up the levels as they stand at the end of the instant.</summary>
    public void Seal(LimitOrderBook book, long lastUpdateId)
    {
        LastUpdateId = lastUpdateId;
        _levelCount = 0;
        if (IsSnapshot)
        {
            FirstUpdateId = lastUpdateId;
            Reserve(book.LevelCount(Side.Buy) + book.LevelCount(Side.Sell));
            _bidCount = book.CopyLevels(Side.Buy, _levels);
            _levelCount = _bidCount + book.CopyLevels(Side.Sell, _levels.AsSpan(_bidCount));
            return;
        }

        Reserve(_bidTicks.Count + _askTicks.Count);
        Take(book, Side.Buy, _bidTicks);
        _bidCount = _levelCount;
        Take(book, Side.Sell, _askTicks);
    }

    public BookUpdate Book(InstrumentId instrument, Timestamp receiveTime) => new()
    {
        Instrument = instrument, IsSnapshot = IsSnapshot, VenueTime = VenueTime, ReceiveTime = receiveTime, FirstUpdateId = FirstUpdateId,
        LastUpdateId = LastUpdateId, PreviousUpdateId = -1, BidCount = _bidCount, Levels = _levels.AsMemory(0, _levelCount),
    };

    /// <summary>Each touched price once, best first.</summary>
    private void Take(LimitOrderBook book, Side side, List<long> ticks)
    {
        ticks.Sort();
        if (side == Side.Buy) ticks.Reverse();
        var former = 0L;
        foreach (var tick in ticks)
        {
            if (tick != former) _levels[_levelCount++] = new(tick, book.LotsAt(side, tick));
            former = tick;
        }
    }

    private void Reserve(int count)
    {
        if (_levels.Length < count) _levels = new BookLevel[Math.Max(count, 2 * _levels.Length)];
    }
}
