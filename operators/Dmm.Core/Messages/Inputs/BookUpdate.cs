namespace Dmm.Core.Messages;

/// <summary>One price level: a size of zero lots deletes it.</summary>
public readonly record struct BookLevel(long PriceTicks, long SizeLots);

/// <summary>
/// A snapshot or delta of an order book, already on the instrument's grids. <see cref="Levels"/> holds the bids, then the asks, in the venue's order;
/// the buffer belongs to whoever produced the message and is valid only until the call that delivers it returns: copy what must outlive it.
/// </summary>
public readonly record struct BookUpdate
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>A snapshot replaces the whole book; it is never merged.</summary>
    public required bool IsSnapshot { get; init; }

    /// <summary>Exchange time of the event; <see cref="Timestamp.None"/> when the venue gives none.</summary>
    public required Timestamp VenueTime { get; init; }

    /// <summary>When the frame reached us, on the receiving machine's clock.</summary>
    public required Timestamp ReceiveTime { get; init; }

    /// <summary>First update id covered; equal to <see cref="LastUpdateId"/> for a snapshot.</summary>
    public long FirstUpdateId { get; init; }

    /// <summary>Last update id covered.</summary>
    public long LastUpdateId { get; init; }

    /// <summary>The last update id of the message before, where the venue names it; −1 otherwise.</summary>
    public long PreviousUpdateId { get; init; }

    /// <summary>The venue's CRC32 over its top levels after this update; 0 when it sent none.</summary>
    public int Checksum { get; init; }

    /// <summary>How many of <see cref="Levels"/>, from the start, are bids.</summary>
    public required int BidCount { get; init; }

    public required ReadOnlyMemory<BookLevel> Levels { get; init; }

    public ReadOnlySpan<BookLevel> Bids => Levels.Span[..BidCount];

    public ReadOnlySpan<BookLevel> Asks => Levels.Span[BidCount..];
}
