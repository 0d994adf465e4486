using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Every frame of Bybit in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class BybitGeneralPath(
    string venue, BybitProduct product, int depth, SymbolTable symbols, BybitPrivateMessages privateMessages)
{
    private static readonly string[] EnvelopeNames = ["topic", "type", "ts", "data", "cts", "op", "success", "ret_msg", "creationTime"];
    private static readonly string[] BookNames = ["s", "b", "a", "u"];
    private static readonly string[] TradeNames = ["T", "s", "S", "v", "p", "i", "BT"];
    private static readonly string[] RecentTradeNames = ["time", "symbol", "side", "size", "price", "execId", "isBlockTrade"];

    private readonly BybitFunding _funding = new();

    private readonly string _expected = string.Create(
        CultureInfo.InvariantCulture, $"orderbook.{depth}, publicTrade, tickers, order, execution, wallet or position");

    private readonly string _bookChannel = string.Create(CultureInfo.InvariantCulture, $"orderbook.{depth}");

    private enum Envelope { Topic, Type, SentAt, Data, MatchedAt, Operation, Success, Words, CreatedAt }

    private enum Book { Symbol, Bids, Asks, UpdateId }

    private enum Execution { Time, Symbol, Side, Size, Price, Id, IsBlock }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (!envelope.Has((int)Envelope.Topic) && envelope.Has((int)Envelope.Operation)) return ParseAnswer(ref envelope, frame, batch, out heard);
        var topic = envelope.Text((int)Envelope.Topic);
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        var last = topic.LastIndexOf('.');
        var (channel, symbol) = last < 0 ? (topic, "") : (topic[..last], topic[(last + 1)..]);
        heard = new(VenueFrameKind.Data);
        if (channel == "publicTrade") return ParseTrades(ref envelope, symbol, frame, receiveTime, batch);
        if (channel == "tickers") return ParseTicker(ref envelope, symbol, frame, batch);
        if (channel == _bookChannel)
        {
            var book = ParseBook(ref envelope, symbol, frame, receiveTime, batch);
            // Ids that merely rise do not show that an update is missing: the book starts anew with the session.
            if (book == ParseStatus.Rejected) heard = new(VenueFrameKind.Error, Refusal(batch));
            return book;
        }

        return ParsePrivate(ref envelope, topic, frame, batch, ref heard);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> json, Timestamp venueTime, Timestamp receiveTime, MessageBatch batch)
    {
        var fault = AddBook(json, instrument, isSnapshot: true, venueTime, receiveTime, batch);
        return fault is null ? ParseStatus.Parsed : batch.Reject(venue, $"{instrument.Symbol} book: {fault}", json);
    }

    /// <summary>The elements of the REST list of trades.</summary>
    public ParseStatus RecentTrades(ReadOnlySpan<byte> array, Instrument instrument, Timestamp receiveTime, MessageBatch batch) => BybitArray.Each(
        venue, array, $"{instrument.Symbol} trade", batch, (json, into) => AddTrade(json, RecentTradeNames, instrument, receiveTime, into));

    private ParseStatus ParseAnswer(ref JsonFields envelope, ReadOnlySpan<byte> frame, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var operation = envelope.Text((int)Envelope.Operation);
        if (envelope.Fault is null && operation is "ping" or "pong")
        {
            heard = new(VenueFrameKind.Pong);
            return ParseStatus.Ignored;
        }

        var isDone = envelope.Flag((int)Envelope.Success);
        var words = BybitErrors.Words(envelope, (int)Envelope.Words);
        if (operation is not ("auth" or "subscribe" or "unsubscribe"))
            envelope.Fail($"op '{operation}' is not known: expected auth, subscribe, unsubscribe, ping or pong");
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        if (isDone)
        {
            heard = operation switch
            {
                "auth" => new(VenueFrameKind.LoggedIn), "subscribe" => new(VenueFrameKind.Subscribed), _ => new(VenueFrameKind.Notice),
            };
            return ParseStatus.Ignored;
        }

        var reason = BybitErrors.Masked($"the venue refuses {operation}: {words}");
        heard = new(VenueFrameKind.Error, reason);
        return batch.Reject(venue, reason, Encoding.UTF8.GetBytes(BybitErrors.Masked(Encoding.UTF8.GetString(frame))));
    }

    private ParseStatus ParseBook(ref JsonFields envelope, string symbol, ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        if (Find(symbol, batch) is not { } instrument) return batch.Reject(venue, $"a book of {symbol}: expected {symbols}", frame);
        var type = envelope.Text((int)Envelope.Type);
        if (type is not ("snapshot" or "delta")) envelope.Fail($"type is '{type}': expected snapshot or delta");
        var venueTime = envelope.Milliseconds((int)(envelope.Has((int)Envelope.MatchedAt) ? Envelope.MatchedAt : Envelope.SentAt));
        if (envelope.Has((int)Envelope.MatchedAt)) envelope.Milliseconds((int)Envelope.SentAt);
        if (!envelope.IsObject((int)Envelope.Data)) envelope.Fail("data is missing: expected an object");
        var fault = envelope.Fault
            ?? AddBook(envelope.Raw((int)Envelope.Data), instrument, type == "snapshot", venueTime, receiveTime, batch);
        return fault is null ? ParseStatus.Parsed : batch.Reject(venue, $"{symbol} book: {fault}", frame);
    }

    private static string? AddBook(
        ReadOnlySpan<byte> json, Instrument instrument, bool isSnapshot, Timestamp venueTime, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, BookNames, stackalloc JsonSlice[BookNames.Length]);
        var symbol = fields.Text((int)Book.Symbol);
        if (symbol != instrument.Symbol) fields.Fail($"s is '{symbol}': expected {instrument.Symbol}");
        var levels = batch.Levels;
        var start = levels.Count;
        var bidCount = fields.Levels((int)Book.Bids, instrument, levels);
        fields.Levels((int)Book.Asks, instrument, levels);
        var updateId = fields.Integer((int)Book.UpdateId, min: 1);
        if (fields.Fault is { } fault)
        {
            levels.Truncate(start);
            return fault;
        }

        batch.Add(BybitBook.Update(instrument.Id, isSnapshot, updateId, venueTime, receiveTime, bidCount, levels.From(start)));
        return null;
    }

    private ParseStatus ParseTrades(ref JsonFields envelope, string symbol, ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        if (Find(symbol, batch) is not { } instrument) return batch.Reject(venue, $"trades of {symbol}: expected {symbols}", frame);
        if (!envelope.IsArray((int)Envelope.Data)) envelope.Fail("data is missing: expected an array");
        return envelope.Fault is { } fault
            ? batch.Reject(venue, $"{symbol} trades: {fault}", frame)
            : BybitArray.Each(
                venue, envelope.Raw((int)Envelope.Data), $"{symbol} trade", batch,
                (json, into) => AddTrade(json, TradeNames, instrument, receiveTime, into));
    }

    private static string? AddTrade(ReadOnlySpan<byte> json, string[] names, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, names, stackalloc JsonSlice[TradeNames.Length]);
        var symbol = fields.Text((int)Execution.Symbol);
        if (symbol != instrument.Symbol) fields.Fail($"a trade of {symbol}: expected {instrument.Symbol}");
        var side = BybitPrivateMessages.ReadSide(ref fields, (int)Execution.Side);
        var lots = fields.Size((int)Execution.Size, instrument);
        if (lots == 0) fields.Fail($"{names[(int)Execution.Size]} size is zero: expected above zero");
        var text = fields.Text((int)Execution.Id);
        if (!BybitTradeId.TryParse(Encoding.UTF8.GetBytes(text), out var id))
            fields.Fail($"{names[(int)Execution.Id]} is '{text}': expected a whole number or a UUID");
        var trade = new Trade
        {
            Instrument = instrument.Id, VenueTime = fields.Milliseconds((int)Execution.Time), ReceiveTime = receiveTime, TradeId = id,
            PriceTicks = fields.Price((int)Execution.Price, instrument), SizeLots = lots, Aggressor = side,
        };
        // A block trade is agreed beside the book, at a price that the book never showed.
        var isBlock = fields.Has((int)Execution.IsBlock) && fields.Flag((int)Execution.IsBlock);
        if (fields.Fault is null && !isBlock) batch.Add(in trade);
        return fields.Fault;
    }

    private ParseStatus ParseTicker(ref JsonFields envelope, string symbol, ReadOnlySpan<byte> frame, MessageBatch batch)
    {
        if (product == BybitProduct.Spot) return ParseStatus.Ignored;
        if (Find(symbol, batch) is not { } instrument) return batch.Reject(venue, $"a ticker of {symbol}: expected {symbols}", frame);
        var isSnapshot = envelope.Text((int)Envelope.Type) == "snapshot";
        var sentAt = envelope.Milliseconds((int)Envelope.SentAt);
        if (!envelope.IsObject((int)Envelope.Data)) envelope.Fail("data is missing: expected an object");
        var fault = envelope.Fault ?? _funding.Take(envelope.Raw((int)Envelope.Data), instrument, isSnapshot, sentAt, batch);
        if (fault is not null) return batch.Reject(venue, $"{symbol} ticker: {fault}", frame);
        return batch.Count == 0 ? ParseStatus.Ignored : ParseStatus.Parsed;
    }

    private ParseStatus ParsePrivate(ref JsonFields envelope, string topic, ReadOnlySpan<byte> frame, MessageBatch batch, ref VenueFrame heard)
    {
        var what = topic.Split('.')[0];
        if (what is not ("order" or "execution" or "wallet" or "position"))
        {
            heard = default;
            return topic.StartsWith("dcp", StringComparison.Ordinal)
                ? ParseStatus.Ignored
                : batch.Reject(venue, $"topic '{topic}' is not known: expected {_expected}", frame);
        }

        var createdAt = envelope.Milliseconds((int)Envelope.CreatedAt);
        if (!envelope.IsArray((int)Envelope.Data)) envelope.Fail("data is missing: expected an array");
        var status = envelope.Fault is { } fault
            ? batch.Reject(venue, $"{topic}: {fault}", frame)
            : what switch
            {
                "order" => privateMessages.Orders(envelope.Raw((int)Envelope.Data), Timestamp.None, batch, out _),
                "execution" => privateMessages.Fills(envelope.Raw((int)Envelope.Data), batch),
                "wallet" => privateMessages.Balances(envelope.Raw((int)Envelope.Data), createdAt, batch),
                _ => privateMessages.Positions(envelope.Raw((int)Envelope.Data), createdAt, batch),
            };
        return batch.Count == 0 ? ParseStatus.Ignored : status;
    }

    private static string Refusal(MessageBatch batch) => ((Rejected)batch[batch.Count - 1].Control).Reason;

    private Instrument? Find(string symbol, MessageBatch batch)
    {
        if (symbols.Find(Encoding.UTF8.GetBytes(symbol))?.Instrument is { } instrument) return instrument;
        batch.UnknownSymbol = symbol;
        return null;
    }
}
