using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Gate v4, spot or USDT perpetuals: order books (<c>order_book_update</c>, <c>obu</c>), <c>trades</c>, <c>book_ticker</c>, funding from
/// <c>futures.tickers</c>, the private <c>orders</c>, <c>usertrades</c> and <c>balances</c>, and the REST replies. An update of a book covers the ids
/// <c>U</c> to <c>u</c>; one marked <c>full</c> replaces the book. Orders and fills without a client order id of ours are passed over. The README
/// beside this file tells what surprises.
/// </summary>
/// <remarks>Source: gate.com API v4, spot and futures, REST and WebSocket; recorded frames of 2021-04-22.</remarks>
public sealed class GateioWire : IVenueWire
{
    private readonly GateioFastPath _fastPath;
    private readonly GateioGeneralPath _generalPath;
    private readonly GateioMarketData _market;

    /// <param name="product">The market.</param>
    /// <param name="instruments">The instruments whose frames are expected; each must be of that market's venue.</param>
    /// <exception cref="ArgumentException">None is given, one is of another venue, or two share a symbol.</exception>
    public GateioWire(GateioProduct product, IReadOnlyList<Instrument> instruments)
    {
        Product = product;
        Venue = GateioInstruments.Venue(product);
        Instruments = WireInstruments.Checked(Venue, instruments);
        var symbols = new SymbolTable([.. instruments.Select(i => (i.Symbol, new WireSymbol(i, i.Symbol)))]);
        _fastPath = new GateioFastPath(product, symbols);
        _generalPath = new GateioGeneralPath(product, Venue, symbols);
        _market = new GateioMarketData(product, symbols);
    }

    public GateioProduct Product { get; }

    public string Venue { get; }

    public IReadOnlyList<Instrument> Instruments { get; }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) => Parse(frame, receiveTime, batch, out _);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>, and says what the frame is to its session.</summary>
    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = new(VenueFrameKind.Data);
        return TryParseFast(frame, receiveTime, batch) ? ParseStatus.Parsed : ParseGeneral(frame, receiveTime, batch, out heard);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return GateioMarketData.AddSnapshot(body, instrument, receiveTime, batch) is { } fault
            ? batch.Reject(Venue, fault, body)
            : ParseStatus.Parsed;
    }

    /// <summary>Parses the public trades of one instrument, newest first as the venue gives them.</summary>
    public ParseStatus ParseTrades(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.ParseArray(body, "trades", batch, json => _market.AddTrade(json, instrument.Symbol, receiveTime, batch), out _);
    }

    /// <summary>Parses a reply with one order: its update is the batch's one message, or there is none where the order is not ours.</summary>
    public ParseStatus ParseOrder(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.Private.AddOrder(body, batch) is { } fault ? batch.Reject(Venue, $"order: {fault}", body) : ParseStatus.Parsed;
    }

    /// <summary>Parses a page of orders; only ours become messages.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="batch">As for <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>.</param>
    /// <param name="count">How many orders the page has, of whatever owner: fewer than asked for end the list.</param>
    public ParseStatus ParseOrders(ReadOnlySpan<byte> body, MessageBatch batch, out int count)
    {
        batch.Clear();
        return _generalPath.ParseArray(body, "orders", batch, json => _generalPath.Private.AddOrder(json, batch), out count);
    }

    /// <summary>Parses a page of our fills of one instrument, newest first as the venue gives them.</summary>
    /// <param name="instrument">The one that was asked for: not every reply names it.</param>
    /// <param name="body">UTF-8.</param>
    /// <param name="batch">As for <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>.</param>
    /// <param name="count">As for <see cref="ParseOrders"/>.</param>
    public ParseStatus ParseFills(Instrument instrument, ReadOnlySpan<byte> body, MessageBatch batch, out int count)
    {
        batch.Clear();
        return _generalPath.ParseArray(body, "fills", batch, json => _generalPath.Private.AddFill(json, instrument, batch), out count);
    }

    /// <summary>Parses a reply with balances: spot's is an array, the contracts' account one object. Neither names a time.</summary>
    public ParseStatus ParseBalances(ReadOnlySpan<byte> body, Timestamp at, MessageBatch batch)
    {
        batch.Clear();
        if (Product == GateioProduct.Spot)
            return _generalPath.ParseArray(body, "balances", batch, json => _generalPath.Private.AddBalance(json, at, batch), out _);
        return _generalPath.Private.AddBalance(body, at, batch) is { } fault ? batch.Reject(Venue, $"balance: {fault}", body) : ParseStatus.Parsed;
    }

    /// <summary>Parses a page of the positions of contracts: a report for each that is of these instruments.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="at">When it was asked for: the venue tells when a position last changed, not when it counted.</param>
    /// <param name="batch">As for <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>.</param>
    /// <param name="count">As for <see cref="ParseOrders"/>.</param>
    public ParseStatus ParsePositions(ReadOnlySpan<byte> body, Timestamp at, MessageBatch batch, out int count)
    {
        batch.Clear();
        return _generalPath.ParseArray(body, "positions", batch, json => _generalPath.Private.AddPosition(json, at, batch), out count);
    }

    /// <summary>Why an account of contracts that is like this is not in single mode, or the reply cannot be read; null where it is.</summary>
    public static string? PositionModeFault(ReadOnlySpan<byte> body)
    {
        var fields = new JsonFields(body, ["in_dual_mode"], stackalloc JsonSlice[1]);
        var isDual = fields.Flag(0);
        return fields.Fault is { } fault ? $"the account cannot be read: {fault}"
            : isDual ? "in_dual_mode is true: expected false, one position for a contract" : null;
    }

    /// <summary>
    /// What our orders in a reply (one order, or an array of them) have traded so far, lots by client order id; null where the reply cannot be read.
    /// </summary>
    public IReadOnlyDictionary<string, long>? ParseFilled(ReadOnlySpan<byte> body)
    {
        var filled = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!body.TrimStart(" \r\n\t"u8).StartsWith("["u8))
            return _generalPath.Private.AddFilled(body, filled) is null ? filled : null;
        var batch = new MessageBatch();
        var status = _generalPath.ParseArray(body, "orders", batch, json => _generalPath.Private.AddFilled(json, filled), out _);
        return status == ParseStatus.Parsed ? filled : null;
    }

    /// <summary>The venue's clock, from the reply to <c>GET /api/v4/spot/time</c>; not known where it cannot be read.</summary>
    public static Timestamp ParseTime(ReadOnlySpan<byte> body)
    {
        var fields = new JsonFields(body, ["server_time"], stackalloc JsonSlice[1]);
        var time = fields.Milliseconds(0);
        return fields.Fault is null ? time : Timestamp.None;
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
    internal ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        batch.Clear();
        return _generalPath.Parse(frame, receiveTime, batch, out heard);
    }
}
