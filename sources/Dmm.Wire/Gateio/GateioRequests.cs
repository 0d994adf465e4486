using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>The requests to Gate's REST interface, as values. Client order ids go as <c>text</c>, and stand for the venue's own ids in
/// paths.</summary>
/// <param name="product">The market.</param>
/// <param name="selfTradePrevention">What is asked of the venue where our orders meet.</param>
public sealed class GateioRequests(GateioProduct product, GateioSelfTradePrevention selfTradePrevention = GateioSelfTradePrevention.OfAccount)
{
    public const string PlaceBucket = "orders";
    public const string CancelBucket = "cancels";
    public const string QueryBucket = "queries";
    public const string PublicBucket = "public";

    /// <summary>Most orders that a page has.</summary>
    public const int OrdersMax = 100;

    /// <summary>Most fills and public trades that a page has.</summary>
    public const int FillsMax = 1_000;

    /// <summary>Most orders that a bulk request to place or amend has.</summary>
    public const int BulkMax = 10;

    /// <summary>Most orders that a bulk request to cancel has.</summary>
    public const int BulkCancelMax = 20;

    private readonly bool _isSpot = product == GateioProduct.Spot;
    private readonly string _root = product == GateioProduct.Spot ? "/api/v4/spot" : "/api/v4/futures/usdt";
    private readonly string _symbol = product == GateioProduct.Spot ? "currency_pair" : "contract";

    public VenueRequest Instruments() => Public(_isSpot ? "currency_pairs" : "contracts", "");

    /// <summary>The venue's clock: <see cref="GateioWire.ParseTime"/>.</summary>
    public static VenueRequest Time() => new("GET", "/api/v4/spot/time", "", default, PublicBucket, IsSigned: false);

    public VenueRequest Book(Instrument instrument, int depth) =>
        Public("order_book", Text($"{_symbol}={instrument.Symbol}&limit={depth}&with_id=true"));

    public VenueRequest Trades(Instrument instrument) => Public("trades", Text($"{_symbol}={instrument.Symbol}&limit={FillsMax}"));

    public VenueRequest Balances() => Query("accounts", "");

    /// <summary>Contracts only: a page, from 0, of the positions that there are.</summary>
    public VenueRequest Positions(int page) => Query("positions", Text($"holding=true&limit={OrdersMax}{Page(page, OrdersMax)}"));

    public VenueRequest Place(Instrument instrument, OrderIntent order) =>
        new("POST", $"{_root}/orders", "", Written(json => Order(json, instrument, order)), PlaceBucketOf(instrument), IsUrgent: false);

    /// <param name="instrument">The order's.</param>
    /// <param name="order">The price wanted, and the size that may still trade.</param>
    /// <param name="filledLots">What has traded already: the venue counts the whole order.</param>
    public VenueRequest Amend(Instrument instrument, OrderIntent order, long filledLots) => new(
        _isSpot ? "PATCH" : "PUT", OrderPath(order.ClientOrderId), "", Written(json => Change(json, instrument, order, filledLots)),
        PlaceBucketOf(instrument), IsUrgent: false);

    public VenueRequest Cancel(Instrument instrument, string clientOrderId) =>
        new("DELETE", OrderPath(clientOrderId), _isSpot ? $"currency_pair={instrument.Symbol}" : "", default, CancelBucket);

    /// <summary>Orders of one instrument in one request; the answers are <see cref="GateioBulk"/>'s.</summary>
    public VenueRequest PlaceMany(Instrument instrument, IEnumerable<OrderIntent> orders) =>
        new("POST", $"{_root}/batch_orders", "", Many(orders, (json, order) => Order(json, instrument, order)), PlaceBucketOf(instrument),
            IsUrgent: false);

    /// <summary>Contracts only: spot takes a price or a size there, not both.</summary>
    public VenueRequest AmendMany(Instrument instrument, IEnumerable<OrderIntent> orders, IReadOnlyDictionary<string, long> filledLots) => new(
        "POST", $"{_root}/batch_amend_orders", "", Many(orders, (json, order) =>
        {
            json.WriteString("text"u8, GateioIds.ToText(order.ClientOrderId));
            Change(json, instrument, order, filledLots.GetValueOrDefault(order.ClientOrderId));
        }),
        PlaceBucketOf(instrument), IsUrgent: false);

    /// <summary>Spot only: contracts take the venue's own ids there.</summary>
    public VenueRequest CancelMany(Instrument instrument, IEnumerable<string> clientOrderIds) => new(
        "POST", $"{_root}/cancel_batch_orders", "", Many(clientOrderIds, (json, id) =>
        {
            json.WriteString("currency_pair"u8, instrument.Symbol);
            json.WriteString("id"u8, GateioIds.ToText(id));
        }),
        CancelBucket);

    /// <summary>One order, open or ended not long ago; spot finds it only where it was placed.</summary>
    public VenueRequest Order(Instrument instrument, string clientOrderId) =>
        Query($"orders/{GateioIds.ToText(clientOrderId)}", _isSpot ? $"currency_pair={instrument.Symbol}" : "");

    /// <summary>A page of the open orders of an instrument, from 0.</summary>
    public VenueRequest OpenOrders(Instrument instrument, int page) =>
        Query("orders", Text($"{_symbol}={instrument.Symbol}&status=open&limit={OrdersMax}{Page(page, OrdersMax)}"));

    /// <summary>A page, from 0, of the orders of an instrument that ended at or after that time, or were placed then.</summary>
    public VenueRequest EndedOrders(Instrument instrument, Timestamp since, int page)
    {
        var from = Seconds(since);
        return _isSpot
            ? Query("orders", Text($"currency_pair={instrument.Symbol}&status=finished&limit={OrdersMax}{Page(page, OrdersMax)}&from={from}"))
            : Query("orders_timerange", Text($"contract={instrument.Symbol}&from={from}&limit={OrdersMax}{Page(page, OrdersMax)}"));
    }

    /// <summary>A page, from 0, of our fills of an instrument, newest first; at or after that time where it is known. Spot reads the time as that at
    /// which an order ended, and gives the last seven days without one.</summary>
    public VenueRequest Fills(Instrument instrument, Timestamp since, int page) => Query(
        _isSpot ? "my_trades" : "my_trades_timerange",
        Text($"{_symbol}={instrument.Symbol}&limit={FillsMax}{Page(page, FillsMax)}{(since.IsKnown ? Text($"&from={Seconds(since)}") : "")}"));

    /// <summary>Arms the dead-man's switch for all our markets of this product, or disarms it with zero.</summary>
    public VenueRequest CancelAllAfter(TimeSpan window) => new(
        "POST", $"{_root}/countdown_cancel_all", "", Written(json => json.WriteNumber("timeout"u8, (long)window.TotalSeconds)), CancelBucket);

    private VenueRequest Public(string call, string query) => new("GET", $"{_root}/{call}", query, default, PublicBucket, IsSigned: false);

    private VenueRequest Query(string call, string query) => new("GET", $"{_root}/{call}", query, default, QueryBucket);

    private string OrderPath(string clientOrderId) => $"{_root}/orders/{GateioIds.ToText(clientOrderId)}";

    private static string PlaceBucketOf(Instrument instrument) => $"{PlaceBucket}/{instrument.Symbol}";

    private string Page(int page, int size) => _isSpot ? Text($"&page={page + 1}") : Text($"&offset={page * size}");

    private void Order(Utf8JsonWriter json, Instrument instrument, OrderIntent order)
    {
        json.WriteString("text"u8, GateioIds.ToText(order.ClientOrderId));
        json.WriteString(_symbol, instrument.Symbol);
        if (_isSpot)
        {
            json.WriteString("type"u8, "limit"u8);
            json.WriteString("side"u8, order.Side == Side.Buy ? "buy"u8 : "sell"u8);
        }

        Size(json, instrument, order.Side, order.SizeLots);
        json.WriteString("price"u8, Number(instrument.Prices.ToDecimal(order.PriceTicks)));
        var timeInForce = order.IsPostOnly ? "poc" : order.TimeInForce == TimeInForce.ImmediateOrCancel ? "ioc" : "gtc";
        json.WriteString(_isSpot ? "time_in_force" : "tif", timeInForce);
        if (selfTradePrevention == GateioSelfTradePrevention.OfAccount) return;
        json.WriteString("stp_act"u8, selfTradePrevention switch
        {
            GateioSelfTradePrevention.CancelNewest => "cn",
            GateioSelfTradePrevention.CancelOldest => "co",
            _ => "cb",
        });
    }

    private void Change(Utf8JsonWriter json, Instrument instrument, OrderIntent order, long filledLots)
    {
        if (_isSpot) json.WriteString("currency_pair"u8, instrument.Symbol);
        Size(json, instrument, order.Side, order.SizeLots + filledLots);
        json.WriteString("price"u8, Number(instrument.Prices.ToDecimal(order.PriceTicks)));
    }

    /// <summary>Contracts have the side in the sign; whole numbers of them are bare, parts are text.</summary>
    private void Size(Utf8JsonWriter json, Instrument instrument, Side side, long lots)
    {
        var size = instrument.Sizes.ToDecimal(lots);
        if (_isSpot) json.WriteString("amount"u8, Number(size));
        else if (size == decimal.Truncate(size)) json.WriteNumber("size"u8, (long)size * side.Sign());
        else json.WriteString("size"u8, Number(size * side.Sign()));
    }

    private static byte[] Many<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => WrittenValue(json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static byte[] Written(Action<Utf8JsonWriter> fields) => WrittenValue(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    });

    private static byte[] WrittenValue(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        value(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static long Seconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeSeconds();

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
