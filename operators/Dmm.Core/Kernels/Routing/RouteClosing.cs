using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>An order that would close a part of what is open.</summary>
/// <param name="Market">Where.</param>
/// <param name="Lots">Its size; 0 when none can be sent there now.</param>
/// <param name="PriceTicks">Its limit.</param>
/// <param name="NetPrice">What a unit is expected to cost or bring there, numeraire.</param>
public readonly record struct ClosingOrder(RouteMarket Market, long Lots, long PriceTicks, double NetPrice);

/// <summary>Where, how much and at which limit what is open between two legs is closed.</summary>
public static class RouteClosing
{
    /// <summary>The best order for that purpose; null when no market may be used for it now.</summary>
    /// <param name="trade">With something open, and no leg on its way.</param>
    /// <param name="purpose">Second, Reroute or Unwind.</param>
    /// <param name="tries">So often before.</param>
    /// <param name="now">The markets.</param>
    /// <param name="isBlocked">A market would do, and our own orders are in the way there.</param>
    public static ClosingOrder? Choose(RouteTrade trade, RoutePurpose purpose, int tries, RouteSituation now, out bool isBlocked)
    {
        isBlocked = false;
        ClosingOrder? best = null;
        var side = trade.Exposure > 0 ? Side.Sell : Side.Buy;
        foreach (var market in now.Markets)
        {
            if (!market.MayClose(side) || !IsMeant(trade, purpose, market, now)) continue;
            if (Order(trade, purpose, tries, market, side, now) is not { } order) continue;
            if (order.Lots == 0) isBlocked = true;
            else if (best is not { } other || side.Sign() * (order.NetPrice - other.NetPrice) < 0) best = order;
        }

        return best;
    }

    /// <summary>Nothing of that size can be traded at any market of the trade's kind, whatever its state: it is left to inventory.</summary>
    public static bool IsTooSmall(decimal exposure, RouteTrade trade, RouteSituation now)
    {
        foreach (var market in now.Markets)
        {
            if (!market.Venue.IsQuoted || market.Instrument.Kind != now[trade.First].Instrument.Kind) continue;
            if (market.Instrument.IsPool && market.Venue.Pool is null) continue;
            var lots = market.Lots(Math.Abs(exposure));
            // Without a price nobody knows the notional: the size decides alone.
            var ticks = market.Book.Top.IsValid ? market.Book.Top.Ask.PriceTicks : long.MaxValue;
            if (lots > 0 && market.Instrument.Sizes.ToDecimal(lots) >= market.Instrument.MinimumSize
                && (ticks == long.MaxValue || market.Instrument.Notional(lots, ticks) >= market.Instrument.MinimumNotional)) return false;
        }

        return true;
    }

    private static bool IsMeant(RouteTrade trade, RoutePurpose purpose, RouteMarket market, RouteSituation now) =>
        market.Instrument.Kind == now[trade.First].Instrument.Kind && purpose switch
        {
            RoutePurpose.Second => market.Instrument.Id == trade.Second,
            RoutePurpose.Reroute => market.Instrument.Id != trade.Second && market.Instrument.Id != trade.First,
            _ => true,
        };

    private static ClosingOrder? Order(RouteTrade trade, RoutePurpose purpose, int tries, RouteMarket market, Side side, RouteSituation now)
    {
        var p = now.Parameters;
        var quantity = Math.Abs(trade.Exposure);
        if (side == Side.Sell && market.BaseBalance is { } held) quantity = Math.Min(quantity, held);
        if (side == Side.Buy && market.QuoteBalance is { } money)
            quantity = Math.Min(quantity, money / (market.Instrument.Prices.ToDecimal(Touch(market, side)) * (1 + (decimal)p.UnwindStepBps * 1e-4m)));
        var wanted = market.Lots(quantity);
        if (wanted == 0 || Walk(market, side, (double)market.Quantity(wanted)) is not { } walked) return null;
        var limit = purpose switch
        {
            RoutePurpose.Second => RouteMarket.Worse(side, trade.SecondTicks, tries * p.SecondLegStepBps),
            RoutePurpose.Reroute => Reroute(trade, market, side, now),
            _ => RouteFinder.Limit(market, side, walked.LastTicks, market.Quantity(wanted), (tries + 1) * p.UnwindStepBps),
        };
        if (limit is not { } ticks || !market.Takes(wanted, ticks)) return null;
        if (!market.Instrument.IsPool) ticks = now.PricedAway(market.Instrument.Id, side, ticks, walked.LastTicks);
        // A book that others have emptied shows prices at which nothing is to be sold or bought.
        if (purpose == RoutePurpose.Unwind && IsGivenAway(market, side, ticks, now)) return null;
        // The market is not there: another may be.
        if (purpose == RoutePurpose.Reroute && side.Sign() * (ticks - Touch(market, side)) < 0) return null;
        var lots = Math.Min(wanted, market.Lots(Free(market, side, ticks)));
        var isHindered = now.MeetsOurs(market.Instrument.Id, side, ticks) || (lots < wanted && now.HasQuotes);
        return new(market, isHindered || !market.Takes(lots, ticks) ? 0 : lots, ticks, walked.NetPrice);
    }

    private static bool IsGivenAway(RouteMarket market, Side side, long priceTicks, RouteSituation now) => now.FairValue > 0
        && side.Sign() * (market.Instrument.Prices.ToDouble(priceTicks) * market.Rate / now.FairValue - 1) * 1e4 > now.Parameters.UnwindLossMaxBps;

    /// <summary>The limit there that is as good, after fees, as the worst that the second leg was let have.</summary>
    private static long? Reroute(RouteTrade trade, RouteMarket market, Side side, RouteSituation now)
    {
        if (trade.SecondTicks == 0) return null;
        var second = now[trade.Second];
        var worst = RouteMarket.Worse(side, trade.SecondTicks, now.Parameters.SecondLegTries * now.Parameters.SecondLegStepBps);
        var factor = second.Rate > 0 ? second.NetPrice(side, worst) : 0;
        if (factor == 0) return null;
        var ticks = factor / (market.Rate * market.NetFactor(side) * market.Instrument.Prices.StepAsDouble);
        return side == Side.Buy ? (long)Math.Floor(ticks + 1e-6) : (long)Math.Ceiling(ticks - 1e-6);
    }

    /// <summary>What the limits leave for it, base asset.</summary>
    private static decimal Free(RouteMarket market, Side side, long priceTicks)
    {
        var room = market.Room(side);
        var worth = market.Instrument.Prices.ToDecimal(priceTicks) * (decimal)market.Rate;
        return Math.Max(0, Math.Min(room.BaseQuantity, room.Notional / worth));
    }

    private static long Touch(RouteMarket market, Side side) =>
        side == Side.Buy ? market.Book.Top.Ask.PriceTicks : market.Book.Top.Bid.PriceTicks;

    /// <summary>The last level that so much takes, as far as the book shows it, and the mean net price.</summary>
    private static (long LastTicks, double NetPrice)? Walk(RouteMarket market, Side side, double quantity)
    {
        Span<NetLevel> levels = stackalloc NetLevel[ConsolidatedBook.LevelsMax];
        var (last, taken, worth) = (0L, 0.0, 0.0);
        foreach (var level in levels[..ConsolidatedBook.CopyLevels(market, side, levels)])
        {
            var take = Math.Min(level.Quantity, quantity - taken);
            (last, taken, worth) = (level.PriceTicks, taken + take, worth + take * level.NetPrice);
            if (taken >= quantity) break;
        }

        if (taken <= 0) return null;
        var gas = (double)market.Gas!.Value * market.Rate / quantity;
        return (last, worth / taken + side.Sign() * gas);
    }
}
