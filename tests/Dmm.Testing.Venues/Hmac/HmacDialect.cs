using System.Buffers;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>The generic HMAC venue's wire, from the venue's side: its REST calls.</summary>
/// <param name="instruments">What the venue lists.</param>
/// <param name="credentials">Of the one account.</param>
public sealed class HmacDialect(IReadOnlyList<Instrument> instruments, HmacCredentials credentials) : IVenueDialect
{
    internal static readonly TimeSpan ReceiveWindow = TimeSpan.FromSeconds(5);

    private static readonly HmacSigning Headers = new();

    private readonly string _venue = instruments[0].Venue;
    private readonly HmacSignature _signature = new(new(), credentials, ReceiveWindow);
    private readonly HmacVenueCommands _commands = new(instruments[0].Venue, instruments);

    private delegate void Writing(HmacVenueWriter writer, IBufferWriter<byte> into);

    public VenueOperation Operation(FakeRequest request) => request.Name switch
    {
        "GET /v1/instruments" => VenueOperation.Instruments,
        "GET /v1/book" => VenueOperation.Book,
        "GET /v1/trades" => VenueOperation.Trades,
        "GET /v1/balances" => VenueOperation.Balances,
        "POST /v1/order" => VenueOperation.Place,
        "PATCH /v1/order" => VenueOperation.Amend,
        "DELETE /v1/order" => VenueOperation.Cancel,
        "GET /v1/order" => VenueOperation.Order,
        "POST /v1/batch" => VenueOperation.PlaceBatch,
        "PATCH /v1/batch" => VenueOperation.AmendBatch,
        "DELETE /v1/batch" => VenueOperation.CancelBatch,
        "DELETE /v1/orders" => VenueOperation.CancelAll,
        "GET /v1/orders" => request["after"] is null ? VenueOperation.OpenOrders : VenueOperation.OrderHistory,
        "GET /v1/fills" => VenueOperation.Fills,
        _ => VenueOperation.None,
    };

    public FakeAnswer Answer(FakeRequest request, FakeMarket market)
    {
        if (request.Operation is VenueOperation.Instruments or VenueOperation.Book or VenueOperation.Trades) return AnswerPublic(request, market);
        var key = request.Header(Headers.KeyHeader);
        var fault = Refusal(
            key, request.Header(Headers.TimestampHeader), request.Header(Headers.SignatureHeader), request.Method, request.Path, request.Query,
            request.Body, market.Clock);
        return fault is not null ? Refuse(request, fault) : AnswerSigned(request, market);
    }

    public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal)
    {
        var code = Code(refusal.Code);
        return Written((w, into) => w.ErrorBody(code, refusal.Words, refusal.RetryAfter, into)) with { Status = HmacVenueErrors.HttpStatus(code) };
    }

    public ISocketDialect? Connect(FakeRequest request, FakeMarket market) =>
        request.Path == "/v1/stream" ? new HmacSocketDialect(this, _venue, instruments, market) : null;

    /// <summary>Null, or why the one who signed so is not heard.</summary>
    internal MarketRefusal? Refusal(
        string key, string timestamp, string signature, string method, string path, string query, ReadOnlySpan<byte> body, Timestamp now)
    {
        if (key != credentials.ApiKey) return new(RefusalCode.UnknownKey, "the key is not known");
        return _signature.Verify(timestamp, signature, method, path, query, body, now) switch
        {
            HmacVerdict.Genuine => null,
            HmacVerdict.StaleTimestamp => new(RefusalCode.StaleTimestamp, "the time stamp is too far from the venue's clock"),
            _ => new(RefusalCode.BadSignature, "the signature is wrong"),
        };
    }

    internal static string Code(RefusalCode code) => code switch
    {
        RefusalCode.UnknownSymbol => HmacVenueErrors.UnknownSymbol,
        RefusalCode.OffGrid => HmacVenueErrors.OffGrid,
        RefusalCode.BelowMinimum => HmacVenueErrors.BelowMinimum,
        RefusalCode.WouldCross => HmacVenueErrors.WouldCross,
        RefusalCode.InsufficientFunds => HmacVenueErrors.InsufficientFunds,
        RefusalCode.Halted => HmacVenueErrors.Halted,
        RefusalCode.DuplicateOrder => HmacVenueErrors.DuplicateOrder,
        RefusalCode.UnknownOrder or RefusalCode.OrderEnded => HmacVenueErrors.UnknownOrder,
        RefusalCode.RateLimited => HmacVenueErrors.RateLimited,
        RefusalCode.UnknownKey => HmacVenueErrors.UnknownKey,
        RefusalCode.BadSignature => HmacVenueErrors.BadSignature,
        RefusalCode.StaleTimestamp => HmacVenueErrors.StaleTimestamp,
        _ => HmacVenueErrors.BadRequest,
    };

    private FakeAnswer AnswerPublic(FakeRequest request, FakeMarket market)
    {
        if (request.Operation == VenueOperation.Instruments)
            return Written((w, into) => w.InstrumentsBody(instruments.Select(i => (i, Fees(i), !market.Halted.Contains(i.Id))), into));
        if (instruments.FirstOrDefault(i => i.Symbol == request["symbol"]) is not { } instrument)
            return Refuse(request, new(RefusalCode.UnknownSymbol, $"symbol is '{request["symbol"]}'"));
        if (request.Operation == VenueOperation.Book) return Written((w, into) => w.BookBody(market.Book(instrument), into));
        var trades = market.Trades(instrument, Limit(request)).ToArray();
        return Written((w, into) => w.TradesBody(instrument.Id, trades, into));
    }

    private FakeAnswer AnswerSigned(FakeRequest request, FakeMarket market) => request.Operation switch
    {
        VenueOperation.Place => One(request, OrderIntentKind.Place, order => Placed(order, market)),
        VenueOperation.Amend => One(request, OrderIntentKind.Amend, order => Amended(order, market)),
        VenueOperation.PlaceBatch => Many(request, OrderIntentKind.Place, order => Placed(order, market)),
        VenueOperation.AmendBatch => Many(request, OrderIntentKind.Amend, order => Amended(order, market)),
        VenueOperation.CancelBatch => CancelledMany(request, market),
        VenueOperation.Cancel => OfOrder(request, market, market.Cancel),
        VenueOperation.Order => OfOrder(request, market, o => o),
        VenueOperation.CancelAll => CancelledAll(request, market),
        VenueOperation.OpenOrders => Listed(market.OpenOrders.Where(o => IsOf(o, request["prefix"] ?? "")), market.OrderSequence),
        VenueOperation.OrderHistory => History(request, market),
        VenueOperation.Fills => Fills(request, market),
        VenueOperation.Balances => Written((w, into) => w.BalancesBody(market.Balances.Select(b => (b.Asset, b.Total)), market.Clock, into)),
        _ => Refuse(request, new(RefusalCode.BadRequest, $"'{request.Name}' is not a call of this venue")),
    };

    private MarketResult<FakeOrder> Placed(OrderIntent order, FakeMarket market) => market.Place(new(
        instruments.First(i => i.Id == order.Instrument), order.ClientOrderId, order.Side, order.PriceTicks, order.SizeLots, order.IsPostOnly,
        order.TimeInForce));

    private static MarketResult<FakeOrder> Amended(OrderIntent order, FakeMarket market) =>
        market.Find(order.ClientOrderId) is { } known ? market.Amend(known, order.PriceTicks, order.SizeLots) : Unknown(order.ClientOrderId);

    private FakeAnswer One(FakeRequest request, OrderIntentKind kind, Func<OrderIntent, MarketResult<FakeOrder>> take) =>
        _commands.ReadOrder(kind, request.Body, out var code, out var words) is { } order ? Answered(request, take(order)) : Error(code, words);

    private FakeAnswer Many(FakeRequest request, OrderIntentKind kind, Func<OrderIntent, MarketResult<FakeOrder>> take)
    {
        if (_commands.ReadBatch(kind, request.Body, out var words) is not { } orders)
            return Refuse(request, new(RefusalCode.BadRequest, words));
        return Answered(orders.Select(o => o.Order is { } order ? Result(take(order)) : new(null, o.Code, o.Words)));
    }

    private FakeAnswer CancelledMany(FakeRequest request, FakeMarket market) =>
        HmacVenueCommands.ReadBatchIds(request["clientOrderIds"]) is { } ids
            ? Answered(ids.Select(id => Result(market.Find(id) is { } order ? market.Cancel(order) : Unknown(id))))
            : Refuse(request, new(RefusalCode.BadRequest, "clientOrderIds is missing, or too long"));

    private FakeAnswer Answered(IEnumerable<HmacBatchResult> results)
    {
        // Done in their order before anything is written.
        HmacBatchResult[] all = [.. results];
        return Written((w, into) => w.BatchBody(all, into));
    }

    private static HmacBatchResult Result(MarketResult<FakeOrder> result) =>
        result.Refusal is { } refusal ? new(null, Code(refusal.Code), refusal.Words) : new(result.Value!.ToUpdate());

    private FakeAnswer OfOrder(FakeRequest request, FakeMarket market, Func<FakeOrder, MarketResult<FakeOrder>> what) =>
        Answered(request, market.Find(request["clientOrderId"] ?? "") is { } order ? what(order) : Unknown(request["clientOrderId"] ?? ""));

    private FakeAnswer CancelledAll(FakeRequest request, FakeMarket market)
    {
        if (request["prefix"] is not { } prefix) return Refuse(request, new(RefusalCode.BadRequest, "prefix is missing"));
        var count = market.CancelAll(o => IsOf(o, prefix)).Count;
        return Written((w, into) => w.CancelledBody(count, into));
    }

    private FakeAnswer History(FakeRequest request, FakeMarket market)
    {
        if (Number(request["after"]) is not { } after) return Refuse(request, new(RefusalCode.BadRequest, $"after is '{request["after"]}'"));
        var limit = Limit(request);
        var changed = market.Orders.Where(o => o.Sequence > after).Take(limit).ToArray();
        return Listed(changed, changed.Length == limit ? changed[^1].Sequence : market.OrderSequence);
    }

    private FakeAnswer Fills(FakeRequest request, FakeMarket market)
    {
        var text = request["after"] ?? "";
        if ((text.Length == 0 ? 0 : Number(text)) is not { } after) return Refuse(request, new(RefusalCode.BadRequest, $"after is '{text}'"));
        var fills = market.Fills.Where(f => f.TradeId > after).Take(Limit(request)).Select(Fill);
        return Written((w, into) => w.FillsBody(fills, market.Fills.Count, into));
    }

    private FakeAnswer Listed(IEnumerable<FakeOrder> orders, long sequence) =>
        Written((w, into) => w.OrdersBody(orders.Select(o => o.ToUpdate()), sequence, into));

    private FakeAnswer Answered(FakeRequest request, MarketResult<FakeOrder> result) =>
        result.Refusal is { } refusal ? Refuse(request, refusal) : Written((w, into) => w.OrderBody(result.Value!.ToUpdate(), into));

    private static MarketRefusal Unknown(string id) => new(RefusalCode.UnknownOrder, $"no order {id} was ever placed");

    private FakeAnswer Error(string code, string words) =>
        Written((w, into) => w.ErrorBody(code, words, TimeSpan.Zero, into)) with { Status = HmacVenueErrors.HttpStatus(code) };

    private FakeAnswer Written(Writing write)
    {
        using var writer = new HmacVenueWriter(_venue, instruments);
        var body = new ArrayBufferWriter<byte>();
        write(writer, body);
        return new(200, body.WrittenSpan.ToArray());
    }

    private static HmacFees Fees(Instrument instrument) => new(instrument.Symbol, FakeMarket.MakerFeeBps, FakeMarket.TakerFeeBps);

    internal static Fill Fill(FakeFill fill) => fill.ToFill(fill.TradeId.ToString(CultureInfo.InvariantCulture));

    private static bool IsOf(FakeOrder order, string prefix) => order.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal);

    private static int Limit(FakeRequest request) => (int)(Number(request["limit"]) ?? HmacVenueRequests.PageMax);

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
