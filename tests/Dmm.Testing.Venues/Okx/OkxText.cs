using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>What a market keeps, as OKX writes it.</summary>
internal static class OkxText
{
    // Bills have numbers of their own.
    private const long FirstBill = 680_800_000;

    public static string Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public static string Type(Instrument instrument) => Wire.OkxInstruments.TypeOf(instrument);

    public static string Bill(FakeFill fill) => Number(FirstBill + fill.Sequence);

    /// <summary>An order as the REST lists have it.</summary>
    public static string Order(FakeOrder order, string cancelSource = "") => $$"""{{{Fields(order, cancelSource)}}}""";

    /// <summary>An order as the stream tells it, with the fill that changed it where there is one.</summary>
    public static string StreamOrder(FakeOrder order, FakeFill? fill, string cancelSource)
    {
        var execution = fill is null
            ? "\"tradeId\":\"\",\"fillPx\":\"\",\"fillSz\":\"0\",\"fillFee\":\"0\",\"fillFeeCcy\":\"\",\"execType\":\"\",\"fillTime\":\"\""
            : $$"""
              "tradeId":"{{Number(fill.TradeId)}}","fillPx":"{{Number(fill.Price)}}","fillSz":"{{Number(fill.Quantity)}}","fillFee":"{{Number(-fill.Fee)}}","fillFeeCcy":"{{fill.FeeAsset}}","execType":"{{Role(fill)}}","fillTime":"{{Milliseconds(fill.At)}}"
              """;
        return $$"""{{{Fields(order, cancelSource)}},"code":"0","msg":"","amendResult":"",{{execution}}}""";
    }

    public static string Fill(FakeFill fill) => $$"""
        {"instType":"{{Type(fill.Order.Instrument)}}","instId":"{{fill.Order.Instrument.Symbol}}","tradeId":"{{Number(fill.TradeId)}}","ordId":"{{Number(fill.Order.OrderId)}}","clOrdId":"{{fill.Order.ClientOrderId}}","billId":"{{Bill(fill)}}","side":"{{Side(fill.Order.Side)}}","fillPx":"{{Number(fill.Price)}}","fillSz":"{{Number(fill.Quantity)}}","fee":"{{Number(-fill.Fee)}}","feeCcy":"{{fill.FeeAsset}}","execType":"{{Role(fill)}}","fillTime":"{{Milliseconds(fill.At)}}","ts":"{{Milliseconds(fill.At)}}"}
        """;

    public static string Account(IEnumerable<FakeBalance> balances, Timestamp at)
    {
        var details = string.Join(',', balances.Select(b => $$"""{"ccy":"{{b.Asset}}","cashBal":"{{Number(b.Total)}}","frozenBal":"{{Number(b.Held)}}","uTime":"{{Milliseconds(b.At)}}"}"""));
        return $$"""{"uTime":"{{Milliseconds(at)}}","totalEq":"0","details":[{{details}}]}""";
    }

    /// <summary>A position in contracts; where an account has two, the side is named and not signed.</summary>
    public static string Position(Instrument instrument, decimal contracts, bool isOfTwo, Timestamp at)
    {
        var (side, size) = isOfTwo ? (contracts > 0 ? "long" : "short", Math.Abs(contracts)) : ("net", contracts);
        return $$"""{"instType":"{{Type(instrument)}}","instId":"{{instrument.Symbol}}","posSide":"{{side}}","pos":"{{Number(size)}}","mgnMode":"cross","lever":"3","uTime":"{{Milliseconds(at)}}"}""";
    }

    /// <summary>A book's element: without predecessor where it is a REST reply.</summary>
    public static string Book(Instrument instrument, in BookUpdate book, bool namesPredecessor)
    {
        var chain = namesPredecessor ? $",\"prevSeqId\":{Number(book.IsSnapshot ? -1 : book.PreviousUpdateId)}" : "";
        var checksum = namesPredecessor ? ",\"checksum\":0" : "";
        return $$"""{"asks":[{{Levels(instrument, book.Asks)}}],"bids":[{{Levels(instrument, book.Bids)}}],"ts":"{{Milliseconds(book.VenueTime)}}"{{checksum}}{{chain}},"seqId":{{Number(book.LastUpdateId)}}}""";
    }

    public static string Trade(Instrument instrument, Trade trade) => $$"""
        {"instId":"{{instrument.Symbol}}","tradeId":"{{Number(trade.TradeId)}}","px":"{{Number(instrument.Prices.ToDecimal(trade.PriceTicks))}}","sz":"{{Number(instrument.Sizes.ToDecimal(trade.SizeLots))}}","side":"{{Side(trade.Aggressor)}}","ts":"{{Milliseconds(trade.VenueTime)}}","count":"1"}
        """;

    public static string Listed(Instrument instrument, bool isLive)
    {
        var isSpot = instrument.Kind == ContractKind.Spot;
        var (bought, paid) = isSpot ? (instrument.BaseAsset, instrument.QuoteAsset) : ("", "");
        var contract = isSpot ? ("", "", "", "") : (instrument.Kind == ContractKind.Linear ? "linear" : "inverse", Number(instrument.ContractSize), "1", $"{instrument.BaseAsset}-{instrument.QuoteAsset}");
        return $$"""
            {"instType":"{{Type(instrument)}}","instId":"{{instrument.Symbol}}","baseCcy":"{{bought}}","quoteCcy":"{{paid}}","ctType":"{{contract.Item1}}","ctVal":"{{contract.Item2}}","ctMult":"{{contract.Item3}}","uly":"{{contract.Item4}}","tickSz":"{{Number(instrument.Prices.Step)}}","lotSz":"{{Number(instrument.Sizes.Step)}}","minSz":"{{Number(Math.Max(instrument.MinimumSize, instrument.Sizes.Step))}}","state":"{{(isLive ? "live" : "suspend")}}"}
            """;
    }

    public static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Fields(FakeOrder order, string cancelSource) => $$"""
        "instType":"{{Type(order.Instrument)}}","instId":"{{order.Instrument.Symbol}}","ordId":"{{Number(order.OrderId)}}","clOrdId":"{{order.ClientOrderId}}","side":"{{Side(order.Side)}}","ordType":"{{OrderType(order)}}","px":"{{Number(order.Price)}}","sz":"{{Number(order.Size)}}","accFillSz":"{{Number(order.Filled)}}","state":"{{State(order.Status)}}","cancelSource":"{{cancelSource}}","cTime":"{{Milliseconds(order.CreatedAt)}}","uTime":"{{Milliseconds(order.UpdatedAt)}}"
        """;

    private static string Levels(Instrument instrument, ReadOnlySpan<BookLevel> levels) => string.Join(
        ',', levels.ToArray().Select(l => $"[\"{Number(instrument.Prices.ToDecimal(l.PriceTicks))}\",\"{Number(instrument.Sizes.ToDecimal(l.SizeLots))}\",\"0\",\"1\"]"));

    private static string Side(Side side) => side == Core.Side.Buy ? "buy" : "sell";

    private static string Role(FakeFill fill) => fill.IsMaker ? "M" : "T";

    private static string OrderType(FakeOrder order) =>
        order.TimeInForce == TimeInForce.ImmediateOrCancel ? "ioc" : order.IsPostOnly ? "post_only" : "limit";

    private static string State(OrderStatus status) => status switch
    {
        OrderStatus.Live => "live",
        OrderStatus.PartiallyFilled => "partially_filled",
        OrderStatus.Filled => "filled",
        _ => "canceled",
    };
}
