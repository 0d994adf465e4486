using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// Bybit's disconnection protection. It is not held by requests but by the private stream that listens to it: the venue counts from when the last
/// such
/// connection is gone. To arm it sets how long; it cannot be disarmed, and does nothing while the stream lives.
/// </summary>
internal sealed class BybitDeadMan(RestClient rest, BybitRequests requests) : IDeadManSwitch
{
    public TimeSpan WindowMin => TimeSpan.FromSeconds(3);

    public TimeSpan WindowMax => TimeSpan.FromSeconds(300);

    public Task<VenueReply<TimeSpan>> ArmAsync(TimeSpan window, CancellationToken cancellation)
    {
        var whole = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(window.TotalSeconds), WindowMin.TotalSeconds, WindowMax.TotalSeconds));
        return rest.AskAsync<TimeSpan>(requests.CancelAllAfterDisconnect(whole), _ => new VenueReply<TimeSpan>.Accepted(whole), cancellation);
    }

    public Task<VenueReply<TimeSpan>> DisarmAsync(CancellationToken cancellation) => Task.FromResult<VenueReply<TimeSpan>>(
        new VenueReply<TimeSpan>.Refused(new(
            RefusalKind.Order, $"the switch of {rest.Venue} cannot be disarmed: it acts once the private stream has been gone for its time")));
}
