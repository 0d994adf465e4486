using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>The venue finds an order by its instrument and our id together.</summary>
public readonly record struct OkxOrderName(string Symbol, string ClientOrderId);

/// <summary>The requests to the REST interface, as values.</summary>
/// <remarks>Source: OKX API v5 documentation, order book trading, trading account, and public data.</remarks>
public sealed class OkxRequests(OkxOptions options)
{
    /// <summary>Most orders of a batch.</summary>
    public const int BatchMax = 20;

    /// <summary>Most rows of a page of orders or fills.</summary>
    public const int PageMax = 100;

    /// <summary>Levels to a side in a REST book: as many as the channels of 400 levels keep.</summary>
    public const int BookDepth = 400;

    private const int TradesMax = 500;

    /// <summary>What the dead-man's switch takes.</summary>
    public static readonly TimeSpan SwitchWindowMin = TimeSpan.FromSeconds(10), SwitchWindowMax = TimeSpan.FromSeconds(120);

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="instrumentType"><c>SPOT</c>, <c>SWAP</c> or <c>FUTURES</c>.</param>
    public static VenueRequest Instruments(string instrumentType) =>
        Get("/api/v5/public/instruments", $"instType={instrumentType}", OkxLimits.Public) with { IsSigned = false };

    public static VenueRequest ServerTime() => Get("/api/v5/public/time", "", OkxLimits.Public) with { IsSigned = false };

    public static VenueRequest Book(Instrument instrument) =>
        Get("/api/v5/market/books", $"instId={Escaped(instrument.Symbol)}&sz={BookDepth}", OkxLimits.Book) with { IsSigned = false };

    public static VenueRequest Trades(Instrument instrument) =>
        Get("/api/v5/market/trades", $"instId={Escaped(instrument.Symbol)}&limit={TradesMax}", OkxLimits.Trades) with { IsSigned = false };

    /// <summary>How the account is set up.</summary>
    public static VenueRequest AccountSettings() => Get("/api/v5/account/config", "", OkxLimits.Account);

    public static VenueRequest Balances() => Get("/api/v5/account/balance", "", OkxLimits.Account);

    /// <summary>The positions in contracts of that type.</summary>
    /// <param name="instrumentType"><c>SWAP</c> or <c>FUTURES</c>.</param>
    public static VenueRequest Positions(string instrumentType) =>
        Get("/api/v5/account/positions", $"instType={instrumentType}", OkxLimits.Account);

    public static VenueRequest Order(Instrument instrument, string clientOrderId) =>
        Get("/api/v5/trade/order", $"instId={Escaped(instrument.Symbol)}&clOrdId={Escaped(clientOrderId)}", Of(OkxLimits.Order, instrument));

    /// <summary>Open orders of the account, newest first.</summary>
    /// <param name="olderThan">The venue's id of the last order of the page before; empty for the first page.</param>
    public static VenueRequest OpenOrders(string olderThan) =>
        Get("/api/v5/trade/orders-pending", $"limit={PageMax}{Page(olderThan)}", OkxLimits.OpenOrders);

    /// <summary>Open orders of one instrument, newest first; as for <see cref="OpenOrders(string)"/>.</summary>
    public static VenueRequest OpenOrders(Instrument instrument, string olderThan) =>
        Get("/api/v5/trade/orders-pending", $"instId={Escaped(instrument.Symbol)}&limit={PageMax}{Page(olderThan)}", OkxLimits.OpenOrders);

    /// <summary>Orders that ended in the last seven days (two hours where nothing of them was filled), the last placed first.</summary>
    /// <param name="instrumentType">As for <see cref="Instruments"/>.</param>
    /// <param name="placedFrom">Those placed earlier are left out.</param>
    /// <param name="olderThan">As for <see cref="OpenOrders(string)"/>.</param>
    public static VenueRequest EndedOrders(string instrumentType, Timestamp placedFrom, string olderThan) => Get(
        "/api/v5/trade/orders-history",
        $"instType={instrumentType}&begin={Milliseconds(placedFrom)}&limit={PageMax}{Page(olderThan)}",
        OkxLimits.OrderHistory);

    /// <summary>Fills of the last three days, newest first.</summary>
    /// <param name="olderThan">The bill of the last fill of the page before; empty for the first page.</param>
    public static VenueRequest Fills(string olderThan) => Get("/api/v5/trade/fills", $"limit={PageMax}{Page(olderThan)}", OkxLimits.Fills);

    /// <summary>Fills of the last three months, newest first; as for <see cref="Fills"/>.</summary>
    /// <param name="instrumentType">As for <see cref="Instruments"/>.</param>
    /// <param name="olderThan">As for <see cref="Fills"/>.</param>
    public static VenueRequest FillsArchive(string instrumentType, string olderThan) => Get(
        "/api/v5/trade/fills-history", $"instType={instrumentType}&limit={PageMax}{Page(olderThan)}", OkxLimits.FillsArchive);

    public VenueRequest Place(Instrument instrument, OrderIntent order) => Counted(
        Post("/api/v5/trade/order", Written(json => Placement(json, instrument, order)), Of(OkxLimits.Place, instrument)));

    public VenueRequest Place(Instrument instrument, IReadOnlyList<OrderIntent> orders) => Counted(
        Batch("/api/v5/trade/batch-orders", Of(OkxLimits.PlaceBatch, instrument), orders, (json, order) => Placement(json, instrument, order)));

    /// <summary>Changes price and size of orders; one that cannot be changed is cancelled by the venue.</summary>
    /// <param name="instrument">The orders' instrument.</param>
    /// <param name="orders">Each with what is to be open of it, and with how much of it was filled before, which the venue counts in.</param>
    public static VenueRequest Amend(Instrument instrument, IReadOnlyList<(OrderIntent Order, long FilledLots)> orders) => Counted(orders is [var one]
        ? Post("/api/v5/trade/amend-order", Written(json => Amendment(json, instrument, one)), Of(OkxLimits.Amend, instrument))
        : Batch("/api/v5/trade/amend-batch-orders", Of(OkxLimits.AmendBatch, instrument), orders, (json, order) => Amendment(json, instrument, order)));

    public static VenueRequest Cancel(OkxOrderName order) =>
        Post("/api/v5/trade/cancel-order", Written(json => Cancellation(json, order)), $"{OkxLimits.Cancel}/{order.Symbol}");

    /// <summary>Cancels orders, of whatever instruments.</summary>
    public static VenueRequest Cancel(IReadOnlyList<OkxOrderName> orders) =>
        Batch("/api/v5/trade/cancel-batch-orders", OkxLimits.CancelBatch, orders, Cancellation);

    /// <summary>
    /// The dead-man's switch: unless it is asked for again in that time, the venue cancels every open order of the account, or of the tag that the
    /// options give.
    /// </summary>
    /// <param name="window">10 to 120 s in whole seconds; zero takes the switch back.</param>
    /// <exception cref="ArgumentOutOfRangeException">Anything else.</exception>
    public VenueRequest CancelAllAfter(TimeSpan window)
    {
        var seconds = (int)window.TotalSeconds;
        if (window != TimeSpan.FromSeconds(seconds) || (seconds != 0 && (window < SwitchWindowMin || window > SwitchWindowMax)))
            throw new ArgumentOutOfRangeException(nameof(window), window, "expected 0, or 10 to 120 whole seconds");
        return Post("/api/v5/trade/cancel-all-after", Written(json =>
        {
            json.WriteString("timeOut"u8, seconds.ToString(CultureInfo.InvariantCulture));
            if (options.OrderTag.Length > 0) json.WriteString("tag"u8, options.OrderTag);
        }), OkxLimits.Switch);
    }

    /// <summary>A JSON object with these fields.</summary>
    internal static byte[] Written(Action<Utf8JsonWriter> fields) => WrittenValue(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    /// <summary>New and amended orders: of no urgency, and counted for the account, too.</summary>
    private static VenueRequest Counted(VenueRequest request) => request with { IsUrgent = false, Shared = OkxLimits.AccountOrders };

    private static string Of(string bucket, Instrument instrument) => $"{bucket}/{instrument.Symbol}";

    private static VenueRequest Get(string path, string query, string bucket) => new("GET", path, query, default, bucket);

    private static VenueRequest Post(string path, byte[] body, string bucket) => new("POST", path, "", body, bucket);

    private static VenueRequest Batch<T>(string path, string bucket, IReadOnlyList<T> orders, Action<Utf8JsonWriter, T> write)
    {
        if (orders.Count is 0 or > BatchMax)
            throw new ArgumentOutOfRangeException(nameof(orders), orders.Count, $"expected 1 to {BatchMax} orders in a batch");
        var body = WrittenValue(json =>
        {
            json.WriteStartArray();
            foreach (var order in orders)
            {
                json.WriteStartObject();
                write(json, order);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return Post(path, body, bucket) with { Weight = orders.Count };
    }

    private void Placement(Utf8JsonWriter json, Instrument instrument, OrderIntent order)
    {
        json.WriteString("instId"u8, instrument.Symbol);
        var margin = options.MarginMode == OkxMarginMode.Cross ? "cross"u8 : "isolated"u8;
        json.WriteString("tdMode"u8, instrument.Kind == ContractKind.Spot ? "cash"u8 : margin);
        json.WriteString("clOrdId"u8, order.ClientOrderId);
        if (options.OrderTag.Length > 0) json.WriteString("tag"u8, options.OrderTag);
        json.WriteString("side"u8, order.Side == Side.Buy ? "buy"u8 : "sell"u8);
        json.WriteString("ordType"u8, order.TimeInForce == TimeInForce.ImmediateOrCancel ? "ioc"u8 : order.IsPostOnly ? "post_only"u8 : "limit"u8);
        json.WriteString("px"u8, Text(instrument.Prices.ToDecimal(order.PriceTicks)));
        json.WriteString("sz"u8, Text(instrument.Sizes.ToDecimal(order.SizeLots)));
        json.WriteString("stpMode"u8, options.SelfTradePrevention switch
        {
            OkxSelfTradePrevention.CancelMaker => "cancel_maker"u8,
            OkxSelfTradePrevention.CancelTaker => "cancel_taker"u8,
            _ => "cancel_both"u8,
        });
    }

    private static void Amendment(Utf8JsonWriter json, Instrument instrument, (OrderIntent Order, long FilledLots) amendment)
    {
        json.WriteString("instId"u8, instrument.Symbol);
        json.WriteBoolean("cxlOnFail"u8, value: true);
        json.WriteString("clOrdId"u8, amendment.Order.ClientOrderId);
        json.WriteString("newSz"u8, Text(instrument.Sizes.ToDecimal(amendment.FilledLots + amendment.Order.SizeLots)));
        json.WriteString("newPx"u8, Text(instrument.Prices.ToDecimal(amendment.Order.PriceTicks)));
    }

    private static void Cancellation(Utf8JsonWriter json, OkxOrderName order)
    {
        json.WriteString("instId"u8, order.Symbol);
        json.WriteString("clOrdId"u8, order.ClientOrderId);
    }

    private static byte[] WrittenValue(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        write(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Page(string olderThan) => olderThan.Length == 0 ? "" : $"&after={Escaped(olderThan)}";

    private static string Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
