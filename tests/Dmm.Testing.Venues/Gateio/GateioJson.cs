using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>Orders, fills, balances, books and trades as Gate writes them, in the same shape on the streams and in the replies but for a few
/// fields.</summary>
/// <param name="product">Spot or contracts.</param>
/// <param name="hasDecimals">The client has asked for sizes of contracts with their decimals, which are cut off else.</param>
internal sealed class GateioJson(GateioProduct product, bool hasDecimals)
{
    private readonly bool _isSpot = product == GateioProduct.Spot;

    public static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public static long Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    /// <summary>What has not traded is <c>left</c> also once the order has ended.</summary>
    public JsonObject Order(FakeOrder order, OrderCause? cause)
    {
        var left = order.Instrument.Sizes.ToDecimal(order.SizeLots - order.FilledLots);
        var finishAs = FinishAs(order, cause);
        var text = order.ClientOrderId.Length == 0 ? "web" : order.ClientOrderId;
        if (!_isSpot)
        {
            var sign = order.Side.Sign();
            return new JsonObject
            {
                ["id"] = order.OrderId, ["user"] = 1666, ["contract"] = order.Instrument.Symbol,
                ["create_time"] = Milliseconds(order.CreatedAt) / 1_000m,
                ["finish_time"] = Milliseconds(order.UpdatedAt) / 1_000m, ["size"] = Contracts(order.Size * sign), ["left"] = Contracts(left * sign),
                ["price"] = Text(order.Price), ["fill_price"] = Text(order.AveragePrice), ["tif"] = order.IsPostOnly ? "poc" : "gtc", ["text"] = text,
                ["status"] = order.IsOpen ? "open" : "finished", ["finish_as"] = order.IsOpen && cause is not null ? "_update" : finishAs,
            };
        }

        var json = new JsonObject
        {
            ["id"] = order.OrderId.ToString(CultureInfo.InvariantCulture), ["text"] = text, ["currency_pair"] = order.Instrument.Symbol,
            ["create_time_ms"] = Milliseconds(order.CreatedAt), ["update_time_ms"] = Milliseconds(order.UpdatedAt), ["type"] = "limit",
            ["side"] = order.Side == Side.Buy ? "buy" : "sell", ["amount"] = Text(order.Size), ["price"] = Text(order.Price), ["left"] = Text(left),
            ["filled_total"] = Text(order.FilledTurnover), ["finish_as"] = order.IsOpen ? "open" : finishAs,
        };
        if (cause is null)
            json["status"] = order.IsOpen ? "open" : order.Status == OrderStatus.Filled ? "closed" : "cancelled";
        else
            json["event"] = !order.IsOpen ? "finish" : cause == OrderCause.Placed ? "put" : "update";
        return json;
    }

    public JsonObject Fill(FakeFill fill, bool isReply)
    {
        var text = fill.Order.ClientOrderId.Length == 0 ? "web" : fill.Order.ClientOrderId;
        var milliseconds = Milliseconds(fill.At);
        if (_isSpot)
        {
            return new JsonObject
            {
                ["id"] = isReply ? fill.TradeId.ToString(CultureInfo.InvariantCulture) : fill.TradeId,
                ["order_id"] = fill.Order.OrderId.ToString(CultureInfo.InvariantCulture), ["currency_pair"] = fill.Order.Instrument.Symbol,
                ["create_time"] = milliseconds / 1_000, ["create_time_ms"] = string.Create(CultureInfo.InvariantCulture, $"{milliseconds}.000000"),
                ["side"] = fill.Order.Side == Side.Buy ? "buy" : "sell", ["role"] = fill.IsMaker ? "maker" : "taker",
                ["amount"] = Text(fill.Quantity),
                ["price"] = Text(fill.Price), ["fee"] = Text(fill.Fee), ["fee_currency"] = fill.FeeAsset, ["point_fee"] = "0", ["gt_fee"] = "0",
                ["text"] = text,
            };
        }

        var json = new JsonObject
        {
            [isReply ? "trade_id" : "id"] = fill.TradeId.ToString(CultureInfo.InvariantCulture), ["contract"] = fill.Order.Instrument.Symbol,
            ["order_id"] = fill.Order.OrderId.ToString(CultureInfo.InvariantCulture), ["size"] = Contracts(fill.Quantity * fill.Order.Side.Sign()),
            ["price"] = Text(fill.Price), ["role"] = fill.IsMaker ? "maker" : "taker", ["text"] = text, ["fee"] = fill.Fee, ["point_fee"] = 0,
        };
        if (isReply) json["create_time"] = milliseconds / 1_000m;
        else json["create_time_ms"] = milliseconds;
        return json;
    }

    public JsonObject Trade(Instrument instrument, Trade trade)
    {
        var size = instrument.Sizes.ToDecimal(trade.SizeLots);
        var milliseconds = Milliseconds(trade.VenueTime);
        if (!_isSpot)
        {
            return new JsonObject
            {
                ["id"] = trade.TradeId, ["size"] = Contracts(size * trade.Aggressor.Sign()), ["create_time"] = milliseconds / 1_000,
                ["create_time_ms"] = milliseconds,
                ["price"] = Text(instrument.Prices.ToDecimal(trade.PriceTicks)), ["contract"] = instrument.Symbol,
            };
        }

        return new JsonObject
        {
            ["id"] = trade.TradeId, ["id_market"] = trade.TradeId, ["create_time"] = milliseconds / 1_000,
            ["create_time_ms"] = string.Create(CultureInfo.InvariantCulture, $"{milliseconds}.000000"),
            ["side"] = trade.Aggressor == Side.Buy ? "buy" : "sell", ["currency_pair"] = instrument.Symbol, ["amount"] = Text(size),
            ["price"] = Text(instrument.Prices.ToDecimal(trade.PriceTicks)),
        };
    }

    /// <summary>Levels as pairs, or as objects where the contracts' updates and REST book have them.</summary>
    public JsonArray Levels(ReadOnlySpan<BookLevel> levels, Instrument instrument, bool arePairs)
    {
        var array = new JsonArray();
        foreach (var level in levels)
        {
            var price = Text(instrument.Prices.ToDecimal(level.PriceTicks));
            var size = instrument.Sizes.ToDecimal(level.SizeLots);
            array.Add(arePairs || _isSpot ? new JsonArray(price, Text(Contracts(size))) : new JsonObject { ["p"] = price, ["s"] = Contracts(size) });
        }

        return array;
    }

    private decimal Contracts(decimal size) => _isSpot || hasDecimals ? size : decimal.Truncate(size);

    private static string FinishAs(FakeOrder order, OrderCause? cause) => order.Status switch
    {
        OrderStatus.Filled => "filled",
        OrderStatus.Cancelled when order.Reason.Contains("post-only", StringComparison.Ordinal) => "poc",
        OrderStatus.Cancelled when cause == OrderCause.EndedByVenue && order.TimeInForce == TimeInForce.ImmediateOrCancel => "ioc",
        _ => "cancelled",
    };
}
