using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Every frame and reply of OKX in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class OkxGeneralPath(string venue, SymbolTable symbols)
{
    private static readonly string[] EnvelopeNames = ["event", "arg", "action", "data", "code", "msg"];
    private static readonly string[] ArgumentNames = ["channel", "instId"];
    private static readonly string[] BookNames = ["asks", "bids", "ts", "checksum", "seqId", "prevSeqId"];
    private static readonly string[] TradeNames = ["instId", "tradeId", "px", "sz", "side", "ts"];

    private static readonly string[] BookChannels = ["books", "books-l2-tbt", "books50-l2-tbt"];

    /// <summary>Channels that may be subscribed for other purposes.</summary>
    private static readonly string[] UnusedChannels = ["tickers", "bbo-tbt", "books5", "funding-rate", "mark-price", "index-tickers"];

    private static readonly string[] Acknowledgements = ["subscribe", "unsubscribe", "login", "notice", "channel-conn-count"];

    private enum Envelope { Event, Argument, Action, Data, Code, Message }

    private enum Argument { Channel, Symbol }

    private enum Book { Asks, Bids, Time, Checksum, Last, Previous }

    private enum Execution { Symbol, TradeId, Price, Size, Side, Time }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        if (frame.SequenceEqual("pong"u8)) return ParseStatus.Ignored;
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (envelope.Has((int)Envelope.Event))
        {
            var name = envelope.Text((int)Envelope.Event);
            if (envelope.Fault is null && Acknowledgements.Contains(name)) return ParseStatus.Ignored;
            var code = Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Code));
            var words = Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Message));
            return batch.Reject(venue, envelope.Fault ?? $"the venue sends event '{name}', code {code}, {words}", frame);
        }

        if (!envelope.IsObject((int)Envelope.Argument)) envelope.Fail("arg is missing: expected the channel and instId of the data");
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        var argument = new JsonFields(envelope.Raw((int)Envelope.Argument), ArgumentNames, stackalloc JsonSlice[ArgumentNames.Length]);
        var channel = argument.Text((int)Argument.Channel);
        if (argument.Fault is null && UnusedChannels.Contains(channel)) return ParseStatus.Ignored;
        var isBook = BookChannels.Contains(channel);
        if (!isBook && channel != "trades") argument.Fail($"channel '{channel}' is not known: expected books or trades");
        var symbolName = argument.Text((int)Argument.Symbol);
        if (!envelope.IsArray((int)Envelope.Data)) argument.Fail("data is missing: expected an array");
        if (argument.Fault is { } malformed) return batch.Reject(venue, malformed, frame);
        if (symbols.Find(Encoding.UTF8.GetBytes(symbolName))?.Instrument is not { } instrument)
        {
            batch.UnknownSymbol = symbolName;
            return batch.Reject(venue, $"a frame of {symbolName}: expected {symbols}", frame);
        }

        var isSnapshot = false;
        if (isBook)
        {
            var action = envelope.Text((int)Envelope.Action);
            if (action is not ("snapshot" or "update"))
                return batch.Reject(venue, envelope.Fault ?? $"action is '{action}': expected snapshot or update", frame);
            isSnapshot = action == "snapshot";
        }

        return ParseElements(envelope.Raw((int)Envelope.Data), instrument, isBook, isSnapshot, receiveTime, batch);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var envelope = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var code = envelope.Integer((int)Envelope.Code);
        var words = Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Message));
        if (code != 0) envelope.Fail(string.Create(CultureInfo.InvariantCulture, $"the venue answers with code {code}, {words}"));
        if (!envelope.IsArray((int)Envelope.Data)) envelope.Fail("data is missing: expected an array");
        return envelope.Fault is { } fault
            ? batch.Reject(venue, fault, body)
            : ParseElements(envelope.Raw((int)Envelope.Data), instrument, isBook: true, isSnapshot: true, receiveTime, batch);
    }

    /// <summary>Takes the elements one by one: a refused one does not cost its neighbours.</summary>
    private ParseStatus ParseElements(
        ReadOnlySpan<byte> data, Instrument instrument, bool isBook, bool isSnapshot, Timestamp receiveTime, MessageBatch batch)
    {
        var status = ParseStatus.Parsed;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var element = data[start..(int)reader.BytesConsumed];
            if (batch.Count == MessageBatch.CountMax)
            {
                var tooMany = $"{instrument.Symbol}: the frame has more than {MessageBatch.CountMax} messages; the rest is dropped";
                return batch.Reject(venue, tooMany, data);
            }

            var fault = isBook ? AddBook(element, instrument, isSnapshot, receiveTime, batch) : AddTrade(element, instrument, receiveTime, batch);
            if (fault is not null) status = batch.Reject(venue, $"{instrument.Symbol} {(isBook ? "book" : "trade")}: {fault}", element);
        }

        return status;
    }

    private static string? AddBook(ReadOnlySpan<byte> element, Instrument instrument, bool isSnapshot, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(element, BookNames, stackalloc JsonSlice[BookNames.Length]);
        var levels = batch.Levels;
        var start = levels.Count;
        var bidCount = fields.Levels((int)Book.Bids, instrument, levels);
        fields.Levels((int)Book.Asks, instrument, levels);
        var venueTime = fields.Milliseconds((int)Book.Time);
        var checksum = fields.Has((int)Book.Checksum) ? (int)fields.Integer((int)Book.Checksum, int.MinValue, int.MaxValue) : 0;
        var ids = OkxUpdateIds.None;
        if (fields.Has((int)Book.Last) || instrument.SequenceRule == BookSequenceRule.PreviousId)
        {
            // The REST book names no predecessor.
            var previous = fields.Has((int)Book.Previous) || !isSnapshot ? fields.Integer((int)Book.Previous, min: -1) : -1;
            ids = OkxUpdateIds.From(previous, fields.Integer((int)Book.Last));
        }

        if (fields.Fault is { } fault)
        {
            levels.Truncate(start);
            return fault;
        }

        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime, FirstUpdateId = ids.First,
            LastUpdateId = ids.Last, PreviousUpdateId = ids.Previous, Checksum = checksum, BidCount = bidCount, Levels = levels.From(start),
        });
        return null;
    }

    private static string? AddTrade(ReadOnlySpan<byte> element, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(element, TradeNames, stackalloc JsonSlice[TradeNames.Length]);
        var symbol = fields.Text((int)Execution.Symbol);
        if (symbol != instrument.Symbol) fields.Fail($"a trade of {symbol}: expected {instrument.Symbol}");
        var side = fields.Text((int)Execution.Side);
        if (side is not ("buy" or "sell")) fields.Fail($"side is '{side}': expected buy or sell");
        var lots = fields.Size((int)Execution.Size, instrument);
        if (lots == 0) fields.Fail("sz size is zero: expected above zero");
        var trade = new Trade
        {
            Instrument = instrument.Id, VenueTime = fields.Milliseconds((int)Execution.Time), ReceiveTime = receiveTime,
            TradeId = fields.Integer((int)Execution.TradeId), PriceTicks = fields.Price((int)Execution.Price, instrument), SizeLots = lots,
            Aggressor = side == "buy" ? Side.Buy : Side.Sell,
        };
        if (fields.Fault is null) batch.Add(in trade);
        return fields.Fault;
    }
}
