using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Books, trades, tops and funding rates, from the streams and from the REST replies. Each method gives null, or why the element is
/// refused.</summary>
internal sealed class GateioMarketData(GateioProduct product, SymbolTable symbols)
{
    private static readonly string[] BookNames = ["t", "s", "U", "u", "b", "a", "full"];
    private static readonly string[] SnapshotNames = ["id", "current", "update", "bids", "asks"];
    private static readonly string[] TradeNames =
        ["id", "create_time", "create_time_ms", "side", "currency_pair", "contract", "amount", "size", "price", "is_internal"];

    private static readonly string[] TopNames = ["t", "u", "s", "b", "B", "a", "A"];
    private static readonly string[] TickerNames = ["contract", "funding_rate"];

    private enum Book { Time, Symbol, First, Last, Bids, Asks, IsFull }

    private enum Snapshot { Id, Current, Update, Bids, Asks }

    private enum Execution { Id, Seconds, Milliseconds, Side, Pair, Contract, Amount, Size, Price, IsInternal }

    private enum Top { Time, UpdateId, Symbol, Bid, BidSize, Ask, AskSize }

    private enum Ticker { Contract, FundingRate }

    public string? AddBook(ReadOnlySpan<byte> json, bool isLimited, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, BookNames, stackalloc JsonSlice[BookNames.Length]);
        var name = Encoding.UTF8.GetBytes(fields.Text((int)Book.Symbol));
        if (Find(ref fields, isLimited ? GateioChannels.SymbolOf(name) : name, batch) is not { } instrument) return fields.Fault;
        var isSnapshot = fields.Has((int)Book.IsFull) && fields.Flag((int)Book.IsFull);
        var last = fields.Integer((int)Book.Last);
        var first = isSnapshot ? last : fields.Integer((int)Book.First);
        if (first > last)
            fields.Fail(string.Create(
                CultureInfo.InvariantCulture, $"U {first} is above u {last}: expected the first update id of the range not above its last"));
        var venueTime = fields.Milliseconds((int)Book.Time);
        // The limited stream leaves a side out in which nothing changed.
        var bidCount = isLimited && !isSnapshot && !fields.Has((int)Book.Bids)
            ? 0
            : GateioNumbers.Levels(ref fields, (int)Book.Bids, "b", instrument, batch.Levels);
        if (!isLimited || isSnapshot || fields.Has((int)Book.Asks)) GateioNumbers.Levels(ref fields, (int)Book.Asks, "a", instrument, batch.Levels);
        if (fields.Fault is { } fault) return $"{instrument.Symbol}: {fault}";
        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = -1, BidCount = bidCount, Levels = batch.Levels.From(0),
        });
        return null;
    }

    /// <summary>The REST book; its update time is that of its last change.</summary>
    public static string? AddSnapshot(ReadOnlySpan<byte> body, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(body, SnapshotNames, stackalloc JsonSlice[SnapshotNames.Length]);
        var id = fields.Integer((int)Snapshot.Id);
        var venueTime = fields.Has((int)Snapshot.Update) ? GateioNumbers.Instant(ref fields, (int)Snapshot.Update, "update") : Timestamp.None;
        var bidCount = GateioNumbers.Levels(ref fields, (int)Snapshot.Bids, "bids", instrument, batch.Levels);
        GateioNumbers.Levels(ref fields, (int)Snapshot.Asks, "asks", instrument, batch.Levels);
        if (fields.Fault is { } fault) return $"{instrument.Symbol} book: {fault}";
        batch.Add(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = id, LastUpdateId = id, PreviousUpdateId = -1, BidCount = bidCount, Levels = batch.Levels.From(0),
        });
        return null;
    }

    /// <param name="json">The element.</param>
    /// <param name="asked">The symbol that was asked for, where a reply need not name it; null or empty on the stream.</param>
    /// <param name="receiveTime">When it reached us.</param>
    /// <param name="batch">Where it goes; what is internal to the venue (insurance fund, deleveraging) does not trade against the book, and goes
    /// nowhere.</param>
    public string? AddTrade(ReadOnlySpan<byte> json, string? asked, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, TradeNames, stackalloc JsonSlice[TradeNames.Length]);
        var symbolField = (int)(product == GateioProduct.Spot ? Execution.Pair : Execution.Contract);
        var name = string.IsNullOrEmpty(asked) || fields.Has(symbolField) ? fields.Text(symbolField) : asked;
        if (Find(ref fields, Encoding.UTF8.GetBytes(name), batch) is not { } instrument) return fields.Fault;
        if (fields.Has((int)Execution.IsInternal) && fields.Flag((int)Execution.IsInternal)) return fields.Fault;
        long lots;
        Side aggressor;
        if (product == GateioProduct.Spot)
        {
            var side = fields.Text((int)Execution.Side);
            if (side is not ("buy" or "sell")) fields.Fail($"side is '{side}': expected buy or sell");
            aggressor = side == "buy" ? Side.Buy : Side.Sell;
            lots = GateioNumbers.Size(ref fields, (int)Execution.Amount, "amount", instrument);
        }
        else
        {
            lots = GateioNumbers.SignedSize(ref fields, (int)Execution.Size, "size", instrument, out aggressor);
        }

        if (lots == 0) fields.Fail("the size is zero: expected above zero");
        var trade = new Trade
        {
            Instrument = instrument.Id, ReceiveTime = receiveTime, TradeId = fields.Integer((int)Execution.Id), SizeLots = lots,
            Aggressor = aggressor,
            PriceTicks = GateioNumbers.Price(ref fields, (int)Execution.Price, "price", instrument),
            VenueTime = fields.Has((int)Execution.Milliseconds)
                ? GateioNumbers.Instant(ref fields, (int)Execution.Milliseconds, "create_time_ms")
                : GateioNumbers.Instant(ref fields, (int)Execution.Seconds, "create_time"),
        };
        if (fields.Fault is null) batch.Add(in trade);
        return fields.Fault is { } fault ? $"{instrument.Symbol}: {fault}" : null;
    }

    /// <summary>The venue's own top; an empty side gives nothing.</summary>
    public string? AddTop(ReadOnlySpan<byte> json, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(json, TopNames, stackalloc JsonSlice[TopNames.Length]);
        if (Find(ref fields, Encoding.UTF8.GetBytes(fields.Text((int)Top.Symbol)), batch) is not { } instrument) return fields.Fault;
        if (fields.Raw((int)Top.Bid).SequenceEqual("\"\""u8) || fields.Raw((int)Top.Ask).SequenceEqual("\"\""u8)) return null;
        var top = new VenueTop
        {
            Instrument = instrument.Id, VenueTime = fields.Milliseconds((int)Top.Time), ReceiveTime = receiveTime,
            UpdateId = fields.Integer((int)Top.UpdateId),
            Bid = new(
                GateioNumbers.Price(ref fields, (int)Top.Bid, "b", instrument), GateioNumbers.Size(ref fields, (int)Top.BidSize, "B", instrument)),
            Ask = new(
                GateioNumbers.Price(ref fields, (int)Top.Ask, "a", instrument), GateioNumbers.Size(ref fields, (int)Top.AskSize, "A", instrument)),
        };
        if (fields.Fault is null) batch.Add(in top);
        return fields.Fault is { } fault ? $"{instrument.Symbol}: {fault}" : null;
    }

    /// <summary>The funding rate of a ticker, which does not say when it falls due.</summary>
    public string? AddFunding(ReadOnlySpan<byte> json, Timestamp time, MessageBatch batch)
    {
        var fields = new JsonFields(json, TickerNames, stackalloc JsonSlice[TickerNames.Length]);
        if (Find(ref fields, Encoding.UTF8.GetBytes(fields.Text((int)Ticker.Contract)), batch) is not { } instrument) return fields.Fault;
        var rate = GateioNumbers.Decimal(ref fields, (int)Ticker.FundingRate, "funding_rate");
        if (fields.Fault is { } fault) return $"{instrument.Symbol}: {fault}";
        batch.Add(new FundingRate(instrument.Id, rate, Timestamp.None, time));
        return null;
    }

    private Instrument? Find(ref JsonFields fields, ReadOnlySpan<byte> name, MessageBatch batch)
    {
        if (fields.Fault is not null) return null;
        if (symbols.Find(name)?.Instrument is { } instrument) return instrument;
        var text = Encoding.UTF8.GetString(name);
        batch.UnknownSymbol = text;
        fields.Fail($"a frame of '{text}': expected {symbols}");
        return null;
    }
}
