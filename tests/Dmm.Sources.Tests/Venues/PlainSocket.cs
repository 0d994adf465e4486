using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>
/// One of the two sockets of a venue that speaks the HMAC venue's words but numbers nothing of ours; beside those it asks for signs of life.
/// </summary>
internal sealed class PlainSocket(HmacVenueOptions options, HmacVenueWire wire, bool isPrivate) : IVenueSocket
{
    public const string VenuesPing = """{"channel":"ask"}""";
    public const long PongNumber = 99;

    private long _pings;

    public string Name => isPrivate ? "private" : "public";

    public Uri Url => new(options.SocketUrl, $"/{Name}");

    public TimeSpan PingInterval => options.PingInterval;

    public byte[]? Login(Timestamp now) => isPrivate
        ? HmacVenueRequests.Login(new(options.Signing, options.Credentials!, options.ReceiveWindow), options.Credentials!.ApiKey, now)
        : null;

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        answers = 2;
        return [HmacVenueRequests.Subscribe(wire.Instruments, isPrivate, !isPrivate)];
    }

    public byte[] Ping(Timestamp now) => HmacVenueRequests.Ping(++_pings);

    public byte[] Pong(ReadOnlySpan<byte> ping) => HmacVenueRequests.Ping(PongNumber);

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        var status = wire.Parse(frame, receiveTime, batch, out heard);
        heard = heard with { Number = 0 };
        if (frame.SequenceEqual("""{"channel":"ask"}"""u8)) heard = new(VenueFrameKind.Ping);
        return status;
    }
}
