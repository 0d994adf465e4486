using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Bus;

/// <summary>What a message of the bus tells.</summary>
public enum BusKind : byte
{
    Book,
    Top,
    Trade,

    /// <summary>A reference rate.</summary>
    Rate,

    /// <summary>What a collector knows of its link to a venue.</summary>
    Feed,

    /// <summary>The instruments of one asset at one venue, by whose grids ticks and lots are to be read.</summary>
    Instruments,

    /// <summary>A collector lives.</summary>
    Heartbeat,
}

/// <summary>The instruments of one asset that a collector publishes of one venue.</summary>
/// <param name="Venue">Name of the venue.</param>
/// <param name="Asset">Their base asset, which is the key of their messages.</param>
/// <param name="Instruments">Each with its place here as id.</param>
public sealed record BusListing(string Venue, string Asset, ImmutableArray<Instrument> Instruments);

/// <summary>How far a book got.</summary>
/// <param name="Instrument">Its name, <c>venue:symbol</c>.</param>
/// <param name="Last">Update id of the last update published.</param>
public readonly record struct BusBookPosition(string Instrument, long Last);

/// <summary>Sign of life of one collector, for one asset at one venue.</summary>
/// <param name="Collector">Its id, which no other has.</param>
/// <param name="Venue">Name of the venue.</param>
/// <param name="Asset">The asset whose messages it goes with.</param>
/// <param name="Number">Rises by one from heartbeat to heartbeat, from 1 at each start of the collector.</param>
/// <param name="At">On the collector's clock.</param>
/// <param name="State">Of its link to the venue.</param>
/// <param name="Books">The books that it has; one that it waits for is not there.</param>
public sealed record BusHeartbeat(
    string Collector, string Venue, string Asset, long Number, Timestamp At, FeedState State, ImmutableArray<BusBookPosition> Books);

/// <summary>One message of the bus, read.</summary>
public readonly record struct MarketMessage
{
    public required BusKind Kind { get; init; }

    /// <summary>
    /// Market data, a <see cref="ReferenceRate"/> or a <see cref="FeedStatus"/>; the levels of a book are valid until the next message is read.
    /// </summary>
    public Input Input { get; init; }

    /// <summary>Name of the instrument of market data, where the reader's catalogue does not have it; the rest of that message is not read.</summary>
    public string? Foreign { get; init; }

    /// <summary>Set where the kind is <see cref="BusKind.Instruments"/>.</summary>
    public BusListing? Listing { get; init; }

    /// <summary>Set where the kind is <see cref="BusKind.Heartbeat"/>.</summary>
    public BusHeartbeat? Heartbeat { get; init; }
}

/// <summary>A message of the bus cannot be read; the text names the member, and what was wrong with it.</summary>
public sealed class BusFormatException(string reason, Exception inner) : Exception(reason, inner);
