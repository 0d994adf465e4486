using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What the router could do now.</summary>
/// <param name="Kind">Two legs or one.</param>
/// <param name="Buy">Where it buys; of a hedge that sells, where it could buy instead.</param>
/// <param name="Sell">Where it sells; of a hedge that buys, where it could sell instead.</param>
/// <param name="FirstSide">The leg that goes first: of a hedge the only one.</param>
/// <param name="Quantity">Base asset, on the order steps of both.</param>
/// <param name="BuyTicks">Limit.</param>
/// <param name="SellTicks">Limit.</param>
/// <param name="Terms">What it is expected to earn.</param>
public sealed record RouteOpportunity(
    RouteKind Kind, RouteMarket Buy, RouteMarket Sell, Side FirstSide, decimal Quantity, long BuyTicks, long SellTicks, RouteTerms Terms);

/// <summary>
/// Walks the best asks of one market against the best bids of another for as long as the last unit earns the threshold after fees, gas and slippage,
/// and within every limit. Never at a loss after declared costs: even at both limit prices, which let the expected slippage in, a trade that fills
/// pays.
/// </summary>
public static class RouteFinder
{
    // As for the fair value: what lies farther from the mid does not make a market liquid.
    private const double LiquidWithinBps = 25;

    /// <summary>The best that can be done, or null.</summary>
    public static RouteOpportunity? Find(RouteSituation now)
    {
        if (now.FairValue <= 0) return null;
        var markets = now.Markets.AsSpan();
        var (buyAt, sellAt) = (ConsolidatedBook.Best(markets, Side.Buy, m => m.MayOpen(Side.Buy)),
            ConsolidatedBook.Best(markets, Side.Sell, m => m.MayOpen(Side.Sell)));
        if (buyAt < 0 || sellAt < 0 || buyAt == sellAt) return null;
        var (buy, sell) = (markets[buyAt], markets[sellAt]);
        // A perpetual against spot is a position in the basis, and not a difference that closes.
        if (buy.Instrument.Kind != sell.Instrument.Kind) return null;
        return Arbitrage(now, buy, sell) is { } found ? Hedge(now, found) ?? found : null;
    }

    /// <summary>A market's depth near its mid, for the taker of that side, base asset; a pool counts as less liquid than any book.</summary>
    public static double Liquidity(RouteMarket market, Side taking)
    {
        if (market.Instrument.IsPool) return -1;
        var top = market.Book.Top;
        return market.Instrument.BaseQuantity(top.Depth.LotsWithin(taking == Side.Buy ? Side.Sell : Side.Buy, LiquidWithinBps), top.Ask.PriceTicks);
    }

    private static RouteOpportunity? Arbitrage(RouteSituation now, RouteMarket buy, RouteMarket sell)
    {
        Span<NetLevel> asks = stackalloc NetLevel[ConsolidatedBook.LevelsMax];
        Span<NetLevel> bids = stackalloc NetLevel[ConsolidatedBook.LevelsMax];
        asks = asks[..ConsolidatedBook.CopyLevels(buy, Side.Buy, asks)];
        bids = bids[..ConsolidatedBook.CopyLevels(sell, Side.Sell, bids)];
        var first = Liquidity(buy, Side.Buy) <= Liquidity(sell, Side.Sell) ? Side.Buy : Side.Sell;
        var gas = (double)(buy.Gas!.Value * (decimal)buy.Rate + sell.Gas!.Value * (decimal)sell.Rate);
        var most = (double)Most(now, buy, sell, first, asks, bids);
        var walked = new RouteWalk(asks, bids, now.Parameters, gas);
        return walked.Go(most) ? Sized(now, buy, sell, first, walked) : null;
    }

    /// <summary>The most that limits, balances and the other orders let both legs come to, base asset.</summary>
    private static decimal Most(
        RouteSituation now, RouteMarket buy, RouteMarket sell, Side first, ReadOnlySpan<NetLevel> asks, ReadOnlySpan<NetLevel> bids)
    {
        if (asks.IsEmpty || bids.IsEmpty) return 0;
        // A leg's worth at its worst: the last level that may be walked, and slippage.
        var slip = 1 + (decimal)now.Parameters.SlippageBps * 1e-4m;
        var buyPrice = buy.Instrument.Prices.ToDecimal(asks[^1].PriceTicks) * slip;
        var buyWorth = buyPrice * (decimal)buy.Rate;
        var sellWorth = sell.Instrument.Prices.ToDecimal(bids[0].PriceTicks) * (decimal)sell.Rate;
        var most = Math.Min(now.Parameters.TradeNotionalMax, now.Parameters.UnhedgedNotionalMax) / Math.Max(buyWorth, sellWorth);
        most = Math.Min(most, (first == Side.Buy ? buy : sell).Room(first).BaseQuantity);
        most = Math.Min(most, Math.Min(buy.Buys.Notional / buyWorth, sell.Sells.Notional / sellWorth));
        if (buy.QuoteBalance is { } money) most = Math.Min(most, money / (buyPrice * (decimal)buy.NetFactor(Side.Buy)));
        if (sell.BaseBalance is { } held) most = Math.Min(most, held);
        return Math.Max(most, 0);
    }

    private static RouteOpportunity? Sized(RouteSituation now, RouteMarket buy, RouteMarket sell, Side first, in RouteWalk walked)
    {
        var step = Math.Max(buy.Step, sell.Step);
        var quantity = OnGrid(Math.Floor((decimal)walked.Quantity / step) * step, buy, sell);
        var slippage = now.Parameters.SlippageBps;
        if (Limit(buy, Side.Buy, walked.AskTicks, quantity, slippage) is not { } buyTicks
            || Limit(sell, Side.Sell, walked.BidTicks, quantity, slippage) is not { } sellTicks) return null;
        if (!buy.Takes(buy.Lots(quantity), buyTicks) || !sell.Takes(sell.Lots(quantity), sellTicks)) return null;
        if (!buy.Instrument.IsPool) buyTicks = now.PricedAway(buy.Instrument.Id, Side.Buy, buyTicks, walked.AskTicks);
        if (!sell.Instrument.IsPool) sellTicks = now.PricedAway(sell.Instrument.Id, Side.Sell, sellTicks, walked.BidTicks);
        // A curve that is not quite a pool's, or a rounding: whatever it comes from, no trade may lose at its limits.
        if (AtLimit(sell, Side.Sell, sellTicks, quantity) <= AtLimit(buy, Side.Buy, buyTicks, quantity)) return null;
        var terms = walked.Terms(buy, sell, (double)quantity);
        return terms.MarginalBps >= terms.ThresholdBps
            ? new(RouteKind.Arbitrage, buy, sell, first, quantity, buyTicks, sellTicks, terms)
            : null;
    }

    /// <summary>
    /// On the order steps of both: where neither is a multiple of the other, on the first's, and the second leaves less than a step.
    /// </summary>
    private static decimal OnGrid(decimal quantity, RouteMarket buy, RouteMarket sell) =>
        Math.Min(buy.Quantity(buy.Lots(quantity)), sell.Quantity(sell.Lots(quantity)));

    /// <summary>What a leg costs or brings at its limit, after fees, numeraire; the limit at a pool has its costs and gas in it.</summary>
    private static decimal AtLimit(RouteMarket market, Side side, long limitTicks, decimal quantity) =>
        market.Instrument.Prices.ToDecimal(limitTicks) * quantity * (decimal)market.Rate
        * (market.Instrument.IsPool ? 1 : (decimal)market.NetFactor(side));

    /// <summary>
    /// The worst price at which a leg still belongs to the trade: that of the last level walked, and slippage. Of a pool the price of the whole
    /// swap, to the last unit, with gas, which is what an intention there is held against; null when the pool cannot give so much.
    /// </summary>
    public static long? Limit(RouteMarket market, Side side, long lastTicks, decimal quantity, double slippageBps)
    {
        if (!market.Instrument.IsPool) return RouteMarket.Worse(side, lastTicks, slippageBps);
        if (quantity <= 0 || PoolCurve.Behind(market.Book, market.Instrument, market.Venue.Pool!) is not { } pool) return null;
        var gas = market.Gas!.Value;
        if (side == Side.Sell)
        {
            var least = (PoolCurve.ProceedsOf(pool, quantity) - gas) / quantity * (1 - (decimal)slippageBps * 1e-4m);
            return (long)Math.Ceiling(least / market.Instrument.Prices.Step);
        }

        return PoolCurve.CostOf(pool, quantity) is { } cost
            ? (long)Math.Floor((cost + gas) / quantity * (1 + (decimal)slippageBps * 1e-4m) / market.Instrument.Prices.Step)
            : null;
    }

    /// <summary>
    /// One leg instead of two where inventory asks for it and the market is good for it: at the limit, after its fee and its gas, no worse than the
    /// fair value.
    /// </summary>
    private static RouteOpportunity? Hedge(RouteSituation now, RouteOpportunity found)
    {
        var ratio = now.InventoryLimits.RatioOf(now.Inventory);
        if (Math.Abs(ratio) < now.Parameters.HedgeInventoryRatio || ratio == 0) return null;
        var side = ratio > 0 ? Side.Sell : Side.Buy;
        var market = side == Side.Buy ? found.Buy : found.Sell;
        var excess = Math.Abs(now.Inventory - now.InventoryLimits.Target);
        var quantity = market.Quantity(market.Lots(Math.Min(Math.Min(found.Quantity, excess), Math.Max(market.Room(side).BaseQuantity, 0))));
        var ticks = side == Side.Buy ? found.BuyTicks : found.SellTicks;
        if (!market.Takes(market.Lots(quantity), ticks)) return null;
        // An intention at a pool has its costs in its price.
        var factor = market.Instrument.IsPool ? 1 : market.NetFactor(side);
        var net = Quantised.Bps(-side.Sign() * (market.Instrument.Prices.ToDouble(ticks) * market.Rate * factor / now.FairValue - 1) * 1e4);
        if (net < 0) return null;
        var fee = side == Side.Buy ? found.Terms.BuyFeeBps : found.Terms.SellFeeBps;
        var gas = Quantised.Bps((double)market.Gas!.Value * market.Rate / ((double)quantity * now.FairValue) * 1e4);
        var terms = new RouteTerms(
            Quantised.Bps(net + fee + gas + now.Parameters.SlippageBps), side == Side.Buy ? fee : 0, side == Side.Sell ? fee : 0, gas,
            now.Parameters.SlippageBps, net, net, 0);
        return found with { Kind = RouteKind.Hedge, FirstSide = side, Quantity = quantity, Terms = terms };
    }
}
