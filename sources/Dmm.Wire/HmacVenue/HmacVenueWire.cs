using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// The generic HMAC order-book venue: channels <c>book</c> and <c>trades</c>, the private <c>orders</c> and <c>fills</c>, and the venue's
/// answers; the
/// protocol is in the README beside this file. Private messages become <see cref="Core.Messages.OrderUpdate"/> and <see
/// cref="Core.Messages.Fill"/>; a
/// fill does not know when its order was quoted. An error of the venue becomes a <see cref="Core.Messages.Rejected"/> with the venue's words.
/// </summary>
public sealed class HmacVenueWire : IVenueWire
{
    private readonly HmacVenueFastPath _fastPath;
    private readonly HmacVenueGeneralPath _generalPath;

    /// <param name="venue">Name of the venue.</param>
    /// <param name="instruments">The instruments whose frames are expected; each must be of that venue.</param>
    /// <exception cref="ArgumentException">None is given, one is of another venue, or two share a symbol.</exception>
    public HmacVenueWire(string venue, IReadOnlyList<Instrument> instruments)
    {
        Venue = venue;
        Instruments = WireInstruments.Checked(venue, instruments);
        var symbols = new SymbolTable([.. instruments.Select(i => (i.Symbol, new WireSymbol(i, i.Symbol)))]);
        _fastPath = new HmacVenueFastPath(symbols);
        _generalPath = new HmacVenueGeneralPath(venue, symbols);
    }

    public string Venue { get; }

    public IReadOnlyList<Instrument> Instruments { get; }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) => Parse(frame, receiveTime, batch, out _);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte}, Timestamp, MessageBatch)"/>, and says what the frame is.</summary>
    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        TryParseFast(frame, receiveTime, batch, out heard) ? ParseStatus.Parsed : ParseGeneral(frame, receiveTime, batch, out heard);

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _generalPath.ParseSnapshot(instrument, body, receiveTime, batch);
    }

    /// <summary>Parses the body of a reply with public trades, which become trades of the batch.</summary>
    public ParseStatus ParseTrades(ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.ParseTrades(body, receiveTime, batch, out _);
    }

    /// <summary>Parses the body of a reply with one order (<c>order</c>): its update is the batch's one message.</summary>
    public ParseStatus ParseOrder(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.ParseOrder(body, batch);
    }

    /// <summary>Parses the body of a reply with orders; gives the number of the last order message it takes in.</summary>
    public ParseStatus ParseOrders(ReadOnlySpan<byte> body, MessageBatch batch, out long sequence)
    {
        batch.Clear();
        return _generalPath.ParseOrders(body, batch, out sequence);
    }

    /// <summary>Parses the body of a reply with fills, oldest first; gives the number of the account's last fill.</summary>
    public ParseStatus ParseFills(ReadOnlySpan<byte> body, MessageBatch batch, out long sequence)
    {
        batch.Clear();
        return _generalPath.ParseFills(body, batch, out sequence);
    }

    /// <summary>The number in the body of the reply to a cancel of many; null where it holds none.</summary>
    public static int? ParseCancelled(ReadOnlySpan<byte> body)
    {
        var fields = new JsonFields(body, ["cancelled"], stackalloc JsonSlice[1]);
        var count = (int)fields.Integer(0, max: int.MaxValue);
        return fields.Fault is null ? count : null;
    }

    /// <summary>Parses the body of a reply with balances.</summary>
    public ParseStatus ParseBalances(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.ParseBalances(body, batch);
    }

    /// <summary>
    /// Parses a frame of a hot channel that follows the venue's grammar to the letter; false, with an empty batch, for anything else.
    /// </summary>
    internal bool TryParseFast(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        batch.Clear();
        if (_fastPath.TryParse(frame, receiveTime, batch, out heard)) return true;
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
