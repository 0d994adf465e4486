using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Every frame and reply of the HMAC venue in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class HmacVenueGeneralPath(string venue, SymbolTable symbols)
{
    private static readonly string[] EnvelopeNames = ["channel", "symbol", "type", "U", "u", "time", "bids", "asks", "trades", "seq", "order", "fill", "id", "code", "message"];
    private static readonly string[] TradeNames = ["id", "side", "price", "size", "time"];
    private static readonly string[] ListNames = ["order", "orders", "seq", "fills", "balances", "time"];
    private static readonly string[] BalanceNames = ["asset", "total"];

    private readonly HmacPrivateMessages _private = new(symbols);

    private enum Envelope { Channel, Symbol, Type, First, Last, Time, Bids, Asks, Trades, Sequence, Order, Fill, Id, Code, Message }

    private enum Execution { Id, Side, Price, Size, Time }

    private enum List { Order, Orders, Sequence, Fills, Balances, Time }

    private enum Balance { Asset, Total }

    private delegate string? Element(ReadOnlySpan<byte> json, MessageBatch batch);

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var channel = envelope.Text((int)Envelope.Channel);
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        switch (channel)
        {
            case "book":
                heard = new(VenueFrameKind.Data);
                return ParseBook(ref envelope, frame, receiveTime, batch);
            case "trades":
                return ParseTrades(frame, receiveTime, batch, out heard);
            case "orders" or "fills":
                return ParsePrivate(ref envelope, isOrder: channel == "orders", frame, batch, out heard);
            case "subscribed":
                heard = new(VenueFrameKind.Subscribed);
                return ParseStatus.Ignored;
            case "login":
                heard = new(VenueFrameKind.LoggedIn);
                return ParseStatus.Ignored;
            case "pong":
                heard = new(VenueFrameKind.Pong, Number: envelope.Integer((int)Envelope.Id));
                return envelope.Fault is { } unnumbered ? batch.Reject(venue, $"pong: {unnumbered}", frame) : ParseStatus.Ignored;
            case "error":
                var code = envelope.Text((int)Envelope.Code);
                var words = envelope.Text((int)Envelope.Message);
                var refusal = envelope.Fault ?? $"the venue answers with error {code}: {words}";
                heard = new(VenueFrameKind.Error, refusal);
                return batch.Reject(venue, refusal, frame);
            default:
                var expected = "expected book, trades, orders, fills, subscribed, login, pong or error";
                return batch.Reject(venue, $"channel '{channel}' is not known: {expected}", frame);
        }
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var symbol = fields.Text((int)Envelope.Symbol);
        if (symbol != instrument.Symbol) fields.Fail($"a snapshot of {symbol}: expected {instrument.Symbol}");
        var last = fields.Integer((int)Envelope.Last);
        AddBook(ref fields, instrument, isSnapshot: true, last, last, receiveTime, batch);
        return Settled(ref fields, instrument, body, batch);
    }

    public ParseStatus ParseTrades(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = new(VenueFrameKind.Data);
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (Find(ref envelope, batch) is not { } instrument) return batch.Reject(venue, envelope.Fault!, frame);
        if (!envelope.IsArray((int)Envelope.Trades)) return batch.Reject(venue, $"{instrument.Symbol} trades: trades is missing: expected an array", frame);
        return Each(
            envelope.Raw((int)Envelope.Trades), $"{instrument.Symbol} trade", batch, (json, into) => AddTrade(json, instrument, receiveTime, into));
    }

    public ParseStatus ParseOrder(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        var fields = new JsonFields(body, ListNames, stackalloc JsonSlice[ListNames.Length]);
        if (!fields.IsObject((int)List.Order)) fields.Fail("order is missing: expected an object");
        var fault = fields.Fault ?? _private.AddOrder(fields.Raw((int)List.Order), batch);
        return fault is null ? ParseStatus.Parsed : batch.Reject(venue, $"order: {fault}", body);
    }

    public ParseStatus ParseOrders(ReadOnlySpan<byte> body, MessageBatch batch, out long sequence)
    {
        var fields = new JsonFields(body, ListNames, stackalloc JsonSlice[ListNames.Length]);
        sequence = fields.Integer((int)List.Sequence);
        if (!fields.IsArray((int)List.Orders)) fields.Fail("orders is missing: expected an array");
        return fields.Fault is { } fault
            ? batch.Reject(venue, fault, body)
            : Each(fields.Raw((int)List.Orders), "order", batch, _private.AddOrder);
    }

    public ParseStatus ParseFills(ReadOnlySpan<byte> body, MessageBatch batch, out long sequence)
    {
        var fields = new JsonFields(body, ListNames, stackalloc JsonSlice[ListNames.Length]);
        sequence = fields.Integer((int)List.Sequence);
        if (!fields.IsArray((int)List.Fills)) fields.Fail("fills is missing: expected an array");
        return fields.Fault is { } fault ? batch.Reject(venue, fault, body) : Each(fields.Raw((int)List.Fills), "fill", batch, _private.AddFill);
    }

    public ParseStatus ParseBalances(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        var fields = new JsonFields(body, ListNames, stackalloc JsonSlice[ListNames.Length]);
        var at = fields.Milliseconds((int)List.Time);
        if (!fields.IsArray((int)List.Balances)) fields.Fail("balances is missing: expected an array");
        return fields.Fault is { } fault
            ? batch.Reject(venue, fault, body)
            : Each(fields.Raw((int)List.Balances), "balance", batch, (json, into) =>
            {
                var balance = new JsonFields(json, BalanceNames, stackalloc JsonSlice[BalanceNames.Length]);
                var asset = balance.Text((int)Balance.Asset);
                var total = balance.Decimal((int)Balance.Total, decimal.MinValue);
                if (balance.Fault is null) into.Add(new BalanceReport(venue, asset, total, at));
                return balance.Fault;
            });
    }

    private ParseStatus ParseBook(ref JsonFields envelope, ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        if (Find(ref envelope, batch) is not { } instrument) return batch.Reject(venue, envelope.Fault!, frame);
        var type = envelope.Text((int)Envelope.Type);
        if (type is not ("snapshot" or "delta")) envelope.Fail($"type is '{type}': expected snapshot or delta");
        var first = envelope.Integer((int)Envelope.First);
        var last = envelope.Integer((int)Envelope.Last);
        if (first > last || (type == "snapshot" && first != last))
            envelope.Fail(string.Create(CultureInfo.InvariantCulture, $"U {first} and u {last}: expected U not above u, and equal in a snapshot"));
        AddBook(ref envelope, instrument, type == "snapshot", first, last, receiveTime, batch);
        return Settled(ref envelope, instrument, frame, batch);
    }

    private ParseStatus ParsePrivate(ref JsonFields envelope, bool isOrder, ReadOnlySpan<byte> frame, MessageBatch batch, out VenueFrame heard)
    {
        var sequence = envelope.Integer((int)Envelope.Sequence, min: 1);
        heard = new(VenueFrameKind.Data, Number: sequence);
        var field = (int)(isOrder ? Envelope.Order : Envelope.Fill);
        if (!envelope.IsObject(field)) envelope.Fail($"{EnvelopeNames[field]} is missing: expected an object");
        var fault = envelope.Fault ?? (isOrder ? _private.AddOrder(envelope.Raw(field), batch) : _private.AddFill(envelope.Raw(field), batch));
        return fault is null ? ParseStatus.Parsed : batch.Reject(venue, $"{EnvelopeNames[field]}: {fault}", frame);
    }

    /// <summary>The envelope's instrument; null, with a fault, where it is missing or not one of ours.</summary>
    private Instrument? Find(ref JsonFields envelope, MessageBatch batch)
    {
        var name = envelope.Text((int)Envelope.Symbol);
        if (envelope.Fault is not null) return null;
        if (symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument is { } instrument) return instrument;
        batch.UnknownSymbol = name;
        envelope.Fail($"a frame of {name}: expected {symbols}");
        return null;
    }

    private static void AddBook(
        ref JsonFields fields, Instrument instrument, bool isSnapshot, long first, long last, Timestamp receiveTime, MessageBatch batch)
    {
        var venueTime = fields.Milliseconds((int)Envelope.Time);
        var bidCount = fields.Levels((int)Envelope.Bids, instrument, batch.Levels);
        fields.Levels((int)Envelope.Asks, instrument, batch.Levels);
        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = -1, BidCount = bidCount, Levels = batch.Levels.From(0),
        });
    }

    private static string? AddTrade(ReadOnlySpan<byte> json, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, TradeNames, stackalloc JsonSlice[TradeNames.Length]);
        var side = HmacPrivateMessages.ReadSide(ref fields, (int)Execution.Side);
        var lots = fields.Size((int)Execution.Size, instrument);
        if (lots == 0) fields.Fail("size is zero: expected above zero");
        var trade = new Trade
        {
            Instrument = instrument.Id, VenueTime = fields.Milliseconds((int)Execution.Time), ReceiveTime = receiveTime,
            TradeId = fields.Integer((int)Execution.Id), PriceTicks = fields.Price((int)Execution.Price, instrument), SizeLots = lots, Aggressor = side,
        };
        if (fields.Fault is null) batch.Add(in trade);
        return fields.Fault;
    }

    private ParseStatus Settled(ref JsonFields fields, Instrument instrument, ReadOnlySpan<byte> raw, MessageBatch batch)
    {
        if (fields.Fault is not { } fault) return ParseStatus.Parsed;
        batch.Truncate(0);
        return batch.Reject(venue, $"{instrument.Symbol} book: {fault}", raw);
    }

    /// <summary>Takes the elements one by one: a refused one does not cost its neighbours.</summary>
    private ParseStatus Each(ReadOnlySpan<byte> array, string what, MessageBatch batch, Element add)
    {
        var status = ParseStatus.Parsed;
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var element = array[start..(int)reader.BytesConsumed];
            if (batch.Count == MessageBatch.CountMax)
                return batch.Reject(venue, $"{what}: the frame has more than {MessageBatch.CountMax} messages; the rest is dropped", array);
            if (add(element, batch) is { } fault) status = batch.Reject(venue, $"{what}: {fault}", element);
        }

        return status;
    }
}
