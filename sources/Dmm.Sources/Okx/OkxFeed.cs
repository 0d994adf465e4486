using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Market data of OKX and, with credentials, our orders, fills and balances, over its two sockets; see <see cref="VenueFeed"/> for what happens when.
/// A book begins with the snapshot of its subscription or, where the venue brings none and after a gap, with one asked for.
/// </summary>
public sealed class OkxFeed
{
    private readonly VenueFeed _feed;

    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the instruments to subscribe.</param>
    /// <param name="venue">Answers what the streams cannot: snapshots, missed orders and fills, balances.</param>
    /// <param name="lastTradeId">Trade id of the last fill on record, behind which fills are fetched; empty for those of three days.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned. Called from several tasks.</param>
    public OkxFeed(
        OkxOptions options, OkxWire wire, IOrderVenue venue, string lastTradeId, TimeProvider time, Func<double> chance,
        Func<Input, CancellationToken, ValueTask> write)
    {
        List<IVenueSocket> sockets = [];
        if (options.HasMarketData) sockets.Add(new OkxPublicSocket(options, wire));
        if (options.Credentials is { } credentials) sockets.Add(new OkxPrivateSocket(options, wire, new(credentials, options.ReceiveWindow)));
        var feed = new VenueFeedOptions
        {
            Venue = OkxInstruments.Venue, Reconnect = options.Reconnect, ReconcileEvery = options.Orders.ReconcileEvery,
            Snapshots = venue.FetchOrderBookAsync,
        };
        _feed = new(feed, wire.Instruments, sockets, options.Credentials is null ? null : venue, lastTradeId, time, chance, write);
    }

    /// <summary>Runs until cancelled, or until the writer throws.</summary>
    public Task RunAsync(CancellationToken cancellation) => _feed.RunAsync(cancellation);
}
