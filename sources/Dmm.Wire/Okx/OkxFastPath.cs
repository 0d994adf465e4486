using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Books, tops and trades as OKX writes them: field order, no blanks, one book or top or any number of trades in a frame. What the venue added
/// behind the fields that count, or has announced to leave out, may be there or not.
/// </summary>
internal sealed class OkxFastPath(SymbolTable symbols)
{
    public bool TryParse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var cursor = new FrameCursor(frame);
        if (!cursor.Skip("{\"arg\":{\"channel\":\""u8)) return false;
        var isBook = cursor.Skip("books"u8);
        var isTop = false;
        if (isBook)
        {
            if (!cursor.Skip("\""u8) && !cursor.Skip("-l2-tbt\""u8) && !cursor.Skip("50-l2-tbt\""u8)) return false;
        }
        else if (!cursor.Skip("trades\""u8))
        {
            isTop = cursor.Skip("bbo-tbt\""u8);
            if (!isTop) return false;
        }

        if (!cursor.Skip(",\"instId\":\""u8) || !cursor.Until((byte)'"', out var name) || symbols.Find(name) is not { } symbol) return false;
        return isBook ? TryBook(ref cursor, symbol, receiveTime, batch)
            : isTop ? TryTop(ref cursor, symbol, receiveTime, batch)
            : TryTrades(ref cursor, symbol, receiveTime, batch);
    }

    private static bool TryBook(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var isSnapshot = cursor.Skip("},\"action\":\"snapshot\""u8);
        if (!isSnapshot && !cursor.Skip("},\"action\":\"update\""u8)) return false;
        var levels = batch.Levels;
        if (!cursor.Skip(",\"data\":[{\"asks\":"u8) || !cursor.Levels(symbol, hasDetails: true, levels)) return false;
        var askCount = levels.Count;
        if (!cursor.Skip(",\"bids\":"u8) || !cursor.Levels(symbol, hasDetails: true, levels)) return false;
        levels.Swap(0, askCount);
        if (!cursor.Skip(",\"ts\":\""u8) || !cursor.Milliseconds(out var venueTime) || !cursor.Skip("\""u8)) return false;
        var checksum = 0L;
        if (cursor.Skip(",\"checksum\":"u8) && (!cursor.SignedInteger(out checksum) || checksum is < int.MinValue or > int.MaxValue)) return false;
        if (!TryIds(ref cursor, symbol, out var ids) || !cursor.Skip("}]}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(new BookUpdate
        {
            Instrument = symbol.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = ids.First, LastUpdateId = ids.Last, PreviousUpdateId = ids.Previous, Checksum = (int)checksum,
            BidCount = levels.Count - askCount, Levels = levels.From(0),
        });
        return true;
    }

    private static bool TryTop(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var levels = batch.Levels;
        if (!cursor.Skip("},\"data\":[{\"asks\":"u8) || !cursor.Levels(symbol, hasDetails: true, levels) || levels.Count != 1) return false;
        if (!cursor.Skip(",\"bids\":"u8) || !cursor.Levels(symbol, hasDetails: true, levels) || levels.Count != 2) return false;
        if (!cursor.Skip(",\"ts\":\""u8) || !cursor.Milliseconds(out var venueTime) || !cursor.Skip("\",\"seqId\":"u8)
            || !cursor.Integer(out var updateId) || !cursor.Skip("}]}"u8) || !cursor.IsAtEnd)
            return false;
        var touch = levels.From(0).Span;
        batch.Add(new VenueTop
        {
            Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = receiveTime, UpdateId = updateId, Bid = touch[1], Ask = touch[0],
        });
        return true;
    }

    private static bool TryIds(ref FrameCursor cursor, WireSymbol symbol, out OkxUpdateIds ids)
    {
        ids = OkxUpdateIds.None;
        long previous, last;
        if (cursor.Skip(",\"prevSeqId\":"u8))
        {
            if (!cursor.SignedInteger(out previous) || !cursor.Skip(",\"seqId\":"u8) || !cursor.Integer(out last)) return false;
        }
        else if (cursor.Skip(",\"seqId\":"u8))
        {
            if (!cursor.Integer(out last) || !cursor.Skip(",\"prevSeqId\":"u8) || !cursor.SignedInteger(out previous)) return false;
        }
        else
        {
            return symbol.Instrument.SequenceRule != BookSequenceRule.PreviousId;
        }

        ids = OkxUpdateIds.From(previous, last);
        return previous >= -1;
    }

    private static bool TryTrades(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("},\"data\":["u8)) return false;
        do
        {
            if (batch.Count == MessageBatch.CountMax
                || !cursor.Skip("{\"instId\":\""u8) || !cursor.Skip(symbol.Literal)
                || !cursor.Skip("\",\"tradeId\":\""u8) || !cursor.Integer(out var tradeId)
                || !cursor.Skip("\",\"px\":\""u8) || !cursor.Level(symbol, ",\"sz\":\""u8, out var level) || level.SizeLots == 0)
                return false;
            var isBuy = cursor.Skip(",\"side\":\"buy\""u8);
            if (!isBuy && !cursor.Skip(",\"side\":\"sell\""u8)) return false;
            if (!cursor.Skip(",\"ts\":\""u8) || !cursor.Milliseconds(out var venueTime) || !cursor.Skip("\""u8)) return false;
            if (cursor.Skip(",\"count\":\""u8) && (!cursor.Integer(out _) || !cursor.Skip("\""u8))) return false;
            if (cursor.Skip(",\"source\":\""u8) && (!cursor.Integer(out _) || !cursor.Skip("\""u8))) return false;
            if (cursor.Skip(",\"seqId\":"u8) && !cursor.Integer(out _)) return false;
            if (!cursor.Skip("}"u8)) return false;
            batch.Add(new Trade
            {
                Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = receiveTime, TradeId = tradeId,
                PriceTicks = level.PriceTicks, SizeLots = level.SizeLots, Aggressor = isBuy ? Side.Buy : Side.Sell,
            });
        }
        while (cursor.Skip(","u8));
        return cursor.Skip("]}"u8) && cursor.IsAtEnd;
    }
}
