using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>What Bybit writes, as text.</summary>
internal sealed class BybitJson(string category)
{
    public string Category => category;

    private bool IsSpot => category == "spot";

    public static string Envelope(int code, string words, string result, string extension, long at) =>
        Text($$"""{"retCode":{{code}},"retMsg":{{Quoted(words)}},"result":{{result}},"retExtInfo":{{extension}},"time":{{at}}}""");

    /// <param name="elements">JSON each.</param>
    /// <param name="cursor">Of the next page; null where the list has none.</param>
    public static string List(IEnumerable<string> elements, string? cursor) =>
        $$"""{"list":[{{string.Join(',', elements)}}]{{(cursor is null ? "" : $",\"nextPageCursor\":{Quoted(cursor)}")}}}""";

    public static string Receipt(FakeOrder order) => Text($$"""{"orderId":"{{order.OrderId}}","orderLinkId":{{Quoted(order.ClientOrderId)}}}""");

    public static string CodeOf(int code, string words) => Text($$"""{"code":{{code}},"msg":{{Quoted(words)}}}""");

    public static string Wallet(IEnumerable<FakeBalance> balances)
    {
        var coins = balances.Select(b => Text($$"""{"coin":"{{b.Asset}}","walletBalance":"{{b.Total}}","locked":"{{b.Held}}"}"""));
        return $$"""{"accountType":"UNIFIED","totalEquity":"","coin":[{{string.Join(',', coins)}}]}""";
    }

    /// <summary>The data of a book, whose update ids are one number.</summary>
    public static string Book(Instrument instrument, BookUpdate book, bool hasTime)
    {
        var time = hasTime ? Text($",\"ts\":{At(book.VenueTime)},\"cts\":{At(book.VenueTime)}") : "";
        return Text($$"""{"s":"{{instrument.Symbol}}","b":[{{Levels(instrument, book.Bids)}}],"a":[{{Levels(instrument, book.Asks)}}],"u":{{book.LastUpdateId + 1}},"seq":{{7 * book.LastUpdateId + 5}}{{time}}}""");
    }

    public string Listing(Instrument instrument, bool isTrading)
    {
        var contract = IsSpot ? "" : Text($"\"contractType\":\"{(category == "linear" ? "Linear" : "Inverse")}Perpetual\",");
        var sizes = IsSpot
            ? Text($"{{\"basePrecision\":\"{instrument.Sizes.Step}\",\"minOrderQty\":\"{instrument.MinimumSize}\",\"minOrderAmt\":\"{instrument.MinimumNotional}\"}}")
            : Text($"{{\"qtyStep\":\"{instrument.Sizes.Step}\",\"minOrderQty\":\"{instrument.MinimumSize}\",\"minNotionalValue\":\"{instrument.MinimumNotional}\"}}");
        return Text($$"""{"symbol":"{{instrument.Symbol}}",{{contract}}"status":"{{(isTrading ? "Trading" : "Closed")}}","baseCoin":"{{instrument.BaseAsset}}","quoteCoin":"{{instrument.QuoteAsset}}","priceFilter":{"tickSize":"{{instrument.Prices.Step}}"},"lotSizeFilter":{{sizes}}}""");
    }

    public string BookFrame(Instrument instrument, BookUpdate book, int depth)
    {
        var (type, at) = (Text($"\"type\":\"{(book.IsSnapshot ? "snapshot" : "delta")}\""), Text($"\"ts\":{At(book.VenueTime) + 2}"));
        return Text($$"""{"topic":"orderbook.{{depth}}.{{instrument.Symbol}}",{{(IsSpot ? $"{at},{type}" : $"{type},{at}")}},"data":{{Book(instrument, book, hasTime: false)}},"cts":{{At(book.VenueTime)}}}""");
    }

    public string TradeFrame(Instrument instrument, Trade trade)
    {
        var (side, price, size) = (Name(trade.Aggressor), instrument.Prices.ToDecimal(trade.PriceTicks), instrument.Sizes.ToDecimal(trade.SizeLots));
        var at = At(trade.VenueTime);
        return IsSpot
            ? Text($$"""{"topic":"publicTrade.{{instrument.Symbol}}","ts":{{at}},"type":"snapshot","data":[{"i":"{{trade.TradeId}}","T":{{at}},"p":"{{price}}","v":"{{size}}","S":"{{side}}","seq":7,"s":"{{instrument.Symbol}}","BT":false,"RPI":false}]}""")
            : Text($$"""{"topic":"publicTrade.{{instrument.Symbol}}","type":"snapshot","ts":{{at}},"data":[{"T":{{at}},"s":"{{instrument.Symbol}}","S":"{{side}}","v":"{{size}}","p":"{{price}}","L":"PlusTick","i":"{{TradeId(trade.TradeId)}}","BT":false,"RPI":false,"seq":7}]}""");
    }

    public string RecentTrade(Instrument instrument, Trade trade) => Text(
        $$"""{"execId":"{{TradeId(trade.TradeId)}}","symbol":"{{instrument.Symbol}}","price":"{{instrument.Prices.ToDecimal(trade.PriceTicks)}}","size":"{{instrument.Sizes.ToDecimal(trade.SizeLots)}}","side":"{{Name(trade.Aggressor)}}","time":"{{At(trade.VenueTime)}}","isBlockTrade":false}""");

    public string Order(FakeOrder order)
    {
        var isRefused = order.Status is OrderStatus.Cancelled && order is { IsPostOnly: true, FilledLots: 0 } && order.Reason.Contains("post-only", StringComparison.Ordinal);
        var status = order.Status switch
        {
            OrderStatus.Live => "New",
            OrderStatus.PartiallyFilled => "PartiallyFilled",
            OrderStatus.Filled => "Filled",
            OrderStatus.Rejected => "Rejected",
            _ => IsSpot && order.FilledLots > 0 ? "PartiallyFilledCanceled" : "Cancelled",
        };
        var timeInForce = order.TimeInForce == TimeInForce.ImmediateOrCancel ? "IOC" : order.IsPostOnly ? "PostOnly" : "GTC";
        return Text($$"""{"category":"{{category}}","symbol":"{{order.Instrument.Symbol}}","orderId":"{{order.OrderId}}","orderLinkId":{{Quoted(order.ClientOrderId)}},"side":"{{Name(order.Side)}}","orderType":"Limit","timeInForce":"{{timeInForce}}","orderStatus":"{{status}}","cancelType":"{{(order.Status == OrderStatus.Cancelled ? "CancelByUser" : "UNKNOWN")}}","rejectReason":"{{(isRefused ? "EC_PostOnlyWillTakeLiquidity" : "EC_NoError")}}","price":"{{order.Price}}","qty":"{{order.Size}}","cumExecQty":"{{order.Filled}}","leavesQty":"{{(order.IsOpen ? order.Size - order.Filled : 0)}}","createdTime":"{{At(order.CreatedAt)}}","updatedTime":"{{At(order.UpdatedAt)}}"}""");
    }

    public string Execution(FakeFill fill) => Text(
        $$"""{"category":"{{category}}","symbol":"{{fill.Order.Instrument.Symbol}}","orderId":"{{fill.Order.OrderId}}","orderLinkId":{{Quoted(fill.Order.ClientOrderId)}},"side":"{{Name(fill.Order.Side)}}","orderType":"Limit","execType":"Trade","execId":"{{TradeId(fill.TradeId)}}","execPrice":"{{fill.Price}}","execQty":"{{fill.Quantity}}","execFee":"{{fill.Fee}}","feeCurrency":"{{(IsSpot ? fill.FeeAsset : "")}}","isMaker":{{(fill.IsMaker ? "true" : "false")}},"execTime":"{{At(fill.At)}}","seq":7}""");

    public string Position(Instrument instrument, decimal position, int index)
    {
        var side = position > 0 ? "Buy" : position < 0 ? "Sell" : "";
        return Text($$"""{"category":"{{category}}","positionIdx":{{index}},"symbol":"{{instrument.Symbol}}","side":"{{side}}","size":"{{Math.Abs(position)}}"}""");
    }

    /// <summary>A frame of the private stream.</summary>
    public static string Private(string topic, string element, Timestamp at) =>
        Text($$"""{"id":"5923240c6880ab","topic":"{{topic}}","creationTime":{{At(at)}},"data":[{{element}}]}""");

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>Spot numbers its trades; a contract's have UUIDs, here with the number in both halves' place, so that they differ.</summary>
    private string TradeId(long number) => IsSpot ? Text($"{number}") : new Guid((int)(number & int.MaxValue), 0x1234, 0x5678, 0x91, 2, 3, 4, 5, 6, 7, 8).ToString();

    private static string Levels(Instrument instrument, ReadOnlySpan<BookLevel> levels)
    {
        var texts = new string[levels.Length];
        for (var i = 0; i < levels.Length; i++)
            texts[i] = Text($"[\"{instrument.Prices.ToDecimal(levels[i].PriceTicks)}\",\"{instrument.Sizes.ToDecimal(levels[i].SizeLots)}\"]");
        return string.Join(',', texts);
    }

    private static string Name(Side side) => side == Side.Buy ? "Buy" : "Sell";

    private static long At(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
