using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// The exchange's own rules for orders, beforehand, and the account's funds: the exchange would end an order whose amendment it refuses, and has
/// words but no codes.
/// </summary>
internal sealed class VenueOrderRules(Instrument instrument, SimulatedExchange exchange, VenueAccount account)
{
    /// <summary>Null, or why an order may not be placed.</summary>
    public VenueFault? Refusal(OrderIntent order) => exchange.OpenOrders.Count < VenueListing.Rules.OpenOrdersMax
        ? Refusal(order, order.IsPostOnly)
        : new(HmacVenueErrors.BadRequest, Text($"there are {exchange.OpenOrders.Count} open orders already, as many as there may be"));

    /// <summary>Null, or why an open order may not be changed to that.</summary>
    public VenueFault? Refusal(OrderIntent amendment, OwnOrder order) => order.Side == amendment.Side
        ? Refusal(amendment, order.IsPostOnly)
        : new(HmacVenueErrors.BadRequest, "the order is of the other side: expected its own");

    private VenueFault? Refusal(OrderIntent order, bool isPostOnly)
    {
        if (order.PriceTicks <= 0) return new(HmacVenueErrors.BadRequest, "the price is not above zero");
        var size = instrument.Sizes.ToDecimal(order.SizeLots);
        if (size < instrument.MinimumSize)
            return new(HmacVenueErrors.BelowMinimum, Text($"size {size} is below the minimum of {instrument.MinimumSize}"));
        var notional = instrument.Notional(order.SizeLots, order.PriceTicks).Canonical();
        if (notional < instrument.MinimumNotional)
            return new(HmacVenueErrors.BelowMinimum, Text($"notional {notional} is below the minimum of {instrument.MinimumNotional}"));
        var best = order.Side == Side.Buy ? exchange.Best.Ask : exchange.Best.Bid;
        if (isPostOnly && best.SizeLots > 0 && order.Side.Sign() * (order.PriceTicks - best.PriceTicks) >= 0)
            return new(HmacVenueErrors.WouldCross, Text($"the best price against it is {instrument.Prices.ToDecimal(best.PriceTicks)}"));
        return Shortage(order, size, notional);
    }

    /// <summary>What all open orders of a side would take, were they to fill, must be there; fees are not counted.</summary>
    private VenueFault? Shortage(OrderIntent order, decimal size, decimal notional)
    {
        var isBuy = order.Side == Side.Buy;
        var (held, asset, needed) = isBuy ? (account.Quote, instrument.QuoteAsset, notional) : (account.Base, instrument.BaseAsset, size);
        foreach (var open in exchange.OpenOrders)
        {
            if (open.Side != order.Side || open.ClientOrderId == order.ClientOrderId) continue;
            needed += isBuy ? instrument.Notional(open.RemainingLots, open.PriceTicks) : instrument.Sizes.ToDecimal(open.RemainingLots);
        }

        return needed <= held
            ? null
            : new(
                HmacVenueErrors.InsufficientFunds,
                Text($"with the open orders it takes {needed.Canonical()} {asset}: the account holds {held.Canonical()}"));
    }

    private static string Text(FormattableString words) => FormattableString.Invariant(words);
}
