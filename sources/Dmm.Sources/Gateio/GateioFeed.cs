using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Gate's books, trades, tops and funding and, with credentials, our orders, fills and balances, spot or USDT perpetuals: two sockets at one address.
/// Events and behaviour are <see cref="VenueFeed"/>'s.
/// </summary>
public sealed class GateioFeed
{
    private readonly VenueFeed _feed;

    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="venue">Gives the books that updates start on, and what the streams of our account missed.</param>
    /// <param name="lastTradeId">Trade id of a fill on record before which none is missing; empty for all that the venue keeps.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned.</param>
    public GateioFeed(
        GateioOptions options, GateioWire wire, IOrderVenue venue, string lastTradeId, TimeProvider time, Func<double> chance,
        Func<Input, CancellationToken, ValueTask> write)
    {
        var hasAccount = options.Credentials is not null;
        List<IVenueSocket> sockets = [GateioSocket.Public(options, wire)];
        if (hasAccount) sockets.Add(GateioSocket.Private(options, wire));
        // The limited streams bring their own snapshot with each subscription; the others never do, but for one that replaces now and then.
        BookSnapshots? snapshots = options.BookFeed == GateioBookFeed.Updates ? venue.FetchOrderBookAsync : null;
        var kept = new VenueFeedOptions
        {
            Venue = options.Venue, Reconnect = options.Reconnect, ReconcileEvery = options.Orders.ReconcileEvery, Snapshots = snapshots,
        };
        _feed = new(kept, wire.Instruments, sockets, hasAccount ? venue : null, lastTradeId, time, chance, write);
    }

    /// <summary>Runs until cancelled, or until the writer throws.</summary>
    public Task RunAsync(CancellationToken cancellation) => _feed.RunAsync(cancellation);
}
