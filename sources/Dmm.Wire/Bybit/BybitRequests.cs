using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>The requests to Bybit's REST interface, as values.</summary>
public sealed class BybitRequests(BybitOptions options, IReadOnlyList<Instrument> instruments)
{
    public const string CreateBucket = "create";
    public const string AmendBucket = "amend";
    public const string CancelBucket = "cancel";
    public const string QueryBucket = "query";
    public const string MarketBucket = "market";

    /// <summary>Longest span of one query for fills.</summary>
    public static readonly TimeSpan FillSpanMax = TimeSpan.FromDays(7);

    private const int OrderPageMax = 50;
    private const int FillPageMax = 100;
    private const int PositionPageMax = 200;

    private readonly string _category = options.Product.Category();

    /// <summary>Most orders of one batch: what the venue takes, and what our share of its limit ever holds.</summary>
    public int BatchMax(OrderIntentKind kind) => Math.Min(options.Product == BybitProduct.Spot ? 10 : 20, kind switch
    {
        OrderIntentKind.Place => options.Limits.Create.Burst - options.Limits.Create.CancelReserve,
        OrderIntentKind.Amend => options.Limits.Amend.Burst - options.Limits.Amend.CancelReserve,
        _ => options.Limits.Cancel.Burst,
    });

    /// <summary>What a query over all orders or positions is restricted to: a linear contract's settlement asset, which the venue wants
    /// named.</summary>
    public IReadOnlyList<string> Settlements { get; } =
        options.Product == BybitProduct.Linear ? [.. instruments.Select(i => i.QuoteAsset).Distinct(StringComparer.Ordinal)] : [""];

    public static VenueRequest Time() => new("GET", "/v5/market/time", "", default, MarketBucket, IsSigned: false);

    public VenueRequest Instruments(string cursor) => Market("instruments-info", $"&limit=1000{Next(cursor)}");

    public VenueRequest Book(Instrument instrument) => Market(
        "orderbook", string.Create(CultureInfo.InvariantCulture, $"&symbol={Escaped(instrument.Symbol)}&limit={Math.Min(options.BookDepth, 200)}"));

    public VenueRequest Trades(Instrument instrument)
    {
        var limit = options.Product == BybitProduct.Spot ? 60 : 1_000;
        return Market("recent-trade", string.Create(CultureInfo.InvariantCulture, $"&symbol={Escaped(instrument.Symbol)}&limit={limit}"));
    }

    public VenueRequest Place(Instrument instrument, OrderIntent order) =>
        Post("create", CreateBucket, 1, isUrgent: false, json => WritePlacement(json, instrument, order));

    /// <param name="instrument">The order's.</param>
    /// <param name="order">Price, and the size that may still trade.</param>
    /// <param name="executedLots">What the order has traded: the venue counts the size from the order's beginning.</param>
    public VenueRequest Amend(Instrument instrument, OrderIntent order, long executedLots) =>
        Post("amend", AmendBucket, 1, isUrgent: false, json => WriteAmendment(json, instrument, order, executedLots));

    public VenueRequest Cancel(Instrument instrument, string clientOrderId) =>
        Post("cancel", CancelBucket, 1, isUrgent: true, json => WriteName(json, instrument, clientOrderId));

    public VenueRequest PlaceBatch(IReadOnlyList<(Instrument Instrument, OrderIntent Order)> orders) =>
        Batch("create-batch", CreateBucket, orders.Count, isUrgent: false, (json, i) => WritePlacement(json, orders[i].Instrument, orders[i].Order));

    public VenueRequest AmendBatch(IReadOnlyList<(Instrument Instrument, OrderIntent Order, long ExecutedLots)> orders) => Batch(
        "amend-batch", AmendBucket, orders.Count, isUrgent: false,
        (json, i) => WriteAmendment(json, orders[i].Instrument, orders[i].Order, orders[i].ExecutedLots));

    public VenueRequest CancelBatch(IReadOnlyList<(Instrument Instrument, string ClientOrderId)> orders) => Batch(
        "cancel-batch", CancelBucket, orders.Count, isUrgent: true, (json, i) => WriteName(json, orders[i].Instrument, orders[i].ClientOrderId));

    /// <summary>One order while it is open, or among the last 500 that ended since the venue's service started.</summary>
    public VenueRequest Order(string clientOrderId) =>
        Query("/v5/order/realtime", $"{Settlement(Settlements[0])}&orderLinkId={Escaped(clientOrderId)}");

    /// <summary>One order of the past; the venue is late with it.</summary>
    public VenueRequest OldOrder(string clientOrderId) => Query("/v5/order/history", $"&orderLinkId={Escaped(clientOrderId)}");

    public VenueRequest OpenOrders(string settlement, string cursor) => RecentOrders(settlement, cursor, isOpen: true);

    /// <summary>The open orders of one instrument.</summary>
    public VenueRequest OpenOrders(Instrument instrument, string cursor) => Query("/v5/order/realtime", string.Create(
        CultureInfo.InvariantCulture, $"&symbol={Escaped(instrument.Symbol)}&openOnly=0&limit={OrderPageMax}{Next(cursor)}"));

    /// <summary>The last 500 orders that ended.</summary>
    public VenueRequest EndedOrders(string settlement, string cursor) => RecentOrders(settlement, cursor, isOpen: false);

    /// <summary>Fills of a span of time, newest first.</summary>
    public VenueRequest Fills(Timestamp from, Timestamp to, string cursor) => Query("/v5/execution/list", string.Create(
        CultureInfo.InvariantCulture, $"&startTime={Milliseconds(from)}&endTime={Milliseconds(to)}&limit={FillPageMax}{Next(cursor)}"));

    public static VenueRequest Balances() => new("GET", "/v5/account/wallet-balance", "accountType=UNIFIED", default, QueryBucket);

    public VenueRequest Positions(string settlement, string cursor) => Query("/v5/position/list", string.Create(
        CultureInfo.InvariantCulture, $"{Settlement(settlement)}&limit={PositionPageMax}{Next(cursor)}"));

    /// <summary>The position of one contract, also where there is none.</summary>
    public VenueRequest Position(Instrument instrument) => Query("/v5/position/list", $"&symbol={Escaped(instrument.Symbol)}");

    /// <summary>
    /// After how long without a private connection that listens to the switch the venue cancels all orders of the product group: whole seconds, 3 to
    /// 300.
    /// </summary>
    public VenueRequest CancelAllAfterDisconnect(TimeSpan window) => new("POST", "/v5/order/disconnected-cancel-all", "", Written(json =>
    {
        json.WriteString("product"u8, options.Product == BybitProduct.Spot ? "SPOT"u8 : "DERIVATIVES"u8);
        json.WriteNumber("timeWindow"u8, (int)window.TotalSeconds);
    }), QueryBucket);

    private VenueRequest Market(string what, string more) =>
        new("GET", $"/v5/market/{what}", $"category={_category}{more}", default, MarketBucket, IsSigned: false);

    private VenueRequest Query(string path, string more) => new("GET", path, $"category={_category}{more}", default, QueryBucket);

    private VenueRequest RecentOrders(string settlement, string cursor, bool isOpen) => Query("/v5/order/realtime", string.Create(
        CultureInfo.InvariantCulture, $"{Settlement(settlement)}&openOnly={(isOpen ? 0 : 1)}&limit={OrderPageMax}{Next(cursor)}"));

    private VenueRequest Post(string what, string bucket, int weight, bool isUrgent, Action<Utf8JsonWriter> write) => new(
        "POST", $"/v5/order/{what}", "", Written(json =>
        {
            json.WriteString("category"u8, _category);
            write(json);
        }), bucket, weight, isUrgent);

    private VenueRequest Batch(string what, string bucket, int count, bool isUrgent, Action<Utf8JsonWriter, int> write) =>
        Post(what, bucket, count, isUrgent, json =>
        {
            json.WriteStartArray("request"u8);
            for (var i = 0; i < count; i++)
            {
                json.WriteStartObject();
                write(json, i);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private void WritePlacement(Utf8JsonWriter json, Instrument instrument, OrderIntent order)
    {
        WriteName(json, instrument, order.ClientOrderId);
        json.WriteString("side"u8, order.Side == Side.Buy ? "Buy"u8 : "Sell"u8);
        json.WriteString("orderType"u8, "Limit"u8);
        json.WriteString("qty"u8, Text(instrument.Sizes.ToDecimal(order.SizeLots)));
        json.WriteString("price"u8, Text(instrument.Prices.ToDecimal(order.PriceTicks)));
        json.WriteString("timeInForce"u8, order.TimeInForce == TimeInForce.ImmediateOrCancel ? "IOC"u8 : order.IsPostOnly ? "PostOnly"u8 : "GTC"u8);
        if (options.SelfTrade != BybitSelfTrade.Allow) json.WriteString("smpType"u8, options.SelfTrade.ToString());
        if (options.Product == BybitProduct.Spot) json.WriteNumber("isLeverage"u8, options.UsesMargin ? 1 : 0);
        else json.WriteNumber("positionIdx"u8, 0);
    }

    private static void WriteAmendment(Utf8JsonWriter json, Instrument instrument, OrderIntent order, long executedLots)
    {
        WriteName(json, instrument, order.ClientOrderId);
        json.WriteString("qty"u8, Text(instrument.Sizes.ToDecimal(order.SizeLots + executedLots)));
        json.WriteString("price"u8, Text(instrument.Prices.ToDecimal(order.PriceTicks)));
    }

    private static void WriteName(Utf8JsonWriter json, Instrument instrument, string clientOrderId)
    {
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("orderLinkId"u8, clientOrderId);
    }

    private static byte[] Written(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Settlement(string asset) => asset.Length == 0 ? "" : $"&settleCoin={Escaped(asset)}";

    // The venue gives its cursors escaped already, and takes them back as they are.
    private static string Next(string cursor) =>
        cursor.Length == 0 ? "" : $"&cursor={(cursor.All(IsPlain) ? cursor : Escaped(cursor))}";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '%' or '-' or '_' or '.' or '~';

    private static long Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
