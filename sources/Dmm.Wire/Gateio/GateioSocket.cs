using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// One web socket of Gate, public or private; the venue keeps them at one address. There is no login: each private subscription carries its own
/// proof. The venue asks for signs of life by the protocol's own ping frames alone.
/// </summary>
public sealed class GateioSocket : IVenueSocket
{
    private readonly GateioOptions _options;
    private readonly GateioWire _wire;
    private readonly GateioProtocol? _protocol;
    private readonly string _prefix;

    private GateioSocket(string name, GateioOptions options, GateioWire wire, GateioProtocol? protocol) =>
        (Name, _options, _wire, _protocol, _prefix) = (name, options, wire, protocol, GateioChannels.Prefix(options.Product));

    public string Name { get; }

    public Uri Url => _options.Socket;

    public IReadOnlyList<KeyValuePair<string, string>> Headers => GateioProtocol.SizeHeaders(_options.Product);

    public TimeSpan PingInterval => _options.PingInterval;

    /// <summary>Books, trades, tops, and the funding of contracts.</summary>
    public static GateioSocket Public(GateioOptions options, GateioWire wire) => new("public", options, wire, protocol: null);

    /// <summary>Our orders, fills and balances.</summary>
    /// <exception cref="ArgumentException">The options have no credentials.</exception>
    public static GateioSocket Private(GateioOptions options, GateioWire wire)
    {
        if (options.Credentials is null)
            throw new ArgumentException($"{options.Venue} has no credentials: expected an API key and its secret", nameof(options));
        return new("private", options, wire, new GateioProtocol(options));
    }

    public byte[]? Login(Timestamp now) => null;

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        List<byte[]> frames = _protocol is null ? PublicSubscriptions(now) : PrivateSubscriptions(now);
        answers = frames.Count;
        return frames;
    }

    public byte[] Ping(Timestamp now) => Written(json =>
    {
        json.WriteNumber("time"u8, Seconds(now));
        json.WriteString("channel"u8, $"{_prefix}ping");
    });

    public byte[] Pong(ReadOnlySpan<byte> ping) => throw new NotSupportedException($"{_options.Venue} sends no ping that a frame answers");

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        _wire.Parse(frame, receiveTime, batch, out heard);

    private List<byte[]> PublicSubscriptions(Timestamp now)
    {
        List<byte[]> frames = [];
        foreach (var instrument in _wire.Instruments)
        {
            var symbol = instrument.Symbol;
            frames.Add(_options.BookFeed switch
            {
                GateioBookFeed.Best50 => Subscribe(now, GateioChannels.LimitedBook, $"ob.{symbol}.50"),
                GateioBookFeed.Best400 => Subscribe(now, GateioChannels.LimitedBook, $"ob.{symbol}.400"),
                _ when _options.Product == GateioProduct.Spot => Subscribe(now, GateioChannels.Book, symbol, "100ms"),
                _ => Subscribe(now, GateioChannels.Book, symbol, "100ms", _options.BookDepth.ToString(CultureInfo.InvariantCulture)),
            });
        }

        string[] symbols = [.. _wire.Instruments.Select(i => i.Symbol)];
        frames.Add(Subscribe(now, GateioChannels.Trades, symbols));
        frames.Add(Subscribe(now, GateioChannels.Tops, symbols));
        if (_options.Product == GateioProduct.UsdtPerpetual) frames.Add(Subscribe(now, GateioChannels.Tickers, symbols));
        return frames;
    }

    private List<byte[]> PrivateSubscriptions(Timestamp now)
    {
        string[] symbols = [.. _wire.Instruments.Select(i => i.Symbol)];
        if (_options.Product == GateioProduct.Spot)
        {
            return
            [
                Subscribe(now, GateioChannels.Orders, symbols), Subscribe(now, GateioChannels.Fills, symbols), Subscribe(now, GateioChannels.Balances),
            ];
        }

        // Contracts take one at a time, behind the user's id.
        return
        [
            .. symbols.Select(s => Subscribe(now, GateioChannels.Orders, _options.UserId, s)),
            .. symbols.Select(s => Subscribe(now, GateioChannels.Fills, _options.UserId, s)),
            Subscribe(now, GateioChannels.Balances, _options.UserId),
        ];
    }

    private byte[] Subscribe(Timestamp now, string channel, params string[] payload) => Written(json =>
    {
        var name = $"{_prefix}{channel}";
        json.WriteNumber("time"u8, Seconds(now));
        json.WriteString("channel"u8, name);
        json.WriteString("event"u8, "subscribe"u8);
        json.WriteStartArray("payload"u8);
        foreach (var item in payload) json.WriteStringValue(item);
        json.WriteEndArray();
        if (_protocol is null) return;
        json.WriteStartObject("auth"u8);
        json.WriteString("method"u8, "api_key"u8);
        json.WriteString("KEY"u8, _options.Credentials!.ApiKey);
        json.WriteString("SIGN"u8, _protocol.SignSubscription(name, now).Signature);
        json.WriteEndObject();
    });

    private static long Seconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeSeconds();

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
}
