using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// The three hot channels as Binance writes them: field order, no blanks. The markets differ in optional fields only (<c>T</c>, <c>pu</c>, <c>ps</c>,
/// <c>X</c>, <c>M</c>), so one grammar serves them all.
/// </summary>
internal sealed class BinanceFastPath(SymbolTable streams)
{
    public bool TryParse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var cursor = new FrameCursor(frame);
        if (!cursor.Skip("{\"stream\":\""u8) || !cursor.Until((byte)'@', out var stream) || streams.Find(stream) is not { } symbol) return false;
        if (cursor.Skip("bookTicker\",\"data\":{"u8)) return TryTop(ref cursor, symbol, receiveTime, batch);
        if (cursor.Skip("trade\",\"data\":{"u8)) return TryTrade(ref cursor, symbol, receiveTime, batch);
        // The update speed may follow the channel's name: depth@0ms, depth@100ms.
        return cursor.Skip("depth"u8)
            && (cursor.Skip("\""u8) || (cursor.Skip("@"u8) && cursor.Integer(out _) && cursor.Skip("ms\""u8)))
            && cursor.Skip(",\"data\":{"u8)
            && TryBook(ref cursor, symbol, receiveTime, batch);
    }

    private static bool TryTop(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var venueTime = Timestamp.None;
        // USD-M puts the event before the update id, COIN-M behind it, spot leaves it out.
        var isEventFirst = cursor.Skip("\"e\":\"bookTicker\","u8);
        if (!cursor.Skip("\"u\":"u8) || !cursor.Integer(out var updateId)) return false;
        if (!isEventFirst) cursor.Skip(",\"e\":\"bookTicker\""u8);
        if (!cursor.Skip(symbol.Literal) || !cursor.Skip(symbol.PairLiteral)
            || !cursor.Skip(",\"b\":\""u8) || !cursor.Level(symbol, ",\"B\":\""u8, out var bid)
            || !cursor.Skip(",\"a\":\""u8) || !cursor.Level(symbol, ",\"A\":\""u8, out var ask))
            return false;
        if (cursor.Skip(",\"T\":"u8)
            && (!cursor.Milliseconds(out venueTime) || !cursor.Skip(",\"E\":"u8) || !cursor.Milliseconds(out _)))
            return false;
        if (!cursor.Skip("}}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(new VenueTop
        {
            Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = receiveTime, UpdateId = updateId, Bid = bid, Ask = ask,
        });
        return true;
    }

    private static bool TryTrade(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("\"e\":\"trade\",\"E\":"u8) || !cursor.Milliseconds(out _)) return false;
        var isFutures = cursor.Skip(",\"T\":"u8);
        var venueTime = Timestamp.None;
        if (isFutures && !cursor.Milliseconds(out venueTime)) return false;
        if (!cursor.Skip(symbol.Literal) || !cursor.Skip(",\"t\":"u8) || !cursor.Integer(out var tradeId)
            || !cursor.Skip(",\"p\":\""u8) || !cursor.Level(symbol, ",\"q\":\""u8, out var level) || level.SizeLots == 0)
            return false;
        if (isFutures ? !cursor.Skip(",\"X\":\"MARKET\""u8) : !cursor.Skip(",\"T\":"u8) || !cursor.Milliseconds(out venueTime)) return false;
        var isBuyerMaker = cursor.Skip(",\"m\":true"u8);
        if (!isBuyerMaker && !cursor.Skip(",\"m\":false"u8)) return false;
        if (!isFutures && !cursor.Skip(",\"M\":true"u8)) return false;
        if (!cursor.Skip("}}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(new Trade
        {
            Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = receiveTime, TradeId = tradeId,
            PriceTicks = level.PriceTicks, SizeLots = level.SizeLots, Aggressor = isBuyerMaker ? Side.Sell : Side.Buy,
        });
        return true;
    }

    private static bool TryBook(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("\"e\":\"depthUpdate\",\"E\":"u8) || !cursor.Milliseconds(out var venueTime)) return false;
        if (cursor.Skip(",\"T\":"u8) && !cursor.Milliseconds(out venueTime)) return false;
        if (!cursor.Skip(symbol.Literal) || !cursor.Skip(symbol.PairLiteral)
            || !cursor.Skip(",\"U\":"u8) || !cursor.Integer(out var first)
            || !cursor.Skip(",\"u\":"u8) || !cursor.Integer(out var last) || first > last)
            return false;
        long previous = -1;
        if (cursor.Skip(",\"pu\":"u8) ? !cursor.Integer(out previous) : symbol.Instrument.SequenceRule == BookSequenceRule.PreviousId) return false;

        var levels = batch.Levels;
        if (!cursor.Skip(",\"b\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels)) return false;
        var bidCount = levels.Count;
        if (!cursor.Skip(",\"a\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels) || !cursor.Skip("}}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(new BookUpdate
        {
            Instrument = symbol.Id, IsSnapshot = false, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = previous, BidCount = bidCount, Levels = levels.From(0),
        });
        return true;
    }
}
