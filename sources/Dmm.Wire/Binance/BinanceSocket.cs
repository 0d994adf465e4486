using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// The combined stream of a market of Binance: books, trades and tops of each instrument, and of perpetuals the funding. Nothing is proved, and the
/// venue asks for signs of life by the protocol's own ping frames; ours is the question what is subscribed, whose answer proves that the venue still
/// reads.
/// </summary>
/// <remarks>Source: developers.binance.com, web socket streams of spot and USD-M: live subscribing.</remarks>
/// <param name="options">Checked.</param>
/// <param name="wire">Has the venue's instruments.</param>
public sealed class BinanceSocket(BinanceOptions options, BinanceWire wire) : IVenueSocket
{
    private const int SubscriptionId = 1;
    private const int PingId = 2;

    // A request with more is refused; a connection takes 1024 (spot) or 200 (USD-M) streams.
    private const int StreamsMax = 100;

    private static readonly string[] Names = ["id", "result", "error", "code", "msg", "e"];

    private enum Field { Id, Result, Error, Code, Message, Event }

    public string Name => "public";

    public Uri Url => options.Socket;

    public TimeSpan PingInterval => options.PingInterval;

    public byte[]? Login(Timestamp now) => null;

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        var interval = string.Create(CultureInfo.InvariantCulture, $"@{(long)options.BookInterval.TotalMilliseconds}ms");
        // The slow ones are what the bare name means: spot 1 s, USD-M 250 ms.
        if (options.BookInterval.TotalMilliseconds is 1_000 or 250) interval = "";
        var streams = wire.Instruments.Select(i => i.Symbol.ToLowerInvariant())
            .SelectMany(s => Streams(s, interval));
        byte[][] frames = [.. streams.Chunk(StreamsMax).Select(Subscribe)];
        answers = frames.Length;
        return frames;
    }

    public byte[] Ping(Timestamp now) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":{PingId}}}"));

    public byte[] Pong(ReadOnlySpan<byte> ping) => throw new NotSupportedException($"{options.Venue} sends no ping that a frame answers");

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        var status = wire.Parse(frame, receiveTime, batch);
        heard = new(VenueFrameKind.Data);
        return status == ParseStatus.Parsed ? status : Settled(frame, status, batch, out heard);
    }

    private ParseStatus Settled(ReadOnlySpan<byte> frame, ParseStatus status, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var fields = new JsonFields(frame, Names, stackalloc JsonSlice[Names.Length]);
        if (fields.Fault is not null) return status;
        if (fields.Has((int)Field.Event) && fields.Text((int)Field.Event) == "serverShutdown")
        {
            // Ten minutes before the connection ends: it will be made anew when it has.
            batch.Clear();
            heard = new(VenueFrameKind.Notice, "serverShutdown");
            return ParseStatus.Ignored;
        }

        if (fields.Has((int)Field.Error) || fields.Has((int)Field.Code))
        {
            heard = new(VenueFrameKind.Error, $"the venue answers with an error: {Encoding.UTF8.GetString(frame[..Math.Min(frame.Length, 256)])}");
            return status;
        }

        if (!fields.Has((int)Field.Id)) return Other(status, out heard);
        var id = fields.Integer((int)Field.Id);
        if (fields.Fault is not null) return status;
        heard = new(id == PingId ? VenueFrameKind.Pong : VenueFrameKind.Subscribed);
        return ParseStatus.Ignored;
    }

    // A channel that is not used is data all the same.
    private static ParseStatus Other(ParseStatus status, out VenueFrame heard)
    {
        heard = new(status == ParseStatus.Ignored ? VenueFrameKind.Data : VenueFrameKind.Unknown);
        return status;
    }

    // The mark price alone is told every 3 s.
    private IEnumerable<string> Streams(string symbol, string interval)
    {
        string[] all = [$"{symbol}@depth{interval}", $"{symbol}@trade", $"{symbol}@bookTicker", $"{symbol}@markPrice"];
        return options.Market == BinanceMarket.Spot ? all[..^1] : all;
    }

    private static byte[] Subscribe(string[] streams)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("method"u8, "SUBSCRIBE"u8);
        json.WriteStartArray("params"u8);
        foreach (var stream in streams) json.WriteStringValue(stream);
        json.WriteEndArray();
        json.WriteNumber("id"u8, SubscriptionId);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
