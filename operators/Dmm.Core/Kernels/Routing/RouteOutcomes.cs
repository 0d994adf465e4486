using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What a trade of the router came to.</summary>
public static class RouteOutcomes
{
    private const int MoneyDecimals = 8;

    /// <summary>
    /// Profit is what its fills received less what they paid, less fees other than the base asset's, and what they changed of the inventory at the
    /// fair value. What a venue says has traded, and of which no fill was told, is in the quantities and not in the profit.
    /// </summary>
    public static RouteOutcome Of(RouteTrade trade, RouteResult result, string reason, RouteSituation now)
    {
        var (bought, sold, profit) = (0m, 0m, 0m);
        foreach (var leg in trade.Legs)
        {
            var instrument = now[leg.Instrument].Instrument;
            if (leg.Side == Side.Buy) bought += leg.Traded;
            else sold += leg.Traded;
            profit -= leg.Side.Sign() * leg.Worth * (decimal)now[leg.Instrument].Rate;
            profit += (leg.Side.Sign() * leg.Filled - leg.BaseFee) * (decimal)now.FairValue;
            foreach (var fee in leg.Fees)
                if (fee.Asset != instrument.BaseAsset) profit -= fee.Amount * (now.NumerairePer(fee.Asset) ?? 0);
        }

        return new()
        {
            Trade = trade.Number, Kind = trade.Kind, Result = result, Bought = bought.Canonical(), Sold = sold.Canonical(),
            Profit = decimal.Round(profit, MoneyDecimals).Canonical(), Reason = reason,
        };
    }
}
