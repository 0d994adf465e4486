using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <content>What the account asks for.</content>
public sealed partial class GateioDialect
{
    private FakeAnswer AnswerSigned(FakeRequest request, FakeMarket market) => request.Operation switch
    {
        VenueOperation.Place => Answered(request, Placed(Json(request), market)),
        VenueOperation.PlaceBatch => Each(request, order => Placed(order, market)),
        VenueOperation.Amend => Answered(request, Amended(OrderId(request), Json(request), market)),
        VenueOperation.AmendBatch => Each(request, order => Amended(order.GetProperty("text").GetString()!, order, market)),
        VenueOperation.Cancel => Answered(request, Of(OrderId(request), Pair(request), market, market.Cancel)),
        VenueOperation.CancelBatch => Each(
            request, order => Of(order.GetProperty("id").GetString()!, order.GetProperty(_symbol).GetString(), market, market.Cancel),
                isReceipt: true),
        VenueOperation.Order => Answered(request, Of(OrderId(request), Pair(request), market, o => o)),
        VenueOperation.OpenOrders => Listed(request, market.OpenOrders.Where(o => o.Instrument.Symbol == request[_symbol])),
        VenueOperation.OrderHistory => Listed(
            request, market.Orders.Where(o => o.Instrument.Symbol == request[_symbol] && !o.IsOpen && IsSince(request, o.UpdatedAt)).Reverse()),
        VenueOperation.Fills => Written(new JsonArray(
        [
            .. Page(request, market.Fills.Where(f => f.Order.Instrument.Symbol == request[_symbol] && IsSince(request, f.At)).Reverse())
                .Select(f => _json.Fill(f, isReply: true)),
        ])),
        VenueOperation.Balances => Balances(market),
        VenueOperation.Positions => Written(new JsonArray([.. Page(request, instruments.Where(i => market.Position(i) != 0)).Select(i => Position(i, market))])),
        VenueOperation.DeadMan => DeadMan(request, market),
        _ => Refuse(request, new(RefusalCode.BadRequest, $"'{request.Name}' is not a call of this venue")),
    };

    private MarketResult<FakeOrder> Placed(JsonElement order, FakeMarket market)
    {
        var instrument = Find(order.GetProperty(_symbol).GetString());
        var text = order.GetProperty("text").GetString()!;
        if (!text.StartsWith("t-", StringComparison.Ordinal) || text.Length > 30)
            return new MarketRefusal(RefusalCode.BadRequest, $"text is '{text}'");
        var tif = order.GetProperty(_isSpot ? "time_in_force" : "tif").GetString();
        var (side, lots) = Size(order, instrument);
        if (!instrument.Prices.TryToSteps(Number(order, "price"), out var ticks))
            return new MarketRefusal(RefusalCode.OffGrid, "the price is off the grid");
        return market.Place(new(
            instrument, text, side, ticks, lots, tif == "poc", tif == "ioc" ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled));
    }

    /// <summary>The size is of the whole order: at or below what has traded, it ends.</summary>
    private MarketResult<FakeOrder> Amended(string id, JsonElement change, FakeMarket market)
    {
        if (market.Find(id) is not { } order) return new MarketRefusal(RefusalCode.UnknownOrder, $"no order {id}");
        var (_, whole) = Size(change, order.Instrument);
        if (!order.IsOpen) return market.Cancel(order);
        return whole <= order.FilledLots
            ? market.Cancel(order)
            : market.Amend(order, order.Instrument.Prices.ToSteps(Number(change, "price")), whole - order.FilledLots);
    }

    private MarketResult<FakeOrder> Of(string id, string? pair, FakeMarket market, Func<FakeOrder, MarketResult<FakeOrder>> what)
    {
        var order = market.Find(id) ?? (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? market.Find(number)
            : null);
        return order is null || (_isSpot && order.Instrument.Symbol != pair)
            ? new MarketRefusal(RefusalCode.UnknownOrder, $"no order {id}")
            : what(order);
    }

    private FakeAnswer Answered(FakeRequest request, MarketResult<FakeOrder> result) =>
        result.Refusal is { } refusal ? Refuse(request, refusal) : Written(_json.Order(result.Value!, cause: null));

    private FakeAnswer Each(FakeRequest request, Func<JsonElement, MarketResult<FakeOrder>> ask, bool isReceipt = false)
    {
        var answers = new JsonArray();
        foreach (var order in Json(request).EnumerateArray())
        {
            var result = ask(order);
            var name = isReceipt ? "id" : "text";
            var answer = isReceipt || result.Value is null ? [] : _json.Order(result.Value, cause: null);
            answer[name] = order.GetProperty(name).GetString();
            answer["succeeded"] = result.Value is not null;
            answer["label"] = result.Refusal is { } refusal ? Label(refusal.Code).Label : "";
            answer["message"] = result.Refusal?.Words ?? "";
            answers.Add(answer);
        }

        return Written(answers);
    }

    private FakeAnswer Listed(FakeRequest request, IEnumerable<FakeOrder> orders) =>
        Written(new JsonArray([.. Page(request, orders).Select(o => _json.Order(o, cause: null))]));

    private IEnumerable<T> Page<T>(FakeRequest request, IEnumerable<T> all)
    {
        var limit = Limit(request);
        var skip = _isSpot ? (Whole(request["page"], 1) - 1) * limit : Whole(request["offset"], 0);
        return all.Skip(skip).Take(limit);
    }

    private FakeAnswer Balances(FakeMarket market)
    {
        if (_isSpot)
        {
            return Written(new JsonArray(
            [
                .. market.Balances.Select(b => new JsonObject
                {
                    ["currency"] = b.Asset, ["available"] = GateioJson.Text(b.Total - b.Held), ["locked"] = GateioJson.Text(b.Held),
                }),
            ]));
        }

        var account = market.Balances.Single(b => b.Asset == "USDT");
        return Written(new JsonObject
        {
            ["user"] = 1666, ["currency"] = "USDT", ["total"] = GateioJson.Text(account.Total), ["unrealised_pnl"] = "0", ["in_dual_mode"] = HasTwoPositions,
            ["available"] = GateioJson.Text(account.Total),
        });
    }

    private JsonNode Position(Instrument instrument, FakeMarket market) => new JsonObject
    {
        ["user"] = 1666, ["contract"] = instrument.Symbol, ["size"] = market.Position(instrument), ["leverage"] = "0",
        ["mode"] = !HasTwoPositions ? "single" : market.Position(instrument) > 0 ? "dual_long" : "dual_short",
        ["update_time"] = GateioJson.Milliseconds(market.Clock) / 1_000,
    };

    private FakeAnswer DeadMan(FakeRequest request, FakeMarket market)
    {
        var timeout = TimeSpan.FromSeconds(Json(request).GetProperty("timeout").GetInt64());
        if (timeout != TimeSpan.Zero && timeout < TimeSpan.FromSeconds(5))
            return Refuse(request, new(RefusalCode.BadRequest, "timeout must be 0 or at least 5"));
        market.ArmDeadMan(timeout == TimeSpan.Zero ? null : timeout);
        return new(200, $$"""{"triggerTime":"{{GateioJson.Milliseconds(market.Clock + timeout)}}"}""");
    }

    private (Side Side, long Lots) Size(JsonElement order, Instrument instrument)
    {
        var size = Number(order, _isSpot ? "amount" : "size");
        var side = _isSpot
            ? order.TryGetProperty("side", out var s) && s.GetString() == "sell" ? Side.Sell
            : Side.Buy : size < 0 ? Side.Sell : Side.Buy;
        return instrument.Sizes.TryToSteps(Math.Abs(size), out var lots) ? (side, lots) : throw new FormatException("the size is off the grid");
    }

    private string? Pair(FakeRequest request) => _isSpot ? request[_symbol] : null;

    private static bool IsSince(FakeRequest request, Timestamp at) => at.ToDateTimeOffset().ToUnixTimeSeconds() >= Whole(request["from"], 0);

    private static decimal Number(JsonElement json, string field)
    {
        var value = json.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture);
    }

    private static string OrderId(FakeRequest request) => request.Path[(request.Path.LastIndexOf('/') + 1)..];

    private static JsonElement Json(FakeRequest request) => JsonDocument.Parse(request.Body).RootElement;

    private static int Whole(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
