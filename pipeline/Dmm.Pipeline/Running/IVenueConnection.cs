using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>A venue as a desk reaches it, whatever it speaks.</summary>
internal interface IVenueConnection
{
    /// <summary>As in <see cref="Instrument.Venue"/>.</summary>
    string Name { get; }

    /// <summary>Where it is, for people.</summary>
    string Address { get; }

    OrderPathOptions OrderPath { get; }

    /// <summary>The markets that are to be quoted there, checked against what the venue lists.</summary>
    /// <exception cref="BadInputException">The venue does not list one of them, or does not trade it.</exception>
    /// <exception cref="VenueAwayException">The venue does not answer.</exception>
    Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation);

    /// <summary>Answers requests about those instruments.</summary>
    IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments);

    /// <summary>The venue's dead-man's switch; null where it has none.</summary>
    IDeadManSwitch? DeadMan(IOrderVenue venue);

    /// <summary>Our orders, fills and the market data of those instruments.</summary>
    /// <param name="venue">As <see cref="Open"/> gave it, or told on.</param>
    /// <param name="instruments">The same.</param>
    /// <param name="lastTradeId">Behind which fills are fetched; empty for all that the venue keeps.</param>
    DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId);
}
