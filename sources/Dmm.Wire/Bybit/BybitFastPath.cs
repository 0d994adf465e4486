using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Books and trades as Bybit writes them, without blanks: contracts name the type before the time and spot the other way round, and their trades have
/// their fields in different orders.
/// </summary>
internal sealed class BybitFastPath(SymbolTable symbols, int depth)
{
    private readonly byte[] _bookTopic = Encoding.UTF8.GetBytes($"orderbook.{depth}.");

    public bool TryParse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var cursor = new FrameCursor(frame);
        if (!cursor.Skip("{\"topic\":\""u8)) return false;
        var isBook = cursor.Skip(_bookTopic);
        if (!isBook && !cursor.Skip("publicTrade."u8)) return false;
        if (!cursor.Until((byte)'"', out var name) || symbols.Find(name) is not { } symbol) return false;
        return isBook ? TryBook(ref cursor, symbol, receiveTime, batch) : TryTrades(ref cursor, symbol, receiveTime, batch);
    }

    private static bool TryBook(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var isTimeFirst = cursor.Skip(",\"ts\":"u8);
        var sentAt = Timestamp.None;
        if (isTimeFirst && !cursor.Milliseconds(out sentAt)) return false;
        var isSnapshot = cursor.Skip(",\"type\":\"snapshot\""u8);
        if (!isSnapshot && !cursor.Skip(",\"type\":\"delta\""u8)) return false;
        if (!isTimeFirst && (!cursor.Skip(",\"ts\":"u8) || !cursor.Milliseconds(out sentAt))) return false;
        if (!cursor.Skip(",\"data\":{\"s\":\""u8) || !cursor.Skip(symbol.Literal)) return false;
        var levels = batch.Levels;
        if (!cursor.Skip("\",\"b\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels)) return false;
        var bidCount = levels.Count;
        if (!cursor.Skip(",\"a\":"u8) || !cursor.Levels(symbol, hasDetails: false, levels)) return false;
        if (!cursor.Skip(",\"u\":"u8) || !cursor.Integer(out var updateId) || updateId == 0) return false;
        if (cursor.Skip(",\"seq\":"u8) && !cursor.Integer(out _)) return false;
        if (!cursor.Skip("}"u8)) return false;
        var venueTime = sentAt;
        if (cursor.Skip(",\"cts\":"u8) && !cursor.Milliseconds(out venueTime)) return false;
        if (!cursor.Skip("}"u8) || !cursor.IsAtEnd) return false;
        batch.Add(BybitBook.Update(symbol.Id, isSnapshot, updateId, venueTime, receiveTime, bidCount, levels.From(0)));
        return true;
    }

    private static bool TryTrades(ref FrameCursor cursor, WireSymbol symbol, Timestamp receiveTime, MessageBatch batch)
    {
        var isSpot = cursor.Skip(",\"ts\":"u8);
        if (isSpot && !cursor.Milliseconds(out _)) return false;
        if (!cursor.Skip(",\"type\":\"snapshot\""u8)) return false;
        if (!isSpot && (!cursor.Skip(",\"ts\":"u8) || !cursor.Milliseconds(out _))) return false;
        if (!cursor.Skip(",\"data\":["u8)) return false;
        do
        {
            Trade trade;
            if (batch.Count == MessageBatch.CountMax) return false;
            if (isSpot ? !TrySpotTrade(ref cursor, symbol, out trade) : !TryContractTrade(ref cursor, symbol, out trade)) return false;
            batch.Add(trade with { ReceiveTime = receiveTime });
        }
        while (cursor.Skip(","u8));
        return cursor.Skip("]}"u8) && cursor.IsAtEnd;
    }

    private static bool TryContractTrade(ref FrameCursor cursor, WireSymbol symbol, out Trade trade)
    {
        trade = default;
        if (!cursor.Skip("{\"T\":"u8) || !cursor.Milliseconds(out var venueTime)
            || !cursor.Skip(",\"s\":\""u8) || !cursor.Skip(symbol.Literal) || !cursor.Skip("\",\"S\":\""u8) || !TrySide(ref cursor, out var aggressor)
            || !cursor.Skip(",\"v\":\""u8) || !cursor.Steps(symbol.Sizes, out var size) || size == 0
            || !cursor.Skip(",\"p\":\""u8) || !cursor.Steps(symbol.Prices, out var price) || price == 0
            || !cursor.Skip(",\"L\":\""u8) || !TryTickDirection(ref cursor)
            || !cursor.Skip(",\"i\":\""u8) || !cursor.Until((byte)'"', out var id) || !BybitTradeId.TryParse(id, out var tradeId)
            || !cursor.Skip(",\"BT\":false"u8))
            return false;
        SkipFlag(ref cursor);
        if (cursor.Skip(",\"seq\":"u8) && !cursor.Integer(out _)) return false;
        trade = Of(symbol, venueTime, tradeId, price, size, aggressor);
        return cursor.Skip("}"u8);
    }

    private static bool TrySpotTrade(ref FrameCursor cursor, WireSymbol symbol, out Trade trade)
    {
        trade = default;
        if (!cursor.Skip("{\"i\":\""u8) || !cursor.Until((byte)'"', out var id) || !BybitTradeId.TryParse(id, out var tradeId)
            || !cursor.Skip(",\"T\":"u8) || !cursor.Milliseconds(out var venueTime)
            || !cursor.Skip(",\"p\":\""u8) || !cursor.Steps(symbol.Prices, out var price) || price == 0
            || !cursor.Skip(",\"v\":\""u8) || !cursor.Steps(symbol.Sizes, out var size) || size == 0
            || !cursor.Skip(",\"S\":\""u8) || !TrySide(ref cursor, out var aggressor))
            return false;
        if (cursor.Skip(",\"seq\":"u8) && !cursor.Integer(out _)) return false;
        if (!cursor.Skip(",\"s\":\""u8) || !cursor.Skip(symbol.Literal) || !cursor.Skip("\",\"BT\":false"u8)) return false;
        SkipFlag(ref cursor);
        trade = Of(symbol, venueTime, tradeId, price, size, aggressor);
        return cursor.Skip("}"u8);
    }

    private static bool TrySide(ref FrameCursor cursor, out Side aggressor)
    {
        var isBuy = cursor.Skip("Buy\""u8);
        aggressor = isBuy ? Side.Buy : Side.Sell;
        return isBuy || cursor.Skip("Sell\""u8);
    }

    private static bool TryTickDirection(ref FrameCursor cursor) =>
        cursor.Skip("PlusTick\""u8) || cursor.Skip("ZeroPlusTick\""u8) || cursor.Skip("MinusTick\""u8) || cursor.Skip("ZeroMinusTick\""u8);

    private static void SkipFlag(ref FrameCursor cursor)
    {
        if (!cursor.Skip(",\"RPI\":false"u8)) cursor.Skip(",\"RPI\":true"u8);
    }

    private static Trade Of(WireSymbol symbol, Timestamp venueTime, long tradeId, long price, long size, Side aggressor) => new()
    {
        Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = Timestamp.None, TradeId = tradeId, PriceTicks = price, SizeLots = size,
        Aggressor = aggressor,
    };
}
