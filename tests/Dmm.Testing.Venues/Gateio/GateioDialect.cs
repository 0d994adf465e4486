using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>Gate's REST calls, from the venue's side: spot or USDT perpetuals.</summary>
/// <param name="product">The market.</param>
/// <param name="instruments">What the venue lists.</param>
/// <param name="credentials">Of the one account.</param>
public sealed partial class GateioDialect(GateioProduct product, IReadOnlyList<Instrument> instruments, HmacCredentials credentials) : IVenueDialect
{
    /// <summary>The account's user id.</summary>
    public const string UserId = "1666";

    /// <summary>The account has two positions for each contract, one long and one short.</summary>
    public bool HasTwoPositions { get; init; }

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private static readonly HmacSigning Signing = new()
    {
        Prehash = "{method}\n{path}\n{query}\n{bodyhash}\n{timestamp}", Hash = HmacHash.Sha512, TimeUnit = HmacTimeUnit.Seconds,
    };

    private readonly bool _isSpot = product == GateioProduct.Spot;
    private readonly GateioJson _json = new(product, hasDecimals: true);
    private readonly string _root = product == GateioProduct.Spot ? "/api/v4/spot" : "/api/v4/futures/usdt";
    private readonly string _symbol = product == GateioProduct.Spot ? "currency_pair" : "contract";
    private readonly HmacSignature _rest = new(Signing, credentials, Window);
    private readonly HmacSignature _stream = new(Signing with { Prehash = "channel={path}&event={method}&time={timestamp}" }, credentials, Window);

    public VenueOperation Operation(FakeRequest request)
    {
        if (request.Path == "/api/v4/spot/time") return VenueOperation.Time;
        if (!request.Path.StartsWith(_root + "/", StringComparison.Ordinal)) return VenueOperation.None;
        var call = request.Path[(_root.Length + 1)..];
        if (call.StartsWith("orders/", StringComparison.Ordinal))
        {
            return request.Method switch
            {
                "GET" => VenueOperation.Order,
                "DELETE" => VenueOperation.Cancel,
                _ when request.Method == (_isSpot ? "PATCH" : "PUT") => VenueOperation.Amend,
                _ => VenueOperation.None,
            };
        }

        return (request.Method, call) switch
        {
            ("GET", "currency_pairs") when _isSpot => VenueOperation.Instruments,
            ("GET", "contracts") when !_isSpot => VenueOperation.Instruments,
            ("GET", "order_book") => VenueOperation.Book,
            ("GET", "trades") => VenueOperation.Trades,
            ("GET", "accounts") => VenueOperation.Balances,
            ("GET", "positions") when !_isSpot => VenueOperation.Positions,
            ("POST", "orders") => VenueOperation.Place,
            ("POST", "batch_orders") => VenueOperation.PlaceBatch,
            ("POST", "batch_amend_orders") when !_isSpot => VenueOperation.AmendBatch,
            ("POST", "cancel_batch_orders") when _isSpot => VenueOperation.CancelBatch,
            ("GET", "orders") => request["status"] == "open" ? VenueOperation.OpenOrders : VenueOperation.OrderHistory,
            ("GET", "orders_timerange") when !_isSpot => VenueOperation.OrderHistory,
            ("GET", "my_trades") when _isSpot => VenueOperation.Fills,
            ("GET", "my_trades_timerange") when !_isSpot => VenueOperation.Fills,
            ("POST", "countdown_cancel_all") => VenueOperation.DeadMan,
            _ => VenueOperation.None,
        };
    }

    public FakeAnswer Answer(FakeRequest request, FakeMarket market)
    {
        try
        {
            if (request.Operation is VenueOperation.Time) return new(200, $$"""{"server_time":{{GateioJson.Milliseconds(market.Clock)}}}""");
            if (request.Operation is VenueOperation.Instruments or VenueOperation.Book or VenueOperation.Trades) return AnswerPublic(request, market);
            if (Unproved(request, market.Clock) is { } fault) return Refuse(request, fault);
            if (!_isSpot && request.Header(GateioProtocol.SizeHeader) != "1")
                return Refuse(request, new(RefusalCode.BadRequest, "sizes would be cut off"));
            return AnswerSigned(request, market);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return Refuse(request, new(RefusalCode.BadRequest, fault.Message));
        }
    }

    public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal)
    {
        var (status, label) = Label(refusal.Code);
        var answer = new FakeAnswer(status, GateioJson.Bytes(new JsonObject { ["label"] = label, ["message"] = refusal.Words }));
        if (refusal.Code != RefusalCode.RateLimited) return answer;
        // The venue names the instant, not the wait; the answer is dated, so that its own clock counts.
        var now = DateTimeOffset.FromUnixTimeSeconds(long.TryParse(request.Header("Timestamp"), CultureInfo.InvariantCulture, out var sent)
            ? sent
            : 0);
        return answer with
        {
            Headers =
            [
                ("Date", now.ToString("R", CultureInfo.InvariantCulture)), ("X-Gate-RateLimit-Requests-Remain", "0"),
                ("X-Gate-RateLimit-Reset-Timestamp", (now + refusal.RetryAfter).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ],
        };
    }

    public ISocketDialect? Connect(FakeRequest request, FakeMarket market)
    {
        if (request.Path.TrimEnd('/') != (_isSpot ? "/ws/v4" : "/v4/ws/usdt")) return null;
        return new GateioSocketDialect(this, new(product, request.Header(GateioProtocol.SizeHeader) == "1"), product, instruments, market);
    }

    /// <summary>Null, or why a private subscription is not heard.</summary>
    internal MarketRefusal? Unproved(string key, string signature, string channel, string timestamp, Timestamp now) => key != credentials.ApiKey
        ? new(RefusalCode.UnknownKey, "the key is not known")
        : Fault(_stream.Verify(timestamp, signature, "subscribe", channel, "", [], now));

    private MarketRefusal? Unproved(FakeRequest request, Timestamp now) => request.Header("KEY") != credentials.ApiKey
        ? new(RefusalCode.UnknownKey, "the key is not known")
        : Fault(_rest.Verify(request.Header("Timestamp"), request.Header("SIGN"), request.Method, request.Path, request.Query, request.Body, now));

    private static MarketRefusal? Fault(HmacVerdict verdict) => verdict switch
    {
        HmacVerdict.Genuine => null,
        HmacVerdict.StaleTimestamp => new(RefusalCode.StaleTimestamp, "the time stamp is too far from the venue's clock"),
        _ => new(RefusalCode.BadSignature, "the signature is wrong"),
    };

    private (int Status, string Label) Label(RefusalCode code) => code switch
    {
        RefusalCode.UnknownSymbol => (400, _isSpot ? "INVALID_CURRENCY_PAIR" : "CONTRACT_NOT_FOUND"),
        RefusalCode.OffGrid => (400, "INVALID_PRECISION"),
        RefusalCode.BelowMinimum => (400, _isSpot ? "AMOUNT_TOO_LITTLE" : "SIZE_TOO_SMALL"),
        RefusalCode.WouldCross => (400, _isSpot ? "POC_FILL_IMMEDIATELY" : "ORDER_POC_IMMEDIATE"),
        RefusalCode.InsufficientFunds => (400, _isSpot ? "BALANCE_NOT_ENOUGH" : "INSUFFICIENT_AVAILABLE"),
        RefusalCode.Halted => (400, "TRADE_RESTRICTED"),
        RefusalCode.DuplicateOrder => (400, "REPEATED_CREATION"),
        RefusalCode.UnknownOrder => (404, "ORDER_NOT_FOUND"),
        RefusalCode.OrderEnded => (400, _isSpot ? "ORDER_CLOSED" : "ORDER_FINISHED"),
        RefusalCode.RateLimited => (429, "TOO_MANY_REQUESTS"),
        RefusalCode.UnknownKey => (401, "INVALID_KEY"),
        RefusalCode.BadSignature => (401, "INVALID_SIGNATURE"),
        RefusalCode.StaleTimestamp => (403, "REQUEST_EXPIRED"),
        RefusalCode.Busy => (503, "TOO_BUSY"),
        _ => (400, "INVALID_PARAM_VALUE"),
    };

    private FakeAnswer AnswerPublic(FakeRequest request, FakeMarket market)
    {
        if (request.Operation == VenueOperation.Instruments) return Written(new JsonArray([.. instruments.Select(i => Listed(i, market))]));
        var instrument = Find(request[_symbol]);
        if (request.Operation == VenueOperation.Trades)
            return Written(new JsonArray([.. market.Trades(instrument, Limit(request)).Reverse().Select(t => _json.Trade(instrument, t))]));
        var book = market.Book(instrument);
        var update = GateioJson.Milliseconds(book.VenueTime.IsKnown ? book.VenueTime : market.Clock);
        var limit = Limit(request);
        return Written(new JsonObject
        {
            ["id"] = book.LastUpdateId,
            ["current"] = _isSpot ? GateioJson.Milliseconds(market.Clock) : GateioJson.Milliseconds(market.Clock) / 1_000m,
            ["update"] = _isSpot ? update : update / 1_000m,
            ["asks"] = _json.Levels(book.Asks[..Math.Min(limit, book.Asks.Length)], instrument, arePairs: false),
            ["bids"] = _json.Levels(book.Bids[..Math.Min(limit, book.Bids.Length)], instrument, arePairs: false),
        });
    }

    private JsonObject Listed(Instrument instrument, FakeMarket market)
    {
        var isTrading = !market.Halted.Contains(instrument.Id);
        return _isSpot
            ? new JsonObject
            {
                ["id"] = instrument.Symbol, ["base"] = instrument.BaseAsset, ["quote"] = instrument.QuoteAsset,
                ["amount_precision"] = instrument.Sizes.Decimals - (int)Math.Log10(instrument.OrderStepLots),
                ["precision"] = instrument.Prices.Decimals,
                ["min_base_amount"] = instrument.MinimumSize > 0 ? GateioJson.Text(instrument.MinimumSize) : null,
                ["min_quote_amount"] = instrument.MinimumNotional > 0 ? GateioJson.Text(instrument.MinimumNotional) : null,
                ["trade_status"] = isTrading ? "tradable" : "untradable",
            }
            : new JsonObject
            {
                ["name"] = instrument.Symbol, ["type"] = "direct", ["quanto_multiplier"] = GateioJson.Text(instrument.ContractSize),
                ["order_price_round"] = GateioJson.Text(instrument.Prices.Step), ["order_size_min"] = instrument.MinimumSize,
                ["in_delisting"] = !isTrading,
            };
    }

    private Instrument Find(string? symbol) =>
        instruments.FirstOrDefault(i => i.Symbol == symbol) ?? throw new KeyNotFoundException($"{_symbol} is '{symbol}'");

    private static int Limit(FakeRequest request) =>
        int.TryParse(request["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 100;

    private static FakeAnswer Written(JsonNode node) => new(200, GateioJson.Bytes(node));
}
