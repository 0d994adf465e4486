using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One level of the consolidated book.</summary>
/// <param name="Market">Whose.</param>
/// <param name="PriceTicks">As the venue shows it.</param>
/// <param name="Quantity">Base asset.</param>
/// <param name="NetPrice">Numeraire per base asset, to whoever takes it, after fees.</param>
public readonly record struct NetLevel(int Market, long PriceTicks, double Quantity, double NetPrice);

/// <summary>
/// The markets of an asset as one book in one currency: the top levels of each, our own orders taken out, each at the price that is left after that
/// venue's taker fee, or after a pool's fees and the token's tax. What cannot be reckoned with is left out.
/// </summary>
public static class ConsolidatedBook
{
    /// <summary>Levels of each market and side that count.</summary>
    public const int LevelsMax = 10;

    /// <summary>
    /// Best net bid over best net ask of all books as they are shown, less one, in bps; −∞ when a side is not there. Our own orders are still in,
    /// which can only make it larger: below the threshold nothing has to be looked at closer. Nothing is allocated.
    /// </summary>
    /// <param name="books">One for each market.</param>
    /// <param name="factors">One for each market, for net prices of its ticks.</param>
    public static double TopDifferentialBps(ReadOnlySpan<IBookView> books, ReadOnlySpan<NetFactors> factors)
    {
        var (bid, ask) = (0.0, double.PositiveInfinity);
        for (var i = 0; i < books.Length; i++)
        {
            if (factors[i].Bid == 0) continue;
            var top = books[i].Top;
            if (!top.IsValid) continue;
            bid = Math.Max(bid, top.Bid.PriceTicks * factors[i].Bid);
            ask = Math.Min(ask, top.Ask.PriceTicks * factors[i].Ask);
        }

        return bid > 0 && ask < double.PositiveInfinity ? (bid / ask - 1) * 1e4 : double.NegativeInfinity;
    }

    /// <summary>The levels that a taker of that side meets at one market, best first; returns how many.</summary>
    public static int CopyLevels(RouteMarket market, Side taking, Span<NetLevel> levels)
    {
        if (!market.IsUsable) return 0;
        Span<BookLevel> shown = stackalloc BookLevel[LevelsMax];
        shown = shown[..Math.Min(LevelsMax, levels.Length)];
        var count = market.Book.Top.Depth.CopyLevels(taking == Side.Buy ? Side.Sell : Side.Buy, shown);
        for (var i = 0; i < count; i++)
        {
            var (ticks, lots) = shown[i];
            levels[i] = new(market.Instrument.Id.Index, ticks, market.Instrument.BaseQuantity(lots, ticks), market.NetPrice(taking, ticks));
        }

        return count;
    }

    /// <summary>The market with the best net price for a taker of that side, among those that may be taken from; −1 when there is none.</summary>
    public static int Best(ReadOnlySpan<RouteMarket> markets, Side taking, Func<RouteMarket, bool> may)
    {
        var (best, at) = (0.0, -1);
        for (var i = 0; i < markets.Length; i++)
        {
            if (!may(markets[i])) continue;
            var top = markets[i].Book.Top;
            var price = markets[i].NetPrice(taking, taking == Side.Buy ? top.Ask.PriceTicks : top.Bid.PriceTicks);
            if (at < 0 || taking.Sign() * (price - best) < 0) (best, at) = (price, i);
        }

        return at;
    }
}

/// <summary>What a tick of a market is worth to a taker, numeraire net of fees; zero while the market does not count.</summary>
public readonly record struct NetFactors(double Bid, double Ask);
