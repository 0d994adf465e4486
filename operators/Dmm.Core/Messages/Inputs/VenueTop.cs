namespace Dmm.Core.Messages;

/// <summary>
/// The venue's own best bid and offer (its book ticker). Not used to build the book: it is the oracle the built book is checked against.
/// </summary>
public readonly record struct VenueTop
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>Exchange time; <see cref="Timestamp.None"/> when the venue gives none.</summary>
    public required Timestamp VenueTime { get; init; }

    public required Timestamp ReceiveTime { get; init; }

    /// <summary>The book's update id at which this was the top.</summary>
    public required long UpdateId { get; init; }

    public required BookLevel Bid { get; init; }

    public required BookLevel Ask { get; init; }
}
