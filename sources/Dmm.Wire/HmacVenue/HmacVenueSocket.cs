using Dmm.Core;

namespace Dmm.Wire;

/// <summary>The HMAC venue's one web socket: market data and, with credentials, our orders and fills, which the venue numbers.</summary>
/// <param name="options">Checked.</param>
/// <param name="wire">Has the instruments to subscribe.</param>
public sealed class HmacVenueSocket(HmacVenueOptions options, HmacVenueWire wire) : IVenueSocket
{
    private readonly HmacSignature? _signature =
        options.Credentials is { } credentials ? new(options.Signing, credentials, options.ReceiveWindow) : null;

    private long _pings;

    public string Name => "stream";

    public Uri Url => options.SocketUrl;

    public bool HasAccount => options.Credentials is not null;

    public TimeSpan PingInterval => options.PingInterval;

    public byte[]? Login(Timestamp now) =>
        _signature is null ? null : HmacVenueRequests.Login(_signature, options.Credentials!.ApiKey, now);

    public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
    {
        answers = 1;
        return [HmacVenueRequests.Subscribe(wire.Instruments, HasAccount, options.HasMarketData)];
    }

    public byte[] Ping(Timestamp now) => HmacVenueRequests.Ping(++_pings);

    /// <summary>The venue asks for none: it answers ours.</summary>
    public byte[] Pong(ReadOnlySpan<byte> ping) => Ping(Timestamp.None);

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard) =>
        wire.Parse(frame, receiveTime, batch, out heard);
}
