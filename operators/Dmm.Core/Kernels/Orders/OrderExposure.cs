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

    /// <summary>What has traded of it and is not in the position yet, base asset.</summary>
    public static decimal BaseQuantity(AwaitedFill fill, Instrument instrument) => BaseQuantity(fill.Lots, fill.PriceTicks, instrument);

    /// <summary>Exact base-asset quantity of a size; an inverse contract is worth more of it at a lower price.</summary>
    public static decimal BaseQuantity(long sizeLots, long priceTicks, Instrument instrument)
    {
        var contracts = instrument.Sizes.ToDecimal(sizeLots) * instrument.ContractSize;
        return instrument.Kind == ContractKind.Inverse ? contracts / instrument.Prices.ToDecimal(priceTicks) : contracts;
    }
}
