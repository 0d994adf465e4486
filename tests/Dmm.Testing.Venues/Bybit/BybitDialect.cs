using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>Bybit v5, from the venue's side: the REST calls of one product.</summary>
/// <param name="category"><c>spot</c>, <c>linear</c> or <c>inverse</c>.</param>
/// <param name="apiKey">Of the one account.</param>
/// <param name="secret">Of that key.</param>
public sealed class BybitDialect(string category, string apiKey, string secret) : IVenueDialect
{
    private const int OrderPage = 50;
    private const int FillPage = 100;
    private const int EndedMax = 500;

    // A time stamp may lie that far ahead of the venue's clock.
    private static readonly TimeSpan AheadMax = TimeSpan.FromSeconds(1);

    private readonly BybitJson _json = new(category);

    /// <summary>The account has two positions for each contract, one long and one short.</summary>
    public bool HasTwoPositions { get; init; }

    private bool IsSpot => category == "spot";

    public VenueOperation Operation(FakeRequest request) => request.Name switch
    {
        "GET /v5/market/instruments-info" => VenueOperation.Instruments,
        "GET /v5/market/orderbook" => VenueOperation.Book,
        "GET /v5/market/recent-trade" => VenueOperation.Trades,
        "GET /v5/market/time" => VenueOperation.Time,
        "POST /v5/order/create" => VenueOperation.Place,
        "POST /v5/order/create-batch" => VenueOperation.PlaceBatch,
        "POST /v5/order/amend" => VenueOperation.Amend,
        "POST /v5/order/amend-batch" => VenueOperation.AmendBatch,
        "POST /v5/order/cancel" => VenueOperation.Cancel,
        "POST /v5/order/cancel-batch" => VenueOperation.CancelBatch,
        "GET /v5/order/realtime" => request["orderLinkId"] is not null ? VenueOperation.Order
            : request["openOnly"] == "1" ? VenueOperation.OrderHistory : VenueOperation.OpenOrders,
        "GET /v5/order/history" => VenueOperation.OrderHistory,
        "GET /v5/execution/list" => VenueOperation.Fills,
        "GET /v5/account/wallet-balance" => VenueOperation.Balances,
        "GET /v5/position/list" => VenueOperation.Positions,
        "POST /v5/order/disconnected-cancel-all" => VenueOperation.DeadMan,
        _ => VenueOperation.None,
    };

    public FakeAnswer Answer(FakeRequest request, FakeMarket market)
    {
        if (request.Operation is VenueOperation.Instruments or VenueOperation.Book or VenueOperation.Trades or VenueOperation.Time)
            return AnswerPublic(request, market);
        if (Stranger(request, market.Clock) is { } refusal) return Refuse(request, refusal);
        try
        {
            return request.Method == "POST" ? AnswerOrders(request, market) : AnswerQuery(request, market);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return Refuse(request, new(RefusalCode.BadRequest, malformed.Message));
        }
    }

    public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal)
    {
        // Until when the limit is used up is told by a header, on the same clock as the body's time.
        const long At = 1_700_000_000_000;
        var answer = new FakeAnswer(200, BybitJson.Envelope(Code(refusal.Code), refusal.Words, "{}", "{}", At));
        return refusal.Code != RefusalCode.RateLimited || refusal.RetryAfter == TimeSpan.Zero
            ? answer
            : answer with { Headers = [("X-Bapi-Limit-Reset-Timestamp", Text(At + (long)refusal.RetryAfter.TotalMilliseconds))] };
    }

    public ISocketDialect? Connect(FakeRequest request, FakeMarket market) => request.Path == $"/v5/public/{category}"
        ? new BybitSocketDialect(_json, market, isPrivate: false, _ => null)
        : request.Path == "/v5/private" ? new BybitSocketDialect(_json, market, isPrivate: true, args => LoginRefusal(args, market.Clock)) : null;

    /// <summary>The number by which this product's interface refuses so.</summary>
    internal int Code(RefusalCode code) => code switch
    {
        RefusalCode.UnknownSymbol => IsSpot ? 170121 : 10001,
        RefusalCode.OffGrid => IsSpot ? 170134 : 10001,
        RefusalCode.BelowMinimum => IsSpot ? 170140 : 110094,
        RefusalCode.WouldCross => IsSpot ? 170218 : 110003,
        RefusalCode.InsufficientFunds => IsSpot ? 170131 : 110007,
        RefusalCode.Halted => IsSpot ? 170151 : 110066,
        RefusalCode.DuplicateOrder => IsSpot ? 170141 : 110072,
        RefusalCode.UnknownOrder => IsSpot ? 170213 : 110001,
        RefusalCode.OrderEnded => IsSpot ? 170142 : 110008,
        RefusalCode.RateLimited or RefusalCode.Busy => 10006,
        RefusalCode.UnknownKey => 10003,
        RefusalCode.BadSignature => 10004,
        RefusalCode.StaleTimestamp => 10002,
        _ => 10001,
    };

    private MarketRefusal? Stranger(FakeRequest request, Timestamp now)
    {
        var (key, timestamp, window) = (request.Header("X-BAPI-API-KEY"), request.Header("X-BAPI-TIMESTAMP"), request.Header("X-BAPI-RECV-WINDOW"));
        if (key != apiKey) return new(RefusalCode.UnknownKey, "API key is invalid.");
        var what = request.Method == "GET" ? request.Query : request.Text;
        if (request.Header("X-BAPI-SIGN") != Mac($"{timestamp}{key}{window}{what}"))
            return new(RefusalCode.BadSignature, $"error sign! origin_string[{timestamp}{key}{window}{what}]");
        if (!long.TryParse(timestamp, out var at) || !long.TryParse(window, out var milliseconds))
            return new(RefusalCode.StaleTimestamp, "invalid request, please check your timestamp");
        var age = now - Timestamp.FromUnixMilliseconds(at);
        return age > TimeSpan.FromMilliseconds(milliseconds) || -age > AheadMax
            ? new(RefusalCode.StaleTimestamp, "invalid request, please check your server timestamp or recv_window param")
            : null;
    }

    private string? LoginRefusal(JsonElement args, Timestamp now)
    {
        if (args.GetArrayLength() != 3 || args[0].GetString() != apiKey) return "Your api key is invalid";
        var expires = args[1].GetInt64();
        if (Timestamp.FromUnixMilliseconds(expires) <= now) return "Params Error: expires";
        return args[2].GetString() == Mac($"GET/realtime{expires}") ? null : $"error sign! origin_string[GET/realtime{expires}]";
    }

    private FakeAnswer AnswerPublic(FakeRequest request, FakeMarket market)
    {
        if (request.Operation == VenueOperation.Time) return Listed("{}", market);
        if (request["category"] != category) return Refuse(request, new(RefusalCode.BadRequest, $"category is '{request["category"]}'"));
        if (request.Operation == VenueOperation.Instruments)
            return Listed(BybitJson.List(market.Instruments.Select(i => _json.Listing(i, !market.Halted.Contains(i.Id))), ""), market);
        if (Instrument(request["symbol"], market) is not { } instrument)
            return Refuse(request, new(RefusalCode.UnknownSymbol, $"symbol is '{request["symbol"]}'"));
        return request.Operation == VenueOperation.Book
            ? Listed(BybitJson.Book(instrument, market.Book(instrument), hasTime: true), market)
            : Listed(BybitJson.List(market.Trades(instrument, Number(request["limit"]) ?? 60).Reverse().Select(t => _json.RecentTrade(instrument, t)), ""), market);
    }

    private FakeAnswer AnswerOrders(FakeRequest request, FakeMarket market)
    {
        using var body = JsonDocument.Parse(request.Body);
        var root = body.RootElement;
        if (request.Operation == VenueOperation.DeadMan) return new(200, BybitJson.Envelope(0, "success", "{}", "{}", Milliseconds(market.Clock)));
        if (root.GetProperty("category").GetString() != category) return Refuse(request, new(RefusalCode.BadRequest, "category"));
        if (request.Operation is VenueOperation.Place or VenueOperation.Amend or VenueOperation.Cancel)
        {
            var result = Do(request.Operation, root, market);
            return result.Refusal is { } refusal ? Refuse(request, refusal) : Listed(BybitJson.Receipt(result.Value!), market);
        }

        var kind = request.Operation switch
        {
            VenueOperation.PlaceBatch => VenueOperation.Place, VenueOperation.AmendBatch => VenueOperation.Amend, _ => VenueOperation.Cancel,
        };
        var orders = root.GetProperty("request");
        if (orders.GetArrayLength() > (IsSpot ? 10 : 20)) return Refuse(request, new(RefusalCode.BadRequest, "too many orders"));
        var results = orders.EnumerateArray().Select(o => Do(kind, o, market)).ToArray();
        return new(200, BybitJson.Envelope(
            0, "OK", BybitJson.List(results.Select(r => r.Value is { } order ? BybitJson.Receipt(order) : """{"orderId":"","orderLinkId":""}"""), null),
            BybitJson.List(results.Select(r => BybitJson.CodeOf(r.Refusal is { } no ? Code(no.Code) : 0, r.Refusal?.Words ?? "OK")), null),
            Milliseconds(market.Clock)));
    }

    private MarketResult<FakeOrder> Do(VenueOperation operation, JsonElement order, FakeMarket market)
    {
        if (Instrument(order.GetProperty("symbol").GetString(), market) is not { } instrument) return new MarketRefusal(RefusalCode.UnknownSymbol, "symbol");
        var id = order.GetProperty("orderLinkId").GetString()!;
        if (operation == VenueOperation.Place) return Placed(order, instrument, id, market);
        if (market.Find(id) is not { } known) return new MarketRefusal(RefusalCode.UnknownOrder, "Order does not exist");
        if (operation == VenueOperation.Cancel) return market.Cancel(known);
        if (!TrySteps(order, "price", instrument.Prices, out var price) || !TrySteps(order, "qty", instrument.Sizes, out var size))
            return new MarketRefusal(RefusalCode.OffGrid, "price or qty");
        // The size counts from the order's beginning.
        return size <= known.FilledLots
            ? new MarketRefusal(RefusalCode.BadRequest, "The modified quantity cannot be less than or equal to the filled quantity.")
            : market.Amend(known, price, size - known.FilledLots);
    }

    private static MarketResult<FakeOrder> Placed(JsonElement order, Instrument instrument, string id, FakeMarket market)
    {
        if (order.GetProperty("orderType").GetString() != "Limit" || id.Length is 0 or > 36) return new MarketRefusal(RefusalCode.BadRequest, "orderType");
        if (!TrySteps(order, "price", instrument.Prices, out var price) || !TrySteps(order, "qty", instrument.Sizes, out var size))
            return new MarketRefusal(RefusalCode.OffGrid, "price or qty");
        var timeInForce = order.GetProperty("timeInForce").GetString();
        return market.Place(new(
            instrument, id, order.GetProperty("side").GetString() == "Buy" ? Side.Buy : Side.Sell, price, size, timeInForce == "PostOnly",
            timeInForce == "IOC" ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled));
    }

    private FakeAnswer AnswerQuery(FakeRequest request, FakeMarket market)
    {
        if (request.Path == "/v5/account/wallet-balance") return Listed(BybitJson.List([BybitJson.Wallet(market.Balances)], null), market);
        if (request["category"] != category) return Refuse(request, new(RefusalCode.BadRequest, $"category is '{request["category"]}'"));
        var isWide = request["symbol"] is null && request["settleCoin"] is null && request["baseCoin"] is null;
        if (category == "linear" && isWide && request.Operation != VenueOperation.Fills && request.Path != "/v5/order/history")
            return Refuse(request, new(RefusalCode.BadRequest, "missing some parameters that must be filled in, symbol or settleCoin"));
        if (request.Operation == VenueOperation.Positions) return Listed(BybitJson.List(Positions(request["symbol"], market), ""), market);
        if (request.Operation == VenueOperation.Fills) return Fills(request, market);
        var orders = market.Orders.OrderByDescending(o => o.CreatedAt).ThenByDescending(o => o.OrderId)
            .Where(o => request["symbol"] is not { } symbol || o.Instrument.Symbol == symbol);
        if (request["orderLinkId"] is { } id) orders = orders.Where(o => o.ClientOrderId == id);
        else if (request["openOnly"] == "1") orders = orders.Where(o => !o.IsOpen).Take(EndedMax);
        else if (request.Path == "/v5/order/realtime") orders = orders.Where(o => o.IsOpen);
        return Paged(request, orders, OrderPage, _json.Order, market);
    }

    /// <summary>Of one symbol also where there is none; else those that there are.</summary>
    private IEnumerable<string> Positions(string? symbol, FakeMarket market) =>
        from instrument in market.Instruments
        where symbol is null ? market.Position(instrument) != 0 : instrument.Symbol == symbol
        from index in HasTwoPositions ? (int[])[1, 2] : [0]
        select _json.Position(instrument, index == 2 ? 0 : market.Position(instrument), index);

    private FakeAnswer Fills(FakeRequest request, FakeMarket market)
    {
        var (from, to) = (long.Parse(request["startTime"]!, CultureInfo.InvariantCulture), long.Parse(request["endTime"]!, CultureInfo.InvariantCulture));
        if (to - from > 7 * 86_400_000L) return Refuse(request, new(RefusalCode.BadRequest, "the span is longer than 7 days"));
        return Paged(request, market.Fills.Reverse().Where(f => Milliseconds(f.At) >= from && Milliseconds(f.At) <= to), FillPage, _json.Execution, market);
    }

    private static FakeAnswer Paged<T>(FakeRequest request, IEnumerable<T> all, int pageMax, Func<T, string> write, FakeMarket market)
    {
        var limit = Math.Min(pageMax, Number(request["limit"]) ?? 20);
        var from = request["cursor"] is { Length: > 0 } cursor ? Number(cursor.Split('=')[^1])!.Value : 0;
        var page = all.Skip(from).Take(limit).ToArray();
        var next = page.Length == limit ? Uri.EscapeDataString($"page={from + limit}") : "";
        return Listed(BybitJson.List(page.Select(write), next), market);
    }

    private static FakeAnswer Listed(string result, FakeMarket market) => new(200, BybitJson.Envelope(0, "OK", result, "{}", Milliseconds(market.Clock)));

    private static Instrument? Instrument(string? symbol, FakeMarket market) => market.Instruments.FirstOrDefault(i => i.Symbol == symbol);

    private static bool TrySteps(JsonElement order, string field, DecimalGrid grid, out long steps)
    {
        steps = 0;
        return decimal.TryParse(order.GetProperty(field).GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && grid.TryToSteps(value, out steps);
    }

    private static long Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string Mac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
