using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Books and trades as <see cref="HmacVenueWriter"/> writes them: field order, no blanks.</summary>
internal sealed class HmacVenueFastPath(SymbolTable symbols)
{
    public bool TryParse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var cursor = new FrameCursor(frame);
        if (!cursor.Skip("{\"channel\":\""u8)) return false;
        var isBook = cursor.Skip("book\",\"symbol\":\""u8);
        if (!isBook && !cursor.Skip("trades\",\"symbol\":\""u8)) return false;
        if (!cursor.Until((byte)'"', out var name) || symbols.Find(name) is not { } symbol) return false;
        heard = new(VenueFrameKind.Data);
        return isBook ? TryBook(ref cursor, symbol, receiveTime, batch) : TryTrades(ref cursor, symbol, receiveTime, batch);
    }

    private static bool TryBook(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var isSnapshot = cursor.Skip(",\"type\":\"snapshot\",\"U\":"u8);
        if (!isSnapshot && !cursor.Skip(",\"type\":\"delta\",\"U\":"u8)) return false;
        if (!cursor.Integer(out var first) || !cursor.Skip(",\"u\":"u8) || !cursor.Integer(out var last) || first > last
            || (isSnapshot && first != last)
            || !cursor.Skip(",\"time\":"u8) || !cursor.Milliseconds(out var venueTime))
            return false;
        var levels = batch.Levels;
        if (!cursor.Skip(",\"bids\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels)) return false;
        var bidCount = levels.Count;
        if (!cursor.Skip(",\"asks\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels) || !cursor.Skip("}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(new BookUpdate
        {
            Instrument = symbol.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = -1, BidCount = bidCount, Levels = levels.From(0),
        });
        return true;
    }

    private static bool TryTrades(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip(",\"trades\":["u8)) return false;
        do
        {
            if (batch.Count == MessageBatch.CountMax || !cursor.Skip("{\"id\":"u8) || !cursor.Integer(out var tradeId)) return false;
            var isBuy = cursor.Skip(",\"side\":\"buy\""u8);
            if (!isBuy && !cursor.Skip(",\"side\":\"sell\""u8)) return false;
            if (!cursor.Skip(",\"price\":\""u8) || !cursor.Level(symbol, ",\"size\":\""u8, out var level) || level.SizeLots == 0
                || !cursor.Skip(",\"time\":"u8) || !cursor.Milliseconds(out var venueTime) || !cursor.Skip("}"u8))
                return false;
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
