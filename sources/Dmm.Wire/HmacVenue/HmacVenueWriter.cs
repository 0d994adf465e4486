using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// The venue's side of the answers: messages to the bytes that <see cref="HmacVenueWire"/> reads. Each call writes one frame or body, in UTF-8,
/// to the
/// end of the buffer. Not thread-safe.
/// </summary>
public sealed partial class HmacVenueWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyDictionary<InstrumentId, Instrument> _instruments;
    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(1), Options);

    /// <param name="venue">Name of the venue.</param>
    /// <param name="instruments">What it lists.</param>
    public HmacVenueWriter(string venue, IReadOnlyList<Instrument> instruments) =>
        _instruments = WireInstruments.Checked(venue, instruments).ToDictionary(i => i.Id);

    /// <summary>A frame of channel <c>book</c>.</summary>
    public void Book(in BookUpdate book, IBufferWriter<byte> into)
    {
        var instrument = Begin(into, "book"u8, book.Instrument);
        _json.WriteString("type"u8, book.IsSnapshot ? "snapshot"u8 : "delta"u8);
        _json.WriteNumber("U"u8, book.FirstUpdateId);
        _json.WriteNumber("u"u8, book.LastUpdateId);
        Levels(book, instrument);
        End();
    }

    /// <summary>A frame of channel <c>trades</c>: one trade or more, of one instrument.</summary>
    public void Trades(ReadOnlySpan<Trade> trades, IBufferWriter<byte> into)
    {
        var instrument = Begin(into, "trades"u8, trades[0].Instrument);
        Trades(trades, instrument);
        End();
    }

    /// <summary>A frame of channel <c>orders</c>.</summary>
    /// <param name="update">Must not have a pending status.</param>
    /// <param name="sequence">One above that of the account's order message before.</param>
    /// <param name="into">Where to.</param>
    public void Order(OrderUpdate update, long sequence, IBufferWriter<byte> into)
    {
        Begin(into, "orders"u8);
        _json.WriteNumber("seq"u8, sequence);
        _json.WritePropertyName("order"u8);
        Write(update);
        End();
    }

    /// <summary>A frame of channel <c>fills</c>.</summary>
    public void Fill(Fill fill, long sequence, IBufferWriter<byte> into)
    {
        Begin(into, "fills"u8);
        _json.WriteNumber("seq"u8, sequence);
        _json.WritePropertyName("fill"u8);
        Write(fill);
        End();
    }

    public void Pong(long number, Timestamp at, IBufferWriter<byte> into)
    {
        Begin(into, "pong"u8);
        _json.WriteNumber("id"u8, number);
        Time(at);
        End();
    }

    public void LoggedIn(IBufferWriter<byte> into)
    {
        Begin(into, "login"u8);
        End();
    }

    public void Subscribed(IBufferWriter<byte> into)
    {
        Begin(into, "subscribed"u8);
        End();
    }

    /// <summary>An error frame of the web socket.</summary>
    public void Error(string code, string words, IBufferWriter<byte> into)
    {
        Begin(into, "error"u8);
        _json.WriteString("code"u8, code);
        _json.WriteString("message"u8, words);
        End();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(IBufferWriter<byte> into)
    {
        _json.Reset(into);
        _json.WriteStartObject();
    }

    private void Begin(IBufferWriter<byte> into, ReadOnlySpan<byte> channel)
    {
        Begin(into);
        _json.WriteString("channel"u8, channel);
    }

    private Instrument Begin(IBufferWriter<byte> into, ReadOnlySpan<byte> channel, InstrumentId id)
    {
        Begin(into, channel);
        _json.WriteString("symbol"u8, _instruments[id].Symbol);
        return _instruments[id];
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    private void Write(OrderUpdate order)
    {
        var instrument = _instruments[order.Instrument];
        _json.WriteStartObject();
        _json.WriteString("clientOrderId"u8, order.ClientOrderId);
        _json.WriteString("symbol"u8, instrument.Symbol);
        WriteSide(order.Side);
        _json.WriteString("status"u8, HmacPrivateMessages.Text(order.Status));
        Number("price"u8, instrument.Prices.ToDecimal(order.PriceTicks));
        Number("remaining"u8, instrument.Sizes.ToDecimal(order.RemainingLots));
        if (order.FilledLots is { } filled) Number("filled"u8, instrument.Sizes.ToDecimal(filled));
        _json.WriteString("reason"u8, order.Reason);
        _json.WriteEndObject();
    }

    private void Write(Fill fill)
    {
        _json.WriteStartObject();
        _json.WriteString("tradeId"u8, fill.TradeId);
        _json.WriteString("clientOrderId"u8, fill.ClientOrderId);
        _json.WriteString("symbol"u8, _instruments[fill.Instrument].Symbol);
        WriteSide(fill.Side);
        Number("price"u8, fill.Price);
        Number("size"u8, fill.Quantity);
        Number("fee"u8, fill.Fee);
        _json.WriteString("feeAsset"u8, fill.FeeAsset);
        _json.WriteBoolean("maker"u8, fill.IsMaker);
        Time(fill.VenueTime);
        _json.WriteEndObject();
    }

    private void Trades(ReadOnlySpan<Trade> trades, Instrument instrument)
    {
        _json.WriteStartArray("trades"u8);
        foreach (ref readonly var trade in trades)
        {
            _json.WriteStartObject();
            _json.WriteNumber("id"u8, trade.TradeId);
            WriteSide(trade.Aggressor);
            Number("price"u8, instrument.Prices.ToDecimal(trade.PriceTicks));
            Number("size"u8, instrument.Sizes.ToDecimal(trade.SizeLots));
            Time(trade.VenueTime);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Levels(in BookUpdate book, Instrument instrument)
    {
        Time(book.VenueTime);
        _json.WriteStartArray("bids"u8);
        Levels(book.Bids, instrument);
        _json.WriteEndArray();
        _json.WriteStartArray("asks"u8);
        Levels(book.Asks, instrument);
        _json.WriteEndArray();
    }

    private void Levels(ReadOnlySpan<BookLevel> levels, Instrument instrument)
    {
        foreach (var level in levels)
        {
            _json.WriteStartArray();
            Number(instrument.Prices.ToDecimal(level.PriceTicks));
            Number(instrument.Sizes.ToDecimal(level.SizeLots));
            _json.WriteEndArray();
        }
    }

    private void WriteSide(Side side) => _json.WriteString("side"u8, side == Side.Buy ? "buy"u8 : "sell"u8);

    private void Time(Timestamp at) => _json.WriteNumber("time"u8, at.ToDateTimeOffset().ToUnixTimeMilliseconds());

    private void Number(ReadOnlySpan<byte> name, decimal value)
    {
        _json.WritePropertyName(name);
        Number(value);
    }

    private void Number(decimal value)
    {
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        _json.WriteStringValue(text[..length]);
    }
}
