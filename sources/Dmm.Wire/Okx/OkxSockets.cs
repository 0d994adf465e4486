using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What is said on the socket of market data: books, trades, funding of perpetuals and, where asked for, the venue's own top.</summary>
/// <param name="options">Checked.</param>
/// <param name="wire">Has the instruments.</param>
public sealed class OkxPublicSocket(OkxOptions options, OkxWire wire) : IVenueSocket
{
    public string Name => "public";

    public Uri Url => options.PublicSocketUrl;

    public TimeSpan PingInterval => options.PingInterval;

    public byte[]? Login(Timestamp now) => null;

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        List<(string Channel, string Field, string Value)> channels = [];
        var book = options.BookChannel switch
        {
            OkxBookChannel.Books => "books",
            OkxBookChannel.BooksTickByTick => "books-l2-tbt",
            _ => "books50-l2-tbt",
        };
        foreach (var instrument in wire.Instruments)
        {
            channels.Add((book, "instId", instrument.Symbol));
            channels.Add(("trades", "instId", instrument.Symbol));
            if (OkxInstruments.TypeOf(instrument) == OkxInstruments.Perpetual) channels.Add(("funding-rate", "instId", instrument.Symbol));
            if (options.HasVenueTop) channels.Add(("bbo-tbt", "instId", instrument.Symbol));
        }

        answers = channels.Count;
        return [OkxSubscription.Frame(channels)];
    }

    public byte[] Ping(Timestamp now) => OkxSubscription.Ping;

    /// <summary>The venue never asks; the word that it answers with itself.</summary>
    public byte[] Pong(ReadOnlySpan<byte> ping) => OkxSubscription.Pong;

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        wire.Parse(frame, receiveTime, batch, out heard);
}

/// <summary>What is said on the socket of our orders, whose messages carry the fills too, and of our balances.</summary>
/// <param name="options">Checked, with credentials.</param>
/// <param name="wire">Has the instruments.</param>
/// <param name="signature">Signs the login.</param>
public sealed class OkxPrivateSocket(OkxOptions options, OkxWire wire, OkxSignature signature) : IVenueSocket
{
    public string Name => "private";

    public Uri Url => options.PrivateSocketUrl;

    public TimeSpan PingInterval => options.PingInterval;

    public byte[]? Login(Timestamp now) => signature.Login(now);

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        List<(string Channel, string Field, string Value)> channels =
        [
            .. OkxInstruments.Types(wire.Instruments).Select(type => ("orders", "instType", type)), ("account", "", ""),
        ];
        answers = channels.Count;
        return [OkxSubscription.Frame(channels)];
    }

    public byte[] Ping(Timestamp now) => OkxSubscription.Ping;

    /// <summary>The venue never asks; the word that it answers with itself.</summary>
    public byte[] Pong(ReadOnlySpan<byte> ping) => OkxSubscription.Pong;

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        wire.Parse(frame, receiveTime, batch, out heard);
}

/// <summary>What both sockets say in the same words.</summary>
internal static class OkxSubscription
{
    public static readonly byte[] Ping = [.. "ping"u8];

    public static readonly byte[] Pong = [.. "pong"u8];

    /// <summary>One frame for all channels, each of which is answered for itself.</summary>
    public static byte[] Frame(IEnumerable<(string Channel, string Field, string Value)> channels) => OkxRequests.Written(json =>
    {
        json.WriteString("op"u8, "subscribe"u8);
        json.WriteStartArray("args"u8);
        foreach (var (channel, field, value) in channels) Argument(json, channel, field, value);
        json.WriteEndArray();
    });

    private static void Argument(Utf8JsonWriter json, string channel, string field, string value)
    {
        json.WriteStartObject();
        json.WriteString("channel"u8, channel);
        if (field.Length > 0) json.WriteString(field, value);
        json.WriteEndObject();
    }
}
