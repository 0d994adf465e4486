using System.Numerics;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// A pool's reserves as an order book: along the marginal price curve, without fee, each level holds what the reserves give between the level before
/// it (the first: the mid, quote per base) and its own price, √k·|1/√p − 1/√p′| of the base token. What a size costs, fees and tax included, is
/// <see cref="PoolPrices"/>'s to say; <see cref="PoolCurve"/> finds the reserves again.
/// </summary>
public static class PoolBook
{
    /// <summary>As many as a pool's feed publishes on a side.</summary>
    public const int LevelsOrdinary = 10;

    /// <summary>Between two of them, bps of the mid; at least a tick.</summary>
    public const double StepBpsOrdinary = 10;

    // Within this of a tick counts as on it.
    private const int TickFractionDigits = 6;

    /// <summary>The book as a snapshot of its own; ids rise by one from snapshot to snapshot.</summary>
    /// <param name="pool">Reserves in smallest units.</param>
    /// <param name="instrument">The pool's.</param>
    /// <param name="unitsPerToken">Smallest units in a token, of either.</param>
    /// <param name="updateId">Of this snapshot.</param>
    /// <param name="venueTime">Time of the block that shows the reserves.</param>
    /// <param name="receiveTime">When we heard of it.</param>
    /// <param name="levelCount">Of each side.</param>
    /// <param name="stepBps">Between two levels.</param>
    public static BookUpdate Snapshot<TPool>(
        in TPool pool, Instrument instrument, long unitsPerToken, long updateId, Timestamp venueTime, Timestamp receiveTime,
        int levelCount = LevelsOrdinary, double stepBps = StepBpsOrdinary)
        where TPool : ITokenPool
    {
        var (levels, bids) = Levels(pool.Base, pool.Quote, instrument, unitsPerToken, levelCount, stepBps);
        return new()
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = venueTime, ReceiveTime = receiveTime, FirstUpdateId = updateId,
            LastUpdateId = updateId, PreviousUpdateId = -1, BidCount = bids, Levels = levels,
        };
    }

    /// <summary>Bids, then asks, near to far; a level of less than a lot, or at a price of zero, is left out.</summary>
    private static (BookLevel[] Levels, int BidCount) Levels(
        BigInteger reserveBase, BigInteger reserveQuote, Instrument instrument, long unitsPerToken, int levelCount, double stepBps)
    {
        var levels = new List<BookLevel>(2 * levelCount);
        var (held, money) = ((double)reserveBase / unitsPerToken, (double)reserveQuote / unitsPerToken);
        AddSide(levels, Side.Buy, held, money, instrument, levelCount, stepBps);
        var bids = levels.Count;
        AddSide(levels, Side.Sell, held, money, instrument, levelCount, stepBps);
        return ([.. levels], bids);
    }

    private static void AddSide(
        List<BookLevel> levels, Side side, double held, double money, Instrument instrument, int levelCount, double stepBps)
    {
        var (mid, root) = (money / held, Math.Sqrt(held * money));
        var (price, ticks) = (mid, side == Side.Buy ? long.MaxValue : 0);
        for (var i = 1; i <= levelCount; i++)
        {
            var target = Math.Round(mid * (1 - side.Sign() * i * stepBps * 1e-4) / instrument.Prices.StepAsDouble, TickFractionDigits);
            ticks = side == Side.Buy ? Math.Min(ticks - 1, (long)Math.Floor(target)) : Math.Max(ticks + 1, (long)Math.Ceiling(target));
            if (ticks < 1) return;
            var next = instrument.Prices.ToDouble(ticks);
            var lots = (long)(root * Math.Abs(1 / Math.Sqrt(next) - 1 / Math.Sqrt(price)) / instrument.Sizes.StepAsDouble);
            if (lots > 0) levels.Add(new(ticks, lots));
            price = next;
        }
    }
}
