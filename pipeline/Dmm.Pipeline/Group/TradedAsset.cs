using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Pipeline.Group;

/// <summary>An asset that the node can trade, and where.</summary>
/// <param name="Venue">How the venue is reached.</param>
/// <param name="Instrument">As the venue lists it.</param>
/// <param name="Parameters">As configured for it.</param>
internal sealed record TradedAsset(HmacVenueOptions Venue, Instrument Instrument, QuotingParameters Parameters)
{
    public string Name => Instrument.BaseAsset;

    /// <summary>The account that fills and positions belong to.</summary>
    public string Ledger => Venue.BaseUrl.Authority.Replace(':', '-');
}
