using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Book updates and trades without blanks. Gate has changed the order of its fields over the years and between its markets, and adds some, so that a
/// field is taken where it stands; one that is not known here, or stands twice, leaves the frame to the general parser.
/// </summary>
internal sealed class GateioFastPath(GateioProduct product, SymbolTable symbols)
{
    private enum Channel : byte { None, Book, LimitedBook, Trades }

    public bool TryParse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var cursor = new FrameCursor(frame);
        if (!cursor.Skip("{"u8)) return false;
        var channel = Channel.None;
        var isUpdate = false;
        var hasResult = false;
        var seen = 0;
        do
        {
            if (!cursor.Name(out var name)) return false;
            if (name.SequenceEqual("time"u8))
            {
                if (IsSeen(ref seen, 0) || !cursor.Integer(out _)) return false;
            }
            else if (name.SequenceEqual("time_ms"u8))
            {
                if (IsSeen(ref seen, 1) || !cursor.Integer(out _)) return false;
            }
            else if (name.SequenceEqual("channel"u8))
            {
                if (channel != Channel.None || !cursor.Quoted(out var text) || (channel = Find(text)) == Channel.None) return false;
            }
            else if (name.SequenceEqual("event"u8))
            {
                if (isUpdate || !cursor.Skip("\"update\""u8)) return false;
                isUpdate = true;
            }
            else if (name.SequenceEqual("conn_id"u8))
            {
                if (IsSeen(ref seen, 2) || !cursor.Quoted(out _)) return false;
            }
            else
            {
                // What the result is must be known before it is read.
                if (hasResult || !isUpdate || !name.SequenceEqual("result"u8)) return false;
                if (!TryResult(ref cursor, channel, receiveTime, batch)) return false;
                hasResult = true;
            }
        }
        while (cursor.Skip(","u8));
        return hasResult && cursor.Skip("}"u8) && cursor.IsAtEnd;
    }

    private Channel Find(ReadOnlySpan<byte> channel)
    {
        var prefix = product == GateioProduct.Spot ? "spot."u8 : "futures."u8;
        if (!channel.StartsWith(prefix)) return Channel.None;
        var rest = channel[prefix.Length..];
        return rest.SequenceEqual("order_book_update"u8) ? Channel.Book
            : rest.SequenceEqual("obu"u8) ? Channel.LimitedBook
            : rest.SequenceEqual("trades"u8) ? Channel.Trades
            : Channel.None;
    }

    private bool TryResult(ref FrameCursor cursor, Channel channel, Timestamp receiveTime, MessageBatch batch)
    {
        if (channel is Channel.Book or Channel.LimitedBook) return TryBook(ref cursor, channel, receiveTime, batch);
        if (channel != Channel.Trades) return false;
        if (!cursor.Skip("["u8)) return TryTrade(ref cursor, receiveTime, batch);
        do
        {
            if (batch.Count == MessageBatch.CountMax || !TryTrade(ref cursor, receiveTime, batch)) return false;
        }
        while (cursor.Skip(","u8));
        return cursor.Skip("]"u8);
    }

    private bool TryBook(ref FrameCursor cursor, Channel channel, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("{"u8)) return false;
        WireSymbol? symbol = null;
        var venueTime = Timestamp.None;
        long first = -1, last = -1;
        int bidStart = -1, askStart = -1;
        bool isSnapshot = false, isAskFirst = false;
        var seen = 0;
        var levels = batch.Levels;
        do
        {
            if (!cursor.Name(out var name)) return false;
            switch (name)
            {
                case [(byte)'t']:
                    if (venueTime.IsKnown || !cursor.Milliseconds(out venueTime)) return false;
                    break;
                case [(byte)'s']:
                    if (symbol is not null || !cursor.Quoted(out var text) || (symbol = Find(text, channel)) is null) return false;
                    break;
                case [(byte)'U']:
                    if (first >= 0 || !cursor.Integer(out first)) return false;
                    break;
                case [(byte)'u']:
                    if (last >= 0 || !cursor.Integer(out last)) return false;
                    break;
                case [(byte)'b']:
                    if (bidStart >= 0 || symbol is null) return false;
                    bidStart = levels.Count;
                    if (!TryLevels(ref cursor, symbol, channel, levels)) return false;
                    break;
                case [(byte)'a']:
                    if (askStart >= 0 || symbol is null) return false;
                    askStart = levels.Count;
                    isAskFirst = bidStart < 0;
                    if (!TryLevels(ref cursor, symbol, channel, levels)) return false;
                    break;
                case [(byte)'e']:
                    if (IsSeen(ref seen, 0) || !cursor.Skip("\"depthUpdate\""u8)) return false;
                    break;
                case [(byte)'E']:
                    if (IsSeen(ref seen, 1) || !cursor.Integer(out _)) return false;
                    break;
                case [(byte)'l']:
                    if (IsSeen(ref seen, 2) || !cursor.Quoted(out _)) return false;
                    break;
                default:
                    if (IsSeen(ref seen, 3) || !name.SequenceEqual("full"u8)) return false;
                    isSnapshot = cursor.Skip("true"u8);
                    if (!isSnapshot && !cursor.Skip("false"u8)) return false;
                    break;
            }
        }
        while (cursor.Skip(","u8));
        if (!cursor.Skip("}"u8) || symbol is null || !venueTime.IsKnown || last < 0 || bidStart < 0 || askStart < 0) return false;
        if (isSnapshot) first = last;
        if (first < 0 || first > last) return false;
        var bidCount = isAskFirst ? levels.Count - bidStart : askStart - bidStart;
        if (isAskFirst) levels.Swap(askStart, bidStart);
        batch.Add(new BookUpdate
        {
            Instrument = symbol.Id, IsSnapshot = isSnapshot, VenueTime = venueTime, ReceiveTime = receiveTime,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = -1, BidCount = bidCount, Levels = levels.From(0),
        });
        return true;
    }

    private WireSymbol? Find(ReadOnlySpan<byte> text, Channel channel)
    {
        if (channel == Channel.Book) return symbols.Find(text);
        var name = GateioChannels.SymbolOf(text);
        return name.IsEmpty ? null : symbols.Find(name);
    }

    private bool TryLevels(ref FrameCursor cursor, WireSymbol symbol, Channel channel, LevelBuffer levels) =>
        product == GateioProduct.Spot || channel == Channel.LimitedBook
            ? cursor.Levels(symbol, hasDetails: false, levels)
            : cursor.ObjectLevels(symbol, levels);

    private bool TryTrade(ref FrameCursor cursor, Timestamp receiveTime, MessageBatch batch) => product == GateioProduct.Spot
        ? TrySpotTrade(ref cursor, receiveTime, batch)
        : TryContractTrade(ref cursor, receiveTime, batch);

    private bool TrySpotTrade(ref FrameCursor cursor, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("{\"id\":"u8) || !cursor.Integer(out var tradeId)) return false;
        if (cursor.Skip(",\"id_market\":"u8) && !cursor.Integer(out _)) return false;
        if (!cursor.Skip(",\"create_time\":"u8) || !cursor.Integer(out _)
            || !cursor.Skip(",\"create_time_ms\":"u8) || !cursor.PreciseMilliseconds(out var venueTime))
            return false;
        var isBuy = cursor.Skip(",\"side\":\"buy\""u8);
        if (!isBuy && !cursor.Skip(",\"side\":\"sell\""u8)) return false;
        if (!cursor.Skip(",\"currency_pair\":"u8) || !cursor.Quoted(out var name) || symbols.Find(name) is not { } symbol
            || !cursor.Skip(",\"amount\":\""u8) || !cursor.Steps(symbol.Sizes, out var lots) || lots == 0
            || !cursor.Skip(",\"price\":\""u8) || !cursor.Steps(symbol.Prices, out var ticks) || ticks == 0)
            return false;
        if (cursor.Skip(",\"range\":"u8) && !cursor.Quoted(out _)) return false;
        if (cursor.Skip(",\"trade_mode\":"u8) && !cursor.Integer(out _)) return false;
        if (!cursor.Skip("}"u8)) return false;
        Add(symbol, venueTime, receiveTime, tradeId, ticks, lots, isBuy, batch);
        return true;
    }

    private bool TryContractTrade(ref FrameCursor cursor, Timestamp receiveTime, MessageBatch batch)
    {
        if (!cursor.Skip("{"u8)) return false;
        ReadOnlySpan<byte> size = default, price = default, contract = default;
        bool isSizeQuoted = false, isPriceQuoted = false;
        long tradeId = -1;
        var venueTime = Timestamp.None;
        var seen = 0;
        do
        {
            if (!cursor.Name(out var name)) return false;
            var isRead = name switch
            {
                _ when name.SequenceEqual("id"u8) => !IsSeen(ref seen, 0) && cursor.Integer(out tradeId),
                _ when name.SequenceEqual("size"u8) => !IsSeen(ref seen, 1) && cursor.Number(out size, out isSizeQuoted),
                _ when name.SequenceEqual("price"u8) => !IsSeen(ref seen, 2) && cursor.Number(out price, out isPriceQuoted),
                _ when name.SequenceEqual("contract"u8) => !IsSeen(ref seen, 3) && cursor.Quoted(out contract),
                _ when name.SequenceEqual("create_time"u8) => !IsSeen(ref seen, 4) && cursor.Integer(out _),
                _ when name.SequenceEqual("create_time_ms"u8) => !IsSeen(ref seen, 5) && cursor.PreciseMilliseconds(out venueTime),
                _ => false,
            };
            if (!isRead) return false;
        }
        while (cursor.Skip(","u8));
        if (!cursor.Skip("}"u8) || tradeId < 0 || !venueTime.IsKnown || symbols.Find(contract) is not { } symbol) return false;
        var isSell = size.StartsWith("-"u8);
        if (!FrameCursor.TrySteps(symbol.Sizes, isSell ? size[1..] : size, isSizeQuoted, out var lots) || lots == 0
            || !FrameCursor.TrySteps(symbol.Prices, price, isPriceQuoted, out var ticks) || ticks == 0)
            return false;
        Add(symbol, venueTime, receiveTime, tradeId, ticks, lots, !isSell, batch);
        return true;
    }

    private static void Add(
        WireSymbol symbol, Timestamp venueTime, Timestamp receiveTime, long tradeId, long ticks, long lots, bool isBuy, MessageBatch batch) =>
        batch.Add(new Trade
        {
            Instrument = symbol.Id, VenueTime = venueTime, ReceiveTime = receiveTime, TradeId = tradeId, PriceTicks = ticks, SizeLots = lots,
            Aggressor = isBuy ? Side.Buy : Side.Sell,
        });

    private static bool IsSeen(ref int seen, int field)
    {
        var isSeen = (seen & (1 << field)) != 0;
        seen |= 1 << field;
        return isSeen;
    }
}
