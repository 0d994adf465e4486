using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>The requests of the client, as values; the web socket's commands as text.</summary>
public sealed class HmacVenueRequests(HmacEndpoints endpoints)
{
    /// <summary>Most elements that a reply may hold.</summary>
    public const int PageMax = 500;

    /// <summary>Most orders that one request may place, amend or cancel.</summary>
    public const int BatchMax = 20;

    /// <summary>The venue keeps one limit for all requests.</summary>
    public const string Bucket = "requests";

    public VenueRequest Instruments() => Get(endpoints.Instruments, "") with { IsSigned = false, Weight = 2 };

    public VenueRequest Book(Instrument instrument) =>
        Get(endpoints.Book, $"symbol={Escaped(instrument.Symbol)}") with { IsSigned = false, Weight = 2 };

    public VenueRequest Trades(Instrument instrument) =>
        Get(endpoints.Trades, $"symbol={Escaped(instrument.Symbol)}&limit={PageMax}") with { IsSigned = false, Weight = 2 };

    public VenueRequest Balances() => Get(endpoints.Balances, "");

    public VenueRequest Place(Instrument instrument, OrderIntent order) =>
        new("POST", endpoints.Order, "", Body(instrument, order), Bucket, IsUrgent: false);

    public VenueRequest Amend(Instrument instrument, OrderIntent order) =>
        new("PATCH", endpoints.Order, "", Body(instrument, order), Bucket, IsUrgent: false);

    public VenueRequest Cancel(string clientOrderId) => new("DELETE", endpoints.Order, $"clientOrderId={Escaped(clientOrderId)}", default, Bucket);

    /// <summary>Places or amends several orders, as the first of them says; <see cref="HmacBatch"/> reads the answer.</summary>
    public VenueRequest Batch(Instrument instrument, IReadOnlyList<OrderIntent> orders) => new(
        orders[0].Kind == OrderIntentKind.Place ? "POST" : "PATCH", endpoints.Batch, "", Written(json =>
        {
            json.WriteStartArray("orders"u8);
            foreach (var order in orders)
            {
                json.WriteStartObject();
                Write(json, instrument, order);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }), Bucket, IsUrgent: false);

    /// <summary>Cancels several orders.</summary>
    public VenueRequest Cancel(IEnumerable<string> clientOrderIds) =>
        new("DELETE", endpoints.Batch, $"clientOrderIds={string.Join(',', clientOrderIds.Select(Escaped))}", default, Bucket);

    public VenueRequest CancelAll(string prefix) => new("DELETE", endpoints.Orders, $"prefix={Escaped(prefix)}", default, Bucket);

    public VenueRequest Order(string clientOrderId) => Get(endpoints.Order, $"clientOrderId={Escaped(clientOrderId)}");

    public VenueRequest OpenOrders(string prefix) => Get(endpoints.Orders, $"prefix={Escaped(prefix)}") with { Weight = 2 };

    public VenueRequest OrdersSince(long cursor) =>
        Get(endpoints.Orders, string.Create(CultureInfo.InvariantCulture, $"after={cursor}&limit={PageMax}")) with { Weight = 2 };

    public VenueRequest FillsSince(string tradeId) => Get(endpoints.Fills, $"after={Escaped(tradeId)}&limit={PageMax}") with { Weight = 2 };

    /// <summary>The login of the web socket: signs a GET of <see cref="HmacSignature.LoginPath"/>.</summary>
    public static byte[] Login(HmacSignature signature, string apiKey, Timestamp at)
    {
        var timestamp = signature.TimestampText(at);
        var signed = signature.Sign(timestamp, "GET", HmacSignature.LoginPath, "", []);
        return Written(json =>
        {
            json.WriteString("op"u8, "login"u8);
            json.WriteString("key"u8, apiKey);
            json.WriteString("timestamp"u8, timestamp);
            json.WriteString("signature"u8, signed);
        });
    }

    /// <summary>Asks for books and trades of the instruments, and for the private streams where <paramref name="isPrivate"/> is set.</summary>
    public static byte[] Subscribe(IEnumerable<Instrument> instruments, bool isPrivate, bool isPublic = true) => Written(json =>
    {
        json.WriteString("op"u8, "subscribe"u8);
        json.WriteStartArray("channels"u8);
        ReadOnlySpan<string> channels = [.. isPublic ? ["book", "trades"] : (string[])[], .. isPrivate ? ["orders", "fills"] : (string[])[]];
        foreach (var channel in channels) json.WriteStringValue(channel);
        json.WriteEndArray();
        json.WriteStartArray("symbols"u8);
        foreach (var instrument in instruments) json.WriteStringValue(instrument.Symbol);
        json.WriteEndArray();
    });

    public static byte[] Ping(long number) => Written(json =>
    {
        json.WriteString("op"u8, "ping"u8);
        json.WriteNumber("id"u8, number);
    });

    private static VenueRequest Get(string path, string query) => new("GET", path, query, default, Bucket);

    private static byte[] Body(Instrument instrument, OrderIntent order) => Written(json => Write(json, instrument, order));

    private static void Write(Utf8JsonWriter json, Instrument instrument, OrderIntent order)
    {
        json.WriteString("clientOrderId"u8, order.ClientOrderId);
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("side"u8, order.Side == Side.Buy ? "buy"u8 : "sell"u8);
        json.WriteString("price"u8, instrument.Prices.ToDecimal(order.PriceTicks).ToString(CultureInfo.InvariantCulture));
        json.WriteString("size"u8, instrument.Sizes.ToDecimal(order.SizeLots).ToString(CultureInfo.InvariantCulture));
        json.WriteBoolean("postOnly"u8, order.IsPostOnly);
        if (order.TimeInForce == TimeInForce.ImmediateOrCancel) json.WriteString("timeInForce"u8, HmacVenueCommands.ImmediateOrCancel);
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

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
