using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Market data of one Bybit product on its public socket and, with credentials, our orders, fills, balances and positions on the private one. Each
/// subscription to a book begins with a snapshot, so that a break is mended by a new session of that socket; and because no id shows that an update was
/// lost, each book begins anew every so often.
/// </summary>
public static class BybitFeed
{
    /// <param name="options">Checked.</param>
    /// <param name="instruments">To subscribe; each of the options' venue.</param>
    /// <param name="account">Answers what the private stream cannot; used with credentials alone.</param>
    /// <param name="lastTradeId">Trade id of the last fill on record, behind which fills are fetched; empty for as many as the options reach
    /// back.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned. Called from several tasks.</param>
    public static VenueFeed Create(
        BybitOptions options, IReadOnlyList<Core.Instrument> instruments, IOrderVenue account, string lastTradeId, TimeProvider time,
        Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
    {
        // A wire each: what tickers have told is kept there, and each socket is read by a task of its own.
        BybitWire Wire() => new(options.Venue, options.Product, options.BookDepth, instruments);
        List<IVenueSocket> sockets = [];
        if (options.HasMarketData) sockets.Add(new BybitPublicSocket(options, Wire()));
        if (options.Credentials is not null) sockets.Add(new BybitPrivateSocket(options, Wire()));
        var feed = new VenueFeedOptions
        {
            Venue = options.Venue, Reconnect = options.Reconnect, ReconcileEvery = options.Orders.ReconcileEvery, RefreshBooksEvery = options.BookRefresh,
        };
        return new(feed, instruments, sockets, options.Credentials is null ? null : account, lastTradeId, time, chance, write);
    }
}
