using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Pipeline.Group;

/// <summary>An asset that the node can trade, and where.</summary>
/// <param name="Venue">How the venue is reached.</param>
/// <param name="Instrument">As the venue lists it.</param>
/// <param name="Parameters">As configured for it.</param>
internal sealed record TradedAsset(HmacVenueOptions Venue, Instrument Instrument, QuotingParameters Parameters)
{
    public string Name => Instrument.BaseAsset;

    /// <summary>Its journal on Kafka, which those that follow it tell from one that was lost.</summary>
    /// <param name="began">As its runs tell; none of one that earlier code began.</param>
    public FollowedJournal JournalOf(Timestamp began) => began.IsKnown ? new($"{Name}@{began}", began.Ticks, Ledger) : new(Name, 1, Ledger);

    /// <summary>The account that fills and positions belong to.</summary>
    public string Ledger => Venue.BaseUrl.Authority.Replace(':', '-');
}
