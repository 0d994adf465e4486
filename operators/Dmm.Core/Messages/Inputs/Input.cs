using System.Diagnostics.CodeAnalysis;

namespace Dmm.Core.Messages;

public enum InputKind : byte
{
    Book,
    Top,
    Trade,
    Control,
}

/// <summary>
/// One item on its way into the engine: a tagged union that travels by value, so that a queue of them allocates nothing for market data. Built from a
/// message, and read back by the property of its <see cref="Kind"/>; the others throw.
/// </summary>
public readonly struct Input
{
    private readonly InstrumentId _instrument;
    private readonly Timestamp _venueTime;
    private readonly Timestamp _receiveTime;
    private readonly long _a;
    private readonly long _b;
    private readonly long _c;
    private readonly long _d;
    private readonly long _e;
    private readonly int _count;
    private readonly bool _flag;
    private readonly ReadOnlyMemory<BookLevel> _levels;
    private readonly ControlMessage? _control;

    public Input(in BookUpdate book)
    {
        Kind = InputKind.Book;
        _instrument = book.Instrument;
        _venueTime = book.VenueTime;
        _receiveTime = book.ReceiveTime;
        _flag = book.IsSnapshot;
        (_a, _b, _c, _d) = (book.FirstUpdateId, book.LastUpdateId, book.PreviousUpdateId, book.Checksum);
        _count = book.BidCount;
        _levels = book.Levels;
    }

    public Input(in VenueTop top)
    {
        Kind = InputKind.Top;
        _instrument = top.Instrument;
        _venueTime = top.VenueTime;
        _receiveTime = top.ReceiveTime;
        (_a, _b, _c, _d, _e) = (top.UpdateId, top.Bid.PriceTicks, top.Bid.SizeLots, top.Ask.PriceTicks, top.Ask.SizeLots);
    }

    public Input(in Trade trade)
    {
        Kind = InputKind.Trade;
        _instrument = trade.Instrument;
        _venueTime = trade.VenueTime;
        _receiveTime = trade.ReceiveTime;
        (_a, _b, _c) = (trade.TradeId, trade.PriceTicks, trade.SizeLots);
        _flag = trade.Aggressor == Side.Sell;
    }

    public Input(ControlMessage control)
    {
        Kind = InputKind.Control;
        _control = control;
    }

    public InputKind Kind { get; }

    /// <summary>The instrument of market data.</summary>
    public InstrumentId Instrument => Kind != InputKind.Control ? _instrument : throw Mismatch("market data");

    /// <summary>Exchange time of market data.</summary>
    public Timestamp VenueTime => Kind != InputKind.Control ? _venueTime : throw Mismatch("market data");

    public BookUpdate Book => Kind == InputKind.Book
        ? new()
        {
            Instrument = _instrument, IsSnapshot = _flag, VenueTime = _venueTime, ReceiveTime = _receiveTime, FirstUpdateId = _a, LastUpdateId = _b,
            PreviousUpdateId = _c, Checksum = (int)_d, BidCount = _count, Levels = _levels,
        }
        : throw Mismatch(nameof(Book));

    public VenueTop Top => Kind == InputKind.Top
        ? new() { Instrument = _instrument, VenueTime = _venueTime, ReceiveTime = _receiveTime, UpdateId = _a, Bid = new(_b, _c), Ask = new(_d, _e) }
        : throw Mismatch(nameof(Top));

    public Trade Trade => Kind == InputKind.Trade
        ? new()
        {
            Instrument = _instrument, VenueTime = _venueTime, ReceiveTime = _receiveTime, TradeId = _a, PriceTicks = _b, SizeLots = _c,
            Aggressor = _flag ? Side.Sell : Side.Buy,
        }
        : throw Mismatch(nameof(Trade));

    public ControlMessage Control => _control ?? throw Mismatch(nameof(Control));

    [SuppressMessage("Design", "CA1024", Justification = "builds an exception")]
    private InvalidOperationException Mismatch(string asked) => new($"this input is {Kind}, not {asked}");
}
