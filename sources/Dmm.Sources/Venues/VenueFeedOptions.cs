using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sources;

/// <summary>The book as a snapshot whose levels belong to the caller.</summary>
public delegate Task<VenueReply<BookUpdate>> BookSnapshots(Instrument instrument, CancellationToken cancellation);

/// <summary>How a venue's feed is kept up.</summary>
public sealed record VenueFeedOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    public required string Venue { get; init; }

    /// <summary>Longest that dialling takes, and then that login and subscriptions take together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Waits between attempts.</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30));

    /// <summary>How often our fills are fetched by cursor beside the stream, and balances with them.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Where the stream brings deltas alone, or may: snapshots are asked for here, at the start and after a gap. Null where each subscription begins
    /// with
    /// a snapshot: a gap then ends the session, and the next one brings a new book.
    /// </summary>
    public BookSnapshots? Snapshots { get; init; }

    /// <summary>
    /// How often the books begin anew by <see cref="Wire.IVenueSocket.BookRefreshes"/>, at a venue whose ids do not show a loss; null at others.
    /// </summary>
    public TimeSpan? RefreshBooksEvery { get; init; }
}
