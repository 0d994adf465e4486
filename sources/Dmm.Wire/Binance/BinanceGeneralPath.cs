using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Every frame and reply of Binance in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class BinanceGeneralPath(string venue, SymbolTable symbols, Instrument? only)
{
    private static readonly string[] EnvelopeNames = ["stream", "data", "id", "error", "code", "lastUpdateId"];
    private static readonly string[] EventNames = ["e", "E", "T", "s", "U", "u", "pu", "b", "a", "B", "A", "t", "p", "q", "m", "X", "r"];
    private static readonly string[] SnapshotNames = ["lastUpdateId", "T", "symbol", "bids", "asks"];

    /// <summary>Events of channels that may be subscribed for other purposes.</summary>
    private static readonly string[] UnusedEvents = ["aggTrade", "kline", "24hrTicker", "24hrMiniTicker", "forceOrder"];

    private enum Envelope { Stream, Data, Id, Error, Code, LastUpdateId }

    private enum Event
    {
        Kind, EventTime, Time, Symbol, First, Last, Previous, Bid, Ask, BidSize, AskSize, TradeId, Price, Quantity, IsBuyerMaker, Type, FundingRate,
    }

    private enum Snapshot { LastUpdateId, Time, Symbol, Bids, Asks }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        if (envelope.Has((int)Envelope.Data))
        {
            var stream = envelope.Text((int)Envelope.Stream);
            return envelope.Fault is { } unnamed
                ? batch.Reject(venue, unnamed, frame)
                : ParseEvent(frame, envelope.Raw((int)Envelope.Data), stream, receiveTime, batch);
        }

        if (envelope.Has((int)Envelope.Error) || envelope.Has((int)Envelope.Code))
            return batch.Reject(venue, $"the venue answers with an error: {Encoding.UTF8.GetString(frame[..Math.Min(frame.Length, 256)])}", frame);
        if (envelope.Has((int)Envelope.LastUpdateId))
        {
            return only is not null
                ? ParseSnapshot(only, frame, receiveTime, batch)
                : batch.Reject(venue, $"a depth snapshot without a symbol: expected with one instrument only, not with {symbols}", frame);
        }

        return envelope.Has((int)Envelope.Id) ? ParseStatus.Ignored : ParseEvent(frame, frame, stream: "", receiveTime, batch);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(body, SnapshotNames, stackalloc JsonSlice[SnapshotNames.Length]);
        if (fields.Has((int)Snapshot.Symbol))
        {
            var symbol = fields.Text((int)Snapshot.Symbol);
            if (symbol != instrument.Symbol) fields.Fail($"a snapshot of {symbol}: expected {instrument.Symbol}");
        }

        var last = fields.Integer((int)Snapshot.LastUpdateId);
        var venueTime = fields.Has((int)Snapshot.Time) ? fields.Milliseconds((int)Snapshot.Time) : Timestamp.None;
        var bidCount = fields.Levels((int)Snapshot.Bids, instrument, batch.Levels);
        fields.Levels((int)Snapshot.Asks, instrument, batch.Levels);
        if (fields.Fault is { } fault) return batch.Reject(venue, fault, body);
        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = last, LastUpdateId = last, PreviousUpdateId = -1, BidCount = bidCount, Levels = batch.Levels.From(0),
        });
        return ParseStatus.Parsed;
    }

    private ParseStatus ParseEvent(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, string stream, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(data, EventNames, stackalloc JsonSlice[EventNames.Length]);
        var channel = stream.Split('@');
        // Spot does not name the event of a book ticker: the stream does, or the fields that only it has.
        var isUnnamedTop = !fields.Has((int)Event.Kind) && (stream.Length > 0 ? channel[^1] == "bookTicker" : fields.Has((int)Event.BidSize));
        var kind = isUnnamedTop ? "bookTicker" : fields.Has((int)Event.Kind) ? fields.Text((int)Event.Kind) : "";
        if (fields.Fault is null && UnusedEvents.Contains(kind)) return ParseStatus.Ignored;
        if (fields.Fault is null && kind is not ("depthUpdate" or "bookTicker" or "trade" or "markPriceUpdate"))
            fields.Fail($"event '{kind}' of stream '{stream}' is not known: expected depthUpdate, bookTicker, trade or markPriceUpdate");
        var symbolName = fields.Text((int)Event.Symbol);
        if (fields.Fault is { } malformed) return batch.Reject(venue, malformed, frame);
        if (symbols.Find(Encoding.UTF8.GetBytes(symbolName))?.Instrument is not { } instrument)
        {
            batch.UnknownSymbol = symbolName;
            return batch.Reject(venue, $"a frame of {symbolName}: expected {symbols}", frame);
        }

        if (stream.Length > 0 && !channel[0].Equals(symbolName, StringComparison.OrdinalIgnoreCase))
            return batch.Reject(venue, $"stream '{stream}' carries {symbolName}", frame);
        var isOffMarket = kind == "trade" && fields.Has((int)Event.Type) && fields.Text((int)Event.Type) != "MARKET";
        if (isOffMarket && fields.Fault is null) return ParseStatus.Ignored;
        // A contract that is delivered on a day has no funding.
        var isUnfunded = kind == "markPriceUpdate" && !(fields.Has((int)Event.FundingRate) && fields.Text((int)Event.FundingRate).Length > 0);
        if (isUnfunded && fields.Fault is null) return ParseStatus.Ignored;

        var venueTime = fields.Has((int)Event.Time) ? fields.Milliseconds((int)Event.Time)
            : fields.Has((int)Event.EventTime) ? fields.Milliseconds((int)Event.EventTime)
            : Timestamp.None;
        var before = batch.Count;
        switch (kind)
        {
            case "depthUpdate": AddBook(ref fields, instrument, venueTime, receiveTime, batch); break;
            case "markPriceUpdate": AddFunding(ref fields, instrument, batch); break;
            case "bookTicker": AddTop(ref fields, instrument, venueTime, receiveTime, batch); break;
            default: AddTrade(ref fields, instrument, venueTime, receiveTime, batch); break;
        }

        if (fields.Fault is not { } fault) return ParseStatus.Parsed;
        batch.Truncate(before);
        return batch.Reject(venue, $"{instrument.Symbol} {kind}: {fault}", frame);
    }

    private static void AddBook(ref JsonFields fields, Instrument instrument, Timestamp venueTime, Timestamp receiveTime, MessageBatch batch)
    {
        var first = fields.Integer((int)Event.First);
        var last = fields.Integer((int)Event.Last);
        if (first > last) fields.Fail($"U {first} is above u {last}: expected the first update id of the range not above its last");
        var hasPrevious = fields.Has((int)Event.Previous) || instrument.SequenceRule == BookSequenceRule.PreviousId;
        var previous = hasPrevious ? fields.Integer((int)Event.Previous) : -1;
        if (!venueTime.IsKnown) fields.Fail("E is missing: expected Unix time in milliseconds");
        var bidCount = fields.Levels((int)Event.Bid, instrument, batch.Levels);
        fields.Levels((int)Event.Ask, instrument, batch.Levels);
        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = false, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = previous, BidCount = bidCount, Levels = batch.Levels.From(0),
        });
    }

    // T is when the funding is paid, not when it was said.
    private static void AddFunding(ref JsonFields fields, Instrument instrument, MessageBatch batch)
    {
        var rate = fields.Decimal((int)Event.FundingRate, decimal.MinValue);
        batch.Add(new FundingRate(instrument.Id, rate, fields.Milliseconds((int)Event.Time), fields.Milliseconds((int)Event.EventTime)));
    }

    private static void AddTop(ref JsonFields fields, Instrument instrument, Timestamp venueTime, Timestamp receiveTime, MessageBatch batch) =>
        batch.Add(new VenueTop
        {
            Instrument = instrument.Id, VenueTime = venueTime, ReceiveTime = receiveTime, UpdateId = fields.Integer((int)Event.Last),
            Bid = new(fields.Price((int)Event.Bid, instrument), fields.Size((int)Event.BidSize, instrument)),
            Ask = new(fields.Price((int)Event.Ask, instrument), fields.Size((int)Event.AskSize, instrument)),
        });

    private static void AddTrade(ref JsonFields fields, Instrument instrument, Timestamp venueTime, Timestamp receiveTime, MessageBatch batch)
    {
        if (!venueTime.IsKnown) fields.Fail("T is missing: expected Unix time in milliseconds");
        var lots = fields.Size((int)Event.Quantity, instrument);
        if (lots == 0) fields.Fail("q size is zero: expected above zero");
        batch.Add(new Trade
        {
            Instrument = instrument.Id, VenueTime = venueTime, ReceiveTime = receiveTime, TradeId = fields.Integer((int)Event.TradeId),
            PriceTicks = fields.Price((int)Event.Price, instrument), SizeLots = lots,
            Aggressor = fields.Flag((int)Event.IsBuyerMaker) ? Side.Sell : Side.Buy,
        });
    }
}
