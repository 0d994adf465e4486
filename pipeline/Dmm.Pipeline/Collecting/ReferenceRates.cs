using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Collecting;

/// <summary>
/// The rates that others are valued by: of some markets of one venue, the middle between best bid and best ask. One is given when it is another than
/// before, and once a second of the venue's time while it stays, so that who reads knows that it holds.
/// </summary>
/// <param name="instruments">All that tops may name.</param>
/// <param name="names">Of those markets, <c>venue:symbol</c>.</param>
internal sealed class ReferenceRates(InstrumentCatalog instruments, IEnumerable<string> names)
{
    private static readonly TimeSpan Repeated = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _names = [.. names];
    private readonly ReferenceRate?[] _last = new ReferenceRate?[instruments.Count];

    /// <summary>The last of each market; for those who came late.</summary>
    public IEnumerable<ReferenceRate> Last => _last.OfType<ReferenceRate>();

    /// <summary>The rate of a market at that moment; null where it is none of those, has not both sides, or says nothing new.</summary>
    /// <param name="market">Which one.</param>
    /// <param name="bid">Best.</param>
    /// <param name="ask">Best.</param>
    /// <param name="at">The venue's time; the time of its arrival, where it gives none.</param>
    public ReferenceRate? Of(InstrumentId market, in BookLevel bid, in BookLevel ask, Timestamp at)
    {
        var instrument = instruments[market];
        if (!_names.Contains(instrument.Name) || bid.SizeLots <= 0 || ask.SizeLots <= 0 || bid.PriceTicks >= ask.PriceTicks) return null;
        var rate = ((instrument.Prices.ToDecimal(bid.PriceTicks) + instrument.Prices.ToDecimal(ask.PriceTicks)) / 2).Canonical();
        ref var last = ref _last[market.Index];
        if (last is { } before && (at <= before.VenueTime || (rate == before.Rate && at - before.VenueTime < Repeated))) return null;
        return last = new(instrument.BaseAsset, instrument.QuoteAsset, rate, at);
    }
}
