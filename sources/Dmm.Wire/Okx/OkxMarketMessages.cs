using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Elements of market data as OKX writes them; each method gives null, or why the element is refused.</summary>
internal static class OkxMarketMessages
{
    private static readonly string[] BookNames = ["asks", "bids", "ts", "checksum", "seqId", "prevSeqId"];
    private static readonly string[] TradeNames = ["instId", "tradeId", "px", "sz", "side", "ts"];
    private static readonly string[] FundingNames = ["instId", "fundingRate", "fundingTime", "ts"];

    private enum Book { Asks, Bids, Time, Checksum, Last, Previous }

    private enum Execution { Symbol, TradeId, Price, Size, Side, Time }

    private enum Funding { Symbol, Rate, SettledAt, Time }

    public static string? AddBook(ReadOnlySpan<byte> element, Instrument instrument, bool isSnapshot, Timestamp receiveTime, MessageBatch batch)
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

    /// <summary>The best level of each side; a book with an empty side has no top, and gives no message.</summary>
    public static string? AddTop(ReadOnlySpan<byte> element, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
    {
        var fields = new JsonFields(element, BookNames, stackalloc JsonSlice[BookNames.Length]);
        var levels = batch.Levels;
        var start = levels.Count;
        var bidCount = fields.Levels((int)Book.Bids, instrument, levels);
        var askCount = fields.Levels((int)Book.Asks, instrument, levels);
        var both = levels.From(start).Span;
        var venueTime = fields.Milliseconds((int)Book.Time);
        var updateId = fields.Integer((int)Book.Last);
        if (bidCount > 1 || askCount > 1) fields.Fail("holds more than one level to a side");
        if (fields.Fault is null && bidCount == 1 && askCount == 1)
        {
            batch.Add(new VenueTop
            {
                Instrument = instrument.Id, VenueTime = venueTime, ReceiveTime = receiveTime, UpdateId = updateId, Bid = both[0], Ask = both[1],
            });
        }

        levels.Truncate(start);
        return fields.Fault;
    }

    public static string? AddTrade(ReadOnlySpan<byte> element, Instrument instrument, Timestamp receiveTime, MessageBatch batch)
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

    /// <summary>The rate that will be settled next; it moves until then.</summary>
    public static string? AddFunding(ReadOnlySpan<byte> element, Instrument instrument, MessageBatch batch)
    {
        var fields = new JsonFields(element, FundingNames, stackalloc JsonSlice[FundingNames.Length]);
        var symbol = fields.Text((int)Funding.Symbol);
        if (symbol != instrument.Symbol) fields.Fail($"a rate of {symbol}: expected {instrument.Symbol}");
        var rate = fields.Decimal((int)Funding.Rate, decimal.MinValue);
        var funding = new FundingRate(instrument.Id, rate, fields.Milliseconds((int)Funding.SettledAt), fields.Milliseconds((int)Funding.Time));
        if (fields.Fault is null) batch.Add(funding);
        return fields.Fault;
    }
}
