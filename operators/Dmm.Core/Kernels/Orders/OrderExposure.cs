using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// What an order may still come to, whatever its state: of an amendment on its way the worse of old and new counts, in price and in size, until the
/// venue has confirmed it.
/// </summary>
public static class OrderExposure
{
    /// <summary>Most notional that may be outstanding, in the quote asset.</summary>
    public static decimal Notional(LiveOrder order, Instrument instrument) => instrument.Notional(order.LotsMax, order.HighestTicks);

    /// <summary>Most that may be bought or sold, base asset.</summary>
    public static decimal BaseQuantity(LiveOrder order, Instrument instrument) => BaseQuantity(order.LotsMax, order.LowestTicks, instrument);

    /// <summary>
    /// What orders of a side may still come to together: of the base asset at all instruments, beside fills that are yet to be told, and the notional
    /// at one venue, numeraire.
    /// </summary>
    /// <param name="orders">Those that count.</param>
    /// <param name="awaited">Has traded, and is not in the position yet.</param>
    /// <param name="side">Buy or sell.</param>
    /// <param name="venue">Whose notional is asked for.</param>
    /// <param name="instruments">The catalogue.</param>
    /// <param name="fair">Rates of the quote assets.</param>
    /// <param name="except">An instrument whose orders do not count; null for none.</param>
    public static PendingExposure Pending(
        ImmutableArray<LiveOrder> orders, AwaitedFillsState awaited, Side side, string venue, InstrumentCatalog instruments, in FairValue fair,
        InstrumentId? except = null)
    {
        decimal quantity = 0, notional = 0;
        foreach (var order in orders)
        {
            if (order.Side != side || order.Instrument == except) continue;
            var instrument = instruments[order.Instrument];
            quantity += BaseQuantity(order, instrument);
            if (instrument.Venue == venue) notional += Notional(order, instrument) * (decimal)fair.RateOf(instrument.Id);
        }

        foreach (var fill in awaited.Orders)
            if (fill.Side == side) quantity += BaseQuantity(fill, instruments[fill.Instrument]);
        return new(quantity, notional);
    }

    /// <summary>What has traded of it and is not in the position yet, base asset.</summary>
    public static decimal BaseQuantity(AwaitedFill fill, Instrument instrument) => BaseQuantity(fill.Lots, fill.PriceTicks, instrument);

    /// <summary>Exact base-asset quantity of a size; an inverse contract is worth more of it at a lower price.</summary>
    public static decimal BaseQuantity(long sizeLots, long priceTicks, Instrument instrument)
    {
        var contracts = instrument.Sizes.ToDecimal(sizeLots) * instrument.ContractSize;
        return instrument.Kind == ContractKind.Inverse ? contracts / instrument.Prices.ToDecimal(priceTicks) : contracts;
    }
}
