using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// A pool's reserves as an order book: along the marginal price curve, without fee, each level holds what the reserves give between the level before
/// it (the first: the mid, quote per base) and its own price, √k·|1/√p − 1/√p′| of the base token.
/// </summary>
internal static class PoolBook
{
    // Within this of a tick counts as on it.
    private const int TickFractionDigits = 6;

    /// <summary>Bids, then asks, near to far; a level of less than a lot, or at a price of zero, is left out.</summary>
    public static (BookLevel[] Levels, int BidCount) Levels(in TokenPool pool, Instrument instrument, PoolRules rules, long unitsPerToken)
    {
        var levels = new List<BookLevel>(2 * rules.BookLevels);
        var (held, money) = ((double)pool.Base / unitsPerToken, (double)pool.Quote / unitsPerToken);
        AddSide(levels, Side.Buy, held, money, instrument, rules);
        var bids = levels.Count;
        AddSide(levels, Side.Sell, held, money, instrument, rules);
        return ([.. levels], bids);
    }

    private static void AddSide(List<BookLevel> levels, Side side, double held, double money, Instrument instrument, PoolRules rules)
    {
        var (mid, root) = (money / held, Math.Sqrt(held * money));
        var (price, ticks) = (mid, side == Side.Buy ? long.MaxValue : 0);
        for (var i = 1; i <= rules.BookLevels; i++)
        {
            var target = Math.Round(mid * (1 - side.Sign() * i * rules.BookStepBps * 1e-4) / instrument.Prices.StepAsDouble, TickFractionDigits);
            ticks = side == Side.Buy ? Math.Min(ticks - 1, (long)Math.Floor(target)) : Math.Max(ticks + 1, (long)Math.Ceiling(target));
            if (ticks < 1) return;
            var next = instrument.Prices.ToDouble(ticks);
            var lots = (long)(root * Math.Abs(1 / Math.Sqrt(next) - 1 / Math.Sqrt(price)) / instrument.Sizes.StepAsDouble);
            if (lots > 0) levels.Add(new(ticks, lots));
            price = next;
        }
    }
}
