using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>OKX's wire, from the venue's side: its REST calls.</summary>
/// <param name="instruments">What the venue lists.</param>
/// <param name="key">Of the one account.</param>
/// <param name="passphrase">Of its key.</param>
public sealed class OkxDialect(IReadOnlyList<Instrument> instruments, HmacCredentials key, string passphrase) : IVenueDialect
{
    private static readonly TimeSpan ReceiveWindow = TimeSpan.FromSeconds(30);

    private readonly HmacSignature _rest = new(OkxSignature.Signing, key, ReceiveWindow);
    private readonly HmacSignature _login = new(OkxSignature.Signing with { TimeUnit = HmacTimeUnit.Seconds }, key, ReceiveWindow);

    /// <summary>Whether a subscription of a book begins with a snapshot, or it has to be asked for by REST.</summary>
    public bool BringsSnapshots { get; init; } = true;

    /// <summary>The account has two positions for each contract, one long and one short.</summary>
    public bool HasTwoPositions { get; init; }

    public VenueOperation Operation(FakeRequest request) => request.Name switch
    {
        "GET /api/v5/public/instruments" => VenueOperation.Instruments,
        "GET /api/v5/public/time" => VenueOperation.Time,
        "GET /api/v5/market/books" => VenueOperation.Book,
        "GET /api/v5/market/trades" => VenueOperation.Trades,
        "GET /api/v5/account/balance" => VenueOperation.Balances,
        "GET /api/v5/account/positions" => VenueOperation.Positions,
        "GET /api/v5/account/config" => VenueOperation.Settings,
        "POST /api/v5/trade/order" => VenueOperation.Place,
        "POST /api/v5/trade/batch-orders" => VenueOperation.PlaceBatch,
        "POST /api/v5/trade/amend-order" => VenueOperation.Amend,
        "POST /api/v5/trade/amend-batch-orders" => VenueOperation.AmendBatch,
        "POST /api/v5/trade/cancel-order" => VenueOperation.Cancel,
        "POST /api/v5/trade/cancel-batch-orders" => VenueOperation.CancelBatch,
        "POST /api/v5/trade/cancel-all-after" => VenueOperation.DeadMan,
        "GET /api/v5/trade/order" => VenueOperation.Order,
        "GET /api/v5/trade/orders-pending" => VenueOperation.OpenOrders,
        "GET /api/v5/trade/orders-history" => VenueOperation.OrderHistory,
        "GET /api/v5/trade/fills" or "GET /api/v5/trade/fills-history" => VenueOperation.Fills,
        _ => VenueOperation.None,
    };

    public FakeAnswer Answer(FakeRequest request, FakeMarket market)
    {
        try
        {
            var isPublic = request.Operation is VenueOperation.Instruments or VenueOperation.Time or VenueOperation.Book or VenueOperation.Trades;
            if (isPublic) return AnswerPublic(request, market);
            var proof = Refusal(
                _rest, request.Header("OK-ACCESS-KEY"), request.Header(OkxSignature.PassphraseHeader), request.Header("OK-ACCESS-TIMESTAMP"),
                request.Header("OK-ACCESS-SIGN"), request.Method, request.Path, request.Query, request.Body, market.Clock);
            if (proof is not null) return Refuse(request, proof);
            return IsLate(request, market.Clock)
                ? Error(400, "50036", "expTime has passed")
                : AnswerSigned(request, market);
        }
        catch (Exception unread) when (unread is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Refuse(request, new(RefusalCode.BadRequest, unread.Message));
        }
    }

    public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal)
    {
        var code = Code(refusal.Code, request.Operation);
        var isWhole = code.StartsWith("50", StringComparison.Ordinal);
        if (isWhole) return Error(code == OkxErrors.TooManyRequests ? 429 : 401, code, refusal.Words);
        return request.Operation is VenueOperation.Place or VenueOperation.Amend or VenueOperation.Cancel
            ? Receipts([(ClientOrderId(request), code, refusal.Words)])
            : Error(200, code, refusal.Words);
    }

    public ISocketDialect? Connect(FakeRequest request, FakeMarket market) => request.Path switch
    {
        "/ws/v5/public" => new OkxSocketDialect(this, instruments, market, isPrivate: false),
        "/ws/v5/private" => new OkxSocketDialect(this, instruments, market, isPrivate: true),
        _ => null,
    };

    /// <summary>Null, or why a login is not heard.</summary>
    internal MarketRefusal? LoginRefusal(string apiKey, string phrase, string timestamp, string signature, Timestamp now) =>
        Refusal(_login, apiKey, phrase, timestamp, signature, "GET", OkxSignature.LoginPath, "", [], now);

    internal static string Code(RefusalCode code, VenueOperation operation) => code switch
    {
        RefusalCode.UnknownSymbol => "51001",
        RefusalCode.OffGrid => "51121",
        RefusalCode.BelowMinimum => "51020",
        RefusalCode.WouldCross => "51019",
        RefusalCode.InsufficientFunds => "51008",
        RefusalCode.Halted => "51028",
        RefusalCode.DuplicateOrder => OkxErrors.DuplicateOrder,
        RefusalCode.UnknownOrder or RefusalCode.OrderEnded when operation is VenueOperation.Amend or VenueOperation.AmendBatch =>
            OkxErrors.NotAmendable,
        RefusalCode.OrderEnded => "51402",
        RefusalCode.UnknownOrder when operation is VenueOperation.Cancel or VenueOperation.CancelBatch => OkxErrors.NotCancellable,
        RefusalCode.UnknownOrder => OkxErrors.NoSuchOrder,
        RefusalCode.RateLimited or RefusalCode.Busy => OkxErrors.TooManyRequests,
        RefusalCode.UnknownKey => "50111",
        RefusalCode.BadSignature => "50113",
        RefusalCode.StaleTimestamp => "50102",
        _ => "51000",
    };

    private MarketRefusal? Refusal(
        HmacSignature signature, string apiKey, string phrase, string timestamp, string signed, string method, string path, string query,
        ReadOnlySpan<byte> body, Timestamp now)
    {
        if (apiKey != key.ApiKey || phrase != passphrase) return new(RefusalCode.UnknownKey, "the key or its passphrase is not known");
        return signature.Verify(timestamp, signed, method, path, query, body, now) switch
        {
            HmacVerdict.Genuine => null,
            HmacVerdict.StaleTimestamp => new(RefusalCode.StaleTimestamp, "Timestamp request expired"),
            _ => new(RefusalCode.BadSignature, "Invalid Sign"),
        };
    }

    private static bool IsLate(FakeRequest request, Timestamp now) =>
        long.TryParse(request.Header(OkxSignature.DeadlineHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var deadline)
        && now > Timestamp.FromUnixMilliseconds(deadline);

    private FakeAnswer AnswerPublic(FakeRequest request, FakeMarket market)
    {
        if (request.Operation == VenueOperation.Time) return Rows([$$"""{"ts":"{{OkxText.Milliseconds(market.Clock)}}"}"""]);
        if (request.Operation == VenueOperation.Instruments)
            return Rows(instruments.Where(i => OkxText.Type(i) == request["instType"]).Select(i => OkxText.Listed(i, !market.Halted.Contains(i.Id))));
        if (Named(request["instId"]) is not { } instrument) return Refuse(request, new(RefusalCode.UnknownSymbol, "Instrument ID does not exist"));
        return request.Operation == VenueOperation.Book
            ? Rows([OkxText.Book(instrument, market.Book(instrument), namesPredecessor: false)])
            : Rows(market.Trades(instrument, Limit(request, 500)).Reverse().Select(t => OkxText.Trade(instrument, t)));
    }

    private FakeAnswer AnswerSigned(FakeRequest request, FakeMarket market) => request.Operation switch
    {
        VenueOperation.Place or VenueOperation.PlaceBatch => Each(request, order => Placed(order, market)),
        VenueOperation.Amend or VenueOperation.AmendBatch => Each(request, order => Amended(order, market)),
        VenueOperation.Cancel or VenueOperation.CancelBatch => Each(request, order => Find(order, market) is { } known
            ? market.Cancel(known)
            : new MarketRefusal(RefusalCode.UnknownOrder, "Order cancellation failed as the order does not exist")),
        VenueOperation.DeadMan => Armed(request, market),
        VenueOperation.Settings => Rows([$$"""{"acctLv":"2","posMode":"{{(HasTwoPositions ? "long_short_mode" : "net_mode")}}"}"""]),
        VenueOperation.Positions => Rows(instruments
            .Where(i => OkxText.Type(i) == request["instType"] && market.Position(i) != 0)
            .Select(i => OkxText.Position(i, market.Position(i), HasTwoPositions, market.Clock))),
        VenueOperation.Order => market.Find(request["clOrdId"] ?? "") is { } order && order.Instrument.Symbol == request["instId"]
            ? Rows([OkxText.Order(order)])
            : Refuse(request, new(RefusalCode.UnknownOrder, "Order does not exist")),
        VenueOperation.OpenOrders => Page(request, market.OpenOrders),
        VenueOperation.OrderHistory => Page(request, market.Orders.Where(o => !o.IsOpen && OkxText.Type(o.Instrument) == request["instType"]
            && o.CreatedAt >= Timestamp.FromUnixMilliseconds(long.Parse(request["begin"]!, CultureInfo.InvariantCulture)))),
        VenueOperation.Fills => Rows(market.Fills.Reverse()
            .Where(f => (request["instType"] ?? OkxText.Type(f.Order.Instrument)) == OkxText.Type(f.Order.Instrument))
            .Where(f => request["after"] is not { } after || string.CompareOrdinal(OkxText.Bill(f), after) < 0)
            .Take(Limit(request, OkxRequests.PageMax)).Select(OkxText.Fill)),
        VenueOperation.Balances => Rows([OkxText.Account(market.Balances, market.Clock)]),
        _ => Refuse(request, new(RefusalCode.BadRequest, $"'{request.Name}' is not a call of this venue")),
    };

    private MarketResult<FakeOrder> Placed(JsonElement order, FakeMarket market)
    {
        if (Named(Text(order, "instId")) is not { } instrument) return new MarketRefusal(RefusalCode.UnknownSymbol, "Instrument ID does not exist");
        if (Text(order, "tdMode") != (instrument.Kind == ContractKind.Spot ? "cash" : "cross"))
            return new MarketRefusal(RefusalCode.BadRequest, "Parameter tdMode error");
        if (!instrument.Prices.TryToSteps(Decimal(order, "px"), out var ticks) || !instrument.Sizes.TryToSteps(Decimal(order, "sz"), out var lots))
            return new MarketRefusal(RefusalCode.OffGrid, "Order quantity must be a multiple of the lot size");
        var type = Text(order, "ordType");
        return market.Place(new(
            instrument, Text(order, "clOrdId"), Text(order, "side") == "buy" ? Side.Buy : Side.Sell, ticks, lots, type == "post_only",
            type == "ioc" ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled));
    }

    /// <summary>The new size counts what was filled; an order that cannot be changed is cancelled where that is asked for.</summary>
    private static MarketResult<FakeOrder> Amended(JsonElement order, FakeMarket market)
    {
        if (Find(order, market) is not { } known) return new MarketRefusal(RefusalCode.UnknownOrder, "Order modification failed");
        var isOnGrid = known.Instrument.Prices.TryToSteps(Decimal(order, "newPx"), out var ticks)
            & known.Instrument.Sizes.TryToSteps(Decimal(order, "newSz"), out var lots);
        MarketResult<FakeOrder> result = isOnGrid
            ? market.Amend(known, ticks, lots - known.FilledLots)
            : new MarketRefusal(RefusalCode.OffGrid, "Order quantity must be a multiple of the lot size");
        if (result.Refusal is not null && order.GetProperty("cxlOnFail").GetBoolean()) market.Cancel(known);
        return result;
    }

    private FakeAnswer Each(FakeRequest request, Func<JsonElement, MarketResult<FakeOrder>> act)
    {
        using var body = JsonDocument.Parse(request.Body);
        var orders = body.RootElement.ValueKind == JsonValueKind.Array ? body.RootElement.EnumerateArray().ToArray() : [body.RootElement];
        List<(string, string, string)> receipts = [];
        foreach (var order in orders)
        {
            var refusal = act(order).Refusal;
            receipts.Add((Text(order, "clOrdId"), refusal is null ? OkxErrors.Done : Code(refusal.Code, request.Operation), refusal?.Words ?? ""));
        }

        return Receipts(receipts);
    }

    private static FakeAnswer Armed(FakeRequest request, FakeMarket market)
    {
        using var body = JsonDocument.Parse(request.Body);
        var seconds = int.Parse(Text(body.RootElement, "timeOut"), CultureInfo.InvariantCulture);
        if (seconds is not (0 or (>= 10 and <= 120))) return Error(200, "51000", "Parameter timeOut error");
        market.ArmDeadMan(seconds == 0 ? null : TimeSpan.FromSeconds(seconds));
        var at = market.DeadManAt is { } due ? OkxText.Milliseconds(due) : "0";
        return Rows([$$"""{"triggerTime":"{{at}}","tag":"","ts":"{{OkxText.Milliseconds(market.Clock)}}"}"""]);
    }

    private static FakeAnswer Page(FakeRequest request, IEnumerable<FakeOrder> orders)
    {
        var after = request["after"] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : long.MaxValue;
        return Rows(orders.Where(o => o.OrderId < after && (request["instId"] ?? o.Instrument.Symbol) == o.Instrument.Symbol)
            .OrderByDescending(o => o.OrderId).Take(Limit(request, OkxRequests.PageMax)).Select(o => OkxText.Order(o)));
    }

    private static FakeAnswer Receipts(IReadOnlyList<(string Id, string Code, string Words)> receipts)
    {
        var done = receipts.Count(r => r.Code == OkxErrors.Done);
        var code = done == receipts.Count ? OkxErrors.Done : done == 0 ? OkxErrors.NoneDone : OkxErrors.SomeDone;
        var rows = receipts.Select(r => $$"""{"clOrdId":"{{r.Id}}","ordId":"","tag":"","ts":"1695190491421","sCode":"{{r.Code}}","sMsg":{{JsonSerializer.Serialize(r.Words)}}}""");
        return new(200, $$"""{"code":"{{code}}","msg":"","data":[{{string.Join(',', rows)}}],"inTime":"1695190491421339"}""");
    }

    private static FakeAnswer Rows(IEnumerable<string> rows) => new(200, $$"""{"code":"0","msg":"","data":[{{string.Join(',', rows)}}]}""");

    private static FakeAnswer Error(int status, string code, string words) =>
        new(status, $$"""{"code":"{{code}}","msg":{{JsonSerializer.Serialize(words)}},"data":[]}""");

    private Instrument? Named(string? symbol) => instruments.FirstOrDefault(i => i.Symbol == symbol);

    private static FakeOrder? Find(JsonElement order, FakeMarket market) =>
        market.Find(Text(order, "clOrdId")) is { } known && known.Instrument.Symbol == Text(order, "instId") ? known : null;

    private static string ClientOrderId(FakeRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return Text(body.RootElement, "clOrdId");
    }

    private static string Text(JsonElement order, string field) => order.GetProperty(field).GetString() ?? "";

    private static decimal Decimal(JsonElement order, string field) => decimal.Parse(Text(order, field), CultureInfo.InvariantCulture);

    private static int Limit(FakeRequest request, int max) =>
        request["limit"] is { } text ? Math.Min(max, int.Parse(text, CultureInfo.InvariantCulture)) : max;
}
