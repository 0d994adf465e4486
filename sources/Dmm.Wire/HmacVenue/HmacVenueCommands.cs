using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

public enum HmacCommandKind : byte
{
    Login,
    Subscribe,
    Ping,
}

/// <summary>What a client says over the web socket, as the venue reads it.</summary>
public sealed record HmacCommand(HmacCommandKind Kind)
{
    /// <summary>Of a login.</summary>
    public string ApiKey { get; init; } = "";

    public string Timestamp { get; init; } = "";

    public string Signature { get; init; } = "";

    /// <summary>Of a subscription: each of <c>book</c>, <c>trades</c>, <c>orders</c>, <c>fills</c>.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>Of a ping.</summary>
    public long Number { get; init; }
}

/// <summary>The venue's side of the requests: bytes to commands, or the error code and words to answer with. No input makes it throw.</summary>
public sealed class HmacVenueCommands
{
    private static readonly string[] OrderNames = ["clientOrderId", "symbol", "side", "price", "size", "postOnly", "timeInForce"];
    private static readonly string[] CommandNames = ["op", "key", "timestamp", "signature", "channels", "symbols", "id"];
    private static readonly string[] KnownChannels = ["book", "trades", "orders", "fills"];

    private const int ClientOrderIdLengthMax = 28;
    internal const string ImmediateOrCancel = "ioc";

    private readonly IReadOnlyList<Instrument> _instruments;

    /// <param name="venue">Name of the venue.</param>
    /// <param name="instruments">What it lists.</param>
    public HmacVenueCommands(string venue, IReadOnlyList<Instrument> instruments) => _instruments = WireInstruments.Checked(venue, instruments);

    private enum Order { Id, Symbol, Side, Price, Size, IsPostOnly, TimeInForce }

    private enum Command { Op, Key, Timestamp, Signature, Channels, Symbols, Id }

    /// <summary>An order to place or amend; null with a code and words where it is not one.</summary>
    public OrderIntent? ReadOrder(OrderIntentKind kind, ReadOnlySpan<byte> body, out string code, out string words)
    {
        (code, words) = (HmacVenueErrors.BadRequest, "");
        var fields = new JsonFields(body, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        var id = fields.Text((int)Order.Id);
        if (id.Length is 0 or > ClientOrderIdLengthMax || !id.All(char.IsAsciiLetterOrDigit))
            fields.Fail($"clientOrderId is '{id}': expected 1 to {ClientOrderIdLengthMax} letters and digits");
        var symbol = fields.Text((int)Order.Symbol);
        var side = HmacPrivateMessages.ReadSide(ref fields, (int)Order.Side);
        var isPostOnly = fields.Flag((int)Order.IsPostOnly);
        var timeInForce = fields.Has((int)Order.TimeInForce) ? fields.Text((int)Order.TimeInForce) : "gtc";
        if (timeInForce is not ("gtc" or ImmediateOrCancel)) fields.Fail($"timeInForce is '{timeInForce}': expected gtc or {ImmediateOrCancel}");
        if (isPostOnly && timeInForce == ImmediateOrCancel) fields.Fail("an order that takes at once cannot be post-only");
        if (fields.Fault is null && _instruments.FirstOrDefault(i => i.Symbol == symbol) is { } instrument)
        {
            code = HmacVenueErrors.OffGrid;
            var ticks = fields.Price((int)Order.Price, instrument);
            var lots = fields.Size((int)Order.Size, instrument);
            if (fields.Fault is null && lots == 0) fields.Fail("size is zero");
            if (fields.Fault is null)
            {
                return new OrderIntent
                {
                    Kind = kind, Instrument = instrument.Id, ClientOrderId = id, Side = side, PriceTicks = ticks, SizeLots = lots, IsPostOnly = isPostOnly,
                    TimeInForce = timeInForce == ImmediateOrCancel ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled,
                };
            }
        }
        else if (fields.Fault is null)
        {
            code = HmacVenueErrors.UnknownSymbol;
            fields.Fail($"symbol is '{symbol}': expected {string.Join(", ", _instruments.Select(i => i.Symbol))}");
        }

        words = fields.Fault!;
        return null;
    }

    /// <summary>
    /// The orders of a batch, each to place or amend, or with its code and words where it is not one; null with words where it is no batch.
    /// </summary>
    public IReadOnlyList<HmacBatchOrder>? ReadBatch(OrderIntentKind kind, ReadOnlySpan<byte> body, out string words)
    {
        var fields = new JsonFields(body, ["orders"], stackalloc JsonSlice[1]);
        List<HmacBatchOrder> orders = [];
        if (fields.IsArray(0))
        {
            var reader = new Utf8JsonReader(fields.Raw(0));
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && orders.Count <= HmacVenueRequests.BatchMax)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var order = ReadOrder(kind, fields.Raw(0)[start..(int)reader.BytesConsumed], out var code, out var why);
                orders.Add(new(order, code, why));
            }
        }

        var isBatch = orders.Count is > 0 and <= HmacVenueRequests.BatchMax;
        words = isBatch ? "" : fields.Fault ?? $"expected orders, an array of 1 to {HmacVenueRequests.BatchMax}";
        return isBatch ? orders : null;
    }

    /// <summary>The ids of a batch of cancels; null where there are none or too many.</summary>
    public static IReadOnlyList<string>? ReadBatchIds(string? ids) =>
        ids?.Split(',', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 and <= HmacVenueRequests.BatchMax } all ? all : null;

    /// <summary>A command of the web socket; null with words where it is not one.</summary>
    public HmacCommand? ReadCommand(ReadOnlySpan<byte> frame, out string words)
    {
        var fields = new JsonFields(frame, CommandNames, stackalloc JsonSlice[CommandNames.Length]);
        var command = fields.Text((int)Command.Op) switch
        {
            "ping" => new HmacCommand(HmacCommandKind.Ping) { Number = fields.Integer((int)Command.Id) },
            "login" => new HmacCommand(HmacCommandKind.Login)
            {
                ApiKey = fields.Text((int)Command.Key), Timestamp = fields.Text((int)Command.Timestamp), Signature = fields.Text((int)Command.Signature),
            },
            "subscribe" => new HmacCommand(HmacCommandKind.Subscribe)
            {
                Channels = Texts(ref fields, (int)Command.Channels, KnownChannels),
                Symbols = Texts(ref fields, (int)Command.Symbols, [.. _instruments.Select(i => i.Symbol)]),
            },
            _ => null,
        };
        if (command is null) fields.Fail("op is not known: expected login, subscribe or ping");
        words = fields.Fault ?? "";
        return fields.Fault is null ? command : null;
    }

    private static List<string> Texts(ref JsonFields fields, int field, string[] known)
    {
        List<string> texts = [];
        if (!fields.IsArray(field))
        {
            fields.Fail($"{CommandNames[field]} is missing: expected an array of {string.Join(", ", known)}");
            return texts;
        }

        var reader = new Utf8JsonReader(fields.Raw(field));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var match = reader.TokenType == JsonTokenType.String ? Find(ref reader, known) : -1;
            if (match < 0)
            {
                fields.Fail($"{CommandNames[field]} holds {Encoding.UTF8.GetString(reader.ValueSpan)}: expected {string.Join(", ", known)}");
                return texts;
            }

            texts.Add(known[match]);
        }

        return texts;
    }

    private static int Find(ref Utf8JsonReader reader, string[] known)
    {
        for (var i = 0; i < known.Length; i++)
            if (reader.ValueTextEquals(known[i]))
                return i;
        return -1;
    }
}
