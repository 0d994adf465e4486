using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// OKX v5: order books (<c>books</c>, <c>books-l2-tbt</c>, <c>books50-l2-tbt</c>) with checksum and <c>seqId</c> where sent, <c>trades</c>,
/// <c>funding-rate</c>, <c>bbo-tbt</c>, the private <c>orders</c> and <c>account</c>, and the replies of the REST interface; the README beside this
/// file tells what is particular. Tickers are ignored: they carry no update id, so that they prove nothing about the book. An update covers the ids
/// behind its <c>prevSeqId</c> up to its <c>seqId</c>; without them all ids are 0. An error of the venue becomes a
/// <see cref="Core.Messages.Rejected"/> with the venue's words.
/// </summary>
/// <remarks>
/// Source: OKX API v5 documentation, channels of order book trading, trading account and public data; recorded frames of 2022-05-13.
/// </remarks>
public sealed class OkxWire : IVenueWire
{
    private readonly OkxFastPath _fastPath;
    private readonly OkxGeneralPath _generalPath;
    private readonly OkxReplies _replies;

    /// <param name="instruments">The instruments whose frames are expected; each must be of venue <c>okx</c>.</param>
    /// <exception cref="ArgumentException">None is given, one is of another venue, or two share a symbol.</exception>
    public OkxWire(IReadOnlyList<Instrument> instruments)
    {
        Instruments = WireInstruments.Checked(Venue, instruments);
        var symbols = new SymbolTable([.. instruments.Select(i => (i.Symbol, new WireSymbol(i, i.Symbol)))]);
        _fastPath = new(symbols);
        _generalPath = new(Venue, symbols);
        _replies = new(Venue, symbols);
    }

    public string Venue => OkxInstruments.Venue;

    public IReadOnlyList<Instrument> Instruments { get; }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) => Parse(frame, receiveTime, batch, out _);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>, and says what the frame is.</summary>
    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        if (!TryParseFast(frame, receiveTime, batch)) return ParseGeneral(frame, receiveTime, batch, out heard);
        heard = new(VenueFrameKind.Data);
        return ParseStatus.Parsed;
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _replies.Snapshot(instrument, body, receiveTime, batch);
    }

    /// <summary>Parses the body of a reply with public trades, which become trades of the batch, newest first as the venue has them.</summary>
    /// <exception cref="ArgumentException">The wire does not have the instrument.</exception>
    public ParseStatus ParseTrades(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _replies.Trades(instrument, body, receiveTime, batch);
    }

    /// <summary>
    /// Parses the body of a reply with orders, one or a page: those of these instruments that have a client order id become the batch's messages.
    /// </summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="changedFrom">Unix time in milliseconds: orders that changed last before it are passed over.</param>
    /// <param name="batch">As for <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>.</param>
    /// <param name="page">How far the page reaches, counted with the orders passed over.</param>
    public ParseStatus ParseOrders(ReadOnlySpan<byte> body, long changedFrom, MessageBatch batch, out OkxPage page)
    {
        batch.Clear();
        return _replies.Orders(body, changedFrom, batch, out page);
    }

    /// <summary>Parses the body of a reply with our fills, newest first as the venue has them; as for <see cref="ParseOrders"/>.</summary>
    public ParseStatus ParseFills(ReadOnlySpan<byte> body, MessageBatch batch, out OkxPage page)
    {
        batch.Clear();
        return _replies.Fills(body, batch, out page);
    }

    /// <summary>Parses the body of a reply with the account's balances.</summary>
    public ParseStatus ParseBalances(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _replies.Balances(body, batch);
    }

    /// <summary>Parses the body of a reply with positions: a report for each that is of these instruments.</summary>
    public ParseStatus ParsePositions(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _replies.Positions(body, batch);
    }

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
    internal ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) =>
        ParseGeneral(frame, receiveTime, batch, out _);

    private ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        batch.Clear();
        return _generalPath.Parse(frame, receiveTime, batch, out heard);
    }
}
