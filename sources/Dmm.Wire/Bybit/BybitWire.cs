using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// Bybit v5, spot and perpetual contracts: order books by <see cref="BookSequenceRule.RisingId"/>, public trades, funding from tickers, our orders,
/// fills,
/// balances and positions, and the replies of its REST interface. What surprises about the venue is in the README beside this file.
/// </summary>
/// <remarks>
/// Keeps what tickers have told of funding, because they tell the rest as differences: the frames of one wire are parsed by one thread. Replies may
/// be
/// read beside them.
/// </remarks>
public sealed class BybitWire : IVenueWire
{
    private readonly BybitFastPath _fastPath;
    private readonly BybitGeneralPath _generalPath;
    private readonly BybitReplies _replies;

    /// <param name="venue">Name of the venue; spot and contracts have one each.</param>
    /// <param name="product">What its instruments are.</param>
    /// <param name="depth">Levels a side of the order book's channel.</param>
    /// <param name="instruments">The instruments whose frames are expected; each must be of that venue.</param>
    /// <exception cref="ArgumentException">No instrument is given, one is of another venue, or two share a symbol.</exception>
    public BybitWire(string venue, BybitProduct product, int depth, IReadOnlyList<Instrument> instruments)
    {
        Venue = venue;
        Instruments = WireInstruments.Checked(venue, instruments);
        var symbols = new SymbolTable([.. instruments.Select(i => (i.Symbol, new WireSymbol(i, i.Symbol)))]);
        var privateMessages = new BybitPrivateMessages(venue, product, symbols);
        _fastPath = new BybitFastPath(symbols, depth);
        _generalPath = new BybitGeneralPath(venue, product, depth, symbols, privateMessages);
        _replies = new BybitReplies(venue, privateMessages, _generalPath);
    }

    public string Venue { get; }

    public IReadOnlyList<Instrument> Instruments { get; }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) => Parse(frame, receiveTime, batch, out _);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>, and says what the frame is.</summary>
    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = new(VenueFrameKind.Data);
        return TryParseFast(frame, receiveTime, batch) ? ParseStatus.Parsed : ParseGeneral(frame, receiveTime, batch, out heard);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _replies.Book(instrument, body, receiveTime, batch);
    }

    /// <summary>Parses the body of a reply with public trades, newest first as the venue lists them.</summary>
    public ParseStatus ParseTrades(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _replies.Trades(instrument, body, receiveTime, batch);
    }

    /// <summary>Parses the body of a reply with orders, newest first as the venue lists them.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="changedAfter">Orders that have not changed since are passed over; <see cref="Timestamp.None"/> asks for all.</param>
    /// <param name="batch">Takes an order update each.</param>
    /// <param name="page">Where the list goes on.</param>
    public ParseStatus ParseOrders(ReadOnlySpan<byte> body, Timestamp changedAfter, MessageBatch batch, out BybitPage page)
    {
        batch.Clear();
        return _replies.Orders(body, changedAfter, batch, out page);
    }

    /// <summary>
    /// What has been executed of each open order of a reply, in lots by client order id; null, with the fault, where the reply cannot be read.
    /// </summary>
    public IReadOnlyDictionary<string, long>? ParseExecuted(ReadOnlySpan<byte> body, out BybitPage page, out string? fault) =>
        _replies.Executed(body, out page, out fault);

    /// <summary>Parses the body of a reply with fills, newest first as the venue lists them.</summary>
    public ParseStatus ParseFills(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page)
    {
        batch.Clear();
        return _replies.Fills(body, batch, out page);
    }

    /// <summary>Parses the body of a reply with the wallet.</summary>
    public ParseStatus ParseBalances(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _replies.Balances(body, batch);
    }

    /// <summary>Parses the body of a reply with positions, of which it tells no more than those that there are.</summary>
    public ParseStatus ParsePositions(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page)
    {
        batch.Clear();
        return _replies.Positions(body, batch, out page);
    }

    /// <summary>Why an account whose positions in a reply are these is not in one-way mode, or the reply cannot be read; null where it is.</summary>
    public string? PositionModeFault(ReadOnlySpan<byte> body) => _replies.PositionModeFault(body);

    /// <summary>
    /// Parses a frame of a hot channel that follows the venue's grammar to the letter; false, with an empty batch, for anything else.
    /// </summary>
    internal bool TryParseFast(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        if (_fastPath.TryParse(frame, receiveTime, batch)) return true;
        batch.Clear();
        return false;
    }

    /// <summary>Parses any frame, and explains what is wrong with it.</summary>
    internal ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        batch.Clear();
        return _generalPath.Parse(frame, receiveTime, batch, out heard);
    }
}
