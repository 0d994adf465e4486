using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What happened to a book so far.</summary>
public readonly record struct OrderBookCounters
{
    /// <summary>Deltas that changed the book, those replayed onto a snapshot among them.</summary>
    public long Deltas { get; init; }

    public long Snapshots { get; init; }

    /// <summary>Deltas that said nothing new.</summary>
    public long Duplicates { get; init; }

    /// <summary>Deltas that came without a snapshot to apply them to and could not be kept, or not long enough.</summary>
    public long Dropped { get; init; }

    /// <summary>How often the book went into <see cref="BookStatus.Gap"/>.</summary>
    public long Gaps { get; init; }

    /// <summary>How often a snapshot brought it back from a gap or a wrong checksum.</summary>
    public long Resyncs { get; init; }

    public long ChecksumMismatches { get; init; }

    /// <summary>How often the best bid came to stand at or above the best ask.</summary>
    public long Crossings { get; init; }

    /// <summary>Updates with a price or size that cannot be: not applied, and counted as a gap too.</summary>
    public long Impossible { get; init; }
}

/// <summary>All of an <see cref="OrderBook"/>: a book made from it goes on as the captured one would have.</summary>
public sealed record OrderBookState
{
    /// <summary>A book that waits for its first snapshot.</summary>
    public static OrderBookState Empty { get; } = new();

    public BookStatus Status { get; init; } = BookStatus.AwaitingSnapshot;

    public long LastUpdateId { get; init; }

    /// <summary>Exchange time of the last update applied; <see cref="Timestamp.None"/> when it carried none.</summary>
    public Timestamp LastTime { get; init; }

    /// <summary>The last update applied was a snapshot.</summary>
    public bool IsAtSnapshot { get; init; }

    /// <summary>Exchange time of the last update applied that carried one.</summary>
    public Timestamp VenueTime { get; init; }

    public BookSideState Bids { get; init; } = BookSideState.Empty;

    public BookSideState Asks { get; init; } = BookSideState.Empty;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<KeptDelta> Kept { get; init; } = [];

    public OrderBookCounters Counters { get; init; }
}

/// <summary>One side of a captured book. A key is the tick of a bid, or minus the tick of an ask.</summary>
public sealed record BookSideState
{
    public static BookSideState Empty { get; } = new();

    /// <summary>Best first.</summary>
    public ImmutableArray<BookLevel> Levels { get; init; } = [];

    /// <summary>Length of the flat array, and the lowest key in it: with the levels they decide which far level would be dropped next.</summary>
    public int WindowTicks { get; init; }

    public long WindowKey { get; init; }

    /// <summary>The best key dropped for want of room since the snapshot; <see cref="long.MinValue"/> when none was.</summary>
    public long DroppedKey { get; init; } = long.MinValue;
}
