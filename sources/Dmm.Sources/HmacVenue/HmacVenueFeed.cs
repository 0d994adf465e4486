using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Market data and, with credentials, our orders, fills and balances of one HMAC venue, over its one socket; see <see cref="VenueFeed"/> for what
/// happens when. Books start on the REST snapshot. The venue numbers our orders and fills, so that one that was lost shows with the next; a fill
/// that it posts to our webhook, where there is one, is handed on as the stream's, once by whichever comes first.
/// </summary>
public sealed class HmacVenueFeed
{
    private readonly HmacVenueOptions _options;
    private readonly HmacVenueWire _wire;
    private readonly TimeProvider _time;
    private readonly VenueFeed _feed;

    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the instruments to subscribe.</param>
    /// <param name="venue">Answers what the stream cannot: snapshots, missed orders and fills, balances.</param>
    /// <param name="lastTradeId">Trade id of a fill on record before which none is missing; empty for all that the venue keeps.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned. Called from several tasks.</param>
    public HmacVenueFeed(
        HmacVenueOptions options, HmacVenueWire wire, IOrderVenue venue, string lastTradeId, TimeProvider time, Func<double> chance,
        Func<Input, CancellationToken, ValueTask> write)
    {
        (_options, _wire, _time) = (options, wire, time);
        var feed = new VenueFeedOptions
        {
            Venue = options.Venue, Reconnect = options.Reconnect, ReconcileEvery = options.Orders.ReconcileEvery,
            Snapshots = options.HasMarketData ? venue.FetchOrderBookAsync : null,
        };
        var account = options.Credentials is null ? null : venue;
        _feed = new(feed, wire.Instruments, [new HmacVenueSocket(options, wire)], account, lastTradeId, time, chance, write);
    }

    /// <summary>Runs until cancelled, or until the writer throws.</summary>
    /// <exception cref="IOException">The webhook's address cannot be listened at.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_options.Webhook is null)
        {
            await _feed.RunAsync(cancellation);
            return;
        }

        using var webhook = new WebhookListener(_options, _wire, _feed.Account!, _time);
        await _feed.RunAsync(webhook.RunAsync, cancellation);
    }
}
