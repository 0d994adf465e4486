namespace Dmm.Core.Messages;

/// <summary>Whether a book may be believed.</summary>
public enum BookStatus : byte
{
    /// <summary>No snapshot yet; deltas are kept until it comes.</summary>
    AwaitingSnapshot,
    Valid,

    /// <summary>The sequence chain broke: invalid until the next snapshot.</summary>
    Gap,

    /// <summary>Best bid at or above best ask.</summary>
    Crossed,

    /// <summary>The venue's checksum does not match: invalid until the next snapshot.</summary>
    ChecksumMismatch,

    /// <summary>A side has no level.</summary>
    OneSided,
}

/// <summary>The top of a built book after an update. Only a <see cref="BookStatus.Valid"/> one has a mid.</summary>
public readonly record struct BookTop
{
    public required InstrumentId Instrument { get; init; }

    public required BookStatus Status { get; init; }

    public required BookLevel Bid { get; init; }

    public required BookLevel Ask { get; init; }

    /// <summary>The venue's id of the last update applied.</summary>
    public required long LastUpdateId { get; init; }

    /// <summary>Exchange time of the last update applied.</summary>
    public required Timestamp VenueTime { get; init; }

    /// <summary>The whole book behind this top, for depth queries; it shows the state after the latest update, so ask within the same call.</summary>
    public required IBookDepth Depth { get; init; }

    public bool IsValid => Status == BookStatus.Valid;
}

/// <summary>Reads a built book beyond its top. Single-threaded, like the engine that owns it.</summary>
public interface IBookDepth
{
    /// <summary>Copies up to <paramref name="levels"/>.Length levels of a side, best first; returns how many.</summary>
    int CopyLevels(Side side, Span<BookLevel> levels);

    /// <summary>Size of the level at that price, in lots; 0 when there is none. While the book is broken it is the last one known.</summary>
    long LotsAt(Side side, long priceTicks);

    /// <summary>Sum of sizes, in lots, of a side's levels within that distance of the mid, bps; 0 when the book is not valid.</summary>
    long LotsWithin(Side side, double distanceBps);
}
