using System.Buffers;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What Bybit's web sockets have in common: subscriptions of at most ten topics each, and a ping of the application's own.</summary>
public abstract class BybitSocket : IVenueSocket
{
    // Spot takes no more in one request.
    private const int TopicsMax = 10;

    private protected const string Books = "orderbook.";

    private readonly BybitWire _wire;

    private protected BybitSocket(BybitOptions options, BybitWire wire) => (Options, _wire) = (options, wire);

    public abstract string Name { get; }

    public abstract Uri Url { get; }

    public TimeSpan PingInterval => Options.PingInterval;

    private protected BybitOptions Options { get; }

    private protected abstract IReadOnlyList<string> Topics { get; }

    public abstract byte[]? Login(Timestamp now);

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        byte[][] requests = [.. Topics.Chunk(TopicsMax).Select(topics => Request("subscribe", topics))];
        answers = requests.Length;
        return requests;
    }

    /// <summary>A subscription that is given up and asked for again begins with a snapshot.</summary>
    public IReadOnlyList<byte[]> BookRefreshes() =>
    [
        .. Topics.Where(t => t.StartsWith(Books, StringComparison.Ordinal)).Chunk(TopicsMax)
            .SelectMany(t => (byte[][])[Request("unsubscribe", t), Request("subscribe", t)]),
    ];

    public byte[] Ping(Timestamp now) => Written(json => json.WriteString("op"u8, "ping"u8));

    /// <summary>The venue asks for none: it answers ours.</summary>
    public byte[] Pong(ReadOnlySpan<byte> ping) => Ping(Timestamp.None);

    public virtual ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        _wire.Parse(frame, receiveTime, batch, out heard);

    private protected static byte[] Written(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Request(string operation, string[] topics) => Written(json =>
    {
        json.WriteString("op"u8, operation);
        json.WriteStartArray("args"u8);
        foreach (var topic in topics) json.WriteStringValue(topic);
        json.WriteEndArray();
    });
}

/// <summary>Books, trades and, for contracts, tickers with their funding.</summary>
/// <param name="options">Checked.</param>
/// <param name="wire">Has the instruments to subscribe; parses this socket's frames alone.</param>
public sealed class BybitPublicSocket(BybitOptions options, BybitWire wire) : BybitSocket(options, wire)
{
    public override string Name => "public";

    public override Uri Url => Options.PublicSocketUrl;

    private protected override IReadOnlyList<string> Topics { get; } =
    [
        .. wire.Instruments.SelectMany(i => (string[])[$"{Books}{options.BookDepth}.{i.Symbol}", $"publicTrade.{i.Symbol}"]),
        .. options.Product == BybitProduct.Spot ? [] : wire.Instruments.Select(i => $"tickers.{i.Symbol}"),
    ];

    public override byte[]? Login(Timestamp now) => null;

    /// <summary>A frame of which nothing is known could have been of a book, in which no id would show that it is missing: the session
    /// ends.</summary>
    public override ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        var status = base.Parse(frame, receiveTime, batch, out heard);
        if (status == ParseStatus.Rejected && heard.Kind == VenueFrameKind.Unknown) heard = new(VenueFrameKind.Error, "a frame cannot be read");
        return status;
    }
}

/// <summary>
/// Our orders, fills, balances and, for linear contracts, positions; on a dedicated account also the topic by which the venue knows that we are
/// there.
/// </summary>
public sealed class BybitPrivateSocket : BybitSocket
{
    // The path that the login signs is no path of the venue's: it is a prefix of the text.
    private static readonly HmacSigning LoginSigning = BybitProtocol.Signing with { Prehash = "GET/realtime{timestamp}" };

    private readonly HmacSignature _signature;

    /// <param name="options">Checked, with credentials.</param>
    /// <param name="wire">Parses this socket's frames alone.</param>
    /// <exception cref="ArgumentException">There are no credentials.</exception>
    public BybitPrivateSocket(BybitOptions options, BybitWire wire)
        : base(options, wire)
    {
        var credentials = options.Credentials
            ?? throw new ArgumentException($"{options.Venue} has no credentials: expected an API key and its secret", nameof(options));
        _signature = new(LoginSigning, credentials, options.ReceiveWindow);
        Topics =
        [
            "order", "execution", "wallet",
            .. options.Product == BybitProduct.Linear ? (string[])["position"] : [],
            .. options.Orders.IsAccountDedicated ? (string[])[options.Product == BybitProduct.Spot ? "dcp.spot" : "dcp.future"] : [],
        ];
    }

    public override string Name => "private";

    public override Uri Url => Options.PrivateSocketUrl;

    private protected override IReadOnlyList<string> Topics { get; }

    /// <summary>Signs the instant until which the login may be used: as far ahead as a request may be late.</summary>
    public override byte[] Login(Timestamp now)
    {
        var expires = _signature.TimestampText(now + Options.ReceiveWindow);
        return Written(json =>
        {
            json.WriteString("op"u8, "auth"u8);
            json.WriteStartArray("args"u8);
            json.WriteStringValue(Options.Credentials!.ApiKey);
            json.WriteRawValue(expires);
            json.WriteStringValue(_signature.Sign(expires, "GET", "/realtime", "", []));
            json.WriteEndArray();
        });
    }
}
