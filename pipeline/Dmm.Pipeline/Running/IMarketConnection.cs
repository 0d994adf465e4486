using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Running;

/// <summary>A venue as it is named on a command line, whatever it speaks.</summary>
internal interface IConnection
{
    /// <summary>As in <see cref="Instrument.Venue"/>.</summary>
    string Name { get; }

    /// <summary>Where it is, for people.</summary>
    string Address { get; }

    /// <summary>What tells it from others in the data folder: a journal is continued where it is the same.</summary>
    string Identity => Address;

    /// <summary>The markets that are meant there, checked against what the venue lists.</summary>
    /// <exception cref="BadInputException">The venue does not list one of them, or does not trade it.</exception>
    /// <exception cref="VenueAwayException">The venue does not answer.</exception>
    Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation);
}

/// <summary>A venue that market data is had from: no key, no order. A desk prices from its markets and does not quote them.</summary>
internal interface IMarketConnection : IConnection
{
    /// <summary>The market data of those instruments.</summary>
    DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments);
}
