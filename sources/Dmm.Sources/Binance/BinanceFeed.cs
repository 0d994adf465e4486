using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Binance's books, trades and tops, spot or USD-M, and the funding of the latter, live: one combined stream, whose books start on the REST snapshot
/// and are fetched again after a gap. Events and behaviour are <see cref="VenueFeed"/>'s.
/// </summary>
public sealed class BinanceFeed
{
    private readonly VenueFeed _feed;

    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="snapshots">Asks for the venue's REST book.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned.</param>
    public BinanceFeed(
        BinanceOptions options, BinanceWire wire, BookSnapshots snapshots, TimeProvider time, Func<double> chance,
        Func<Input, CancellationToken, ValueTask> write) => _feed = new(
        new VenueFeedOptions { Venue = options.Venue, Reconnect = options.Reconnect, Snapshots = snapshots }, wire.Instruments,
        [new BinanceSocket(options, wire)], account: null, lastTradeId: "", time, chance, write);

    /// <summary>Runs until cancelled, or until the writer throws.</summary>
    public Task RunAsync(CancellationToken cancellation) => _feed.RunAsync(cancellation);
}
