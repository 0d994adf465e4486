using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>What a pool asks and gives for sizes, exactly, by its own arithmetic.</summary>
public static class PoolPrices
{
    private const double BpsPerOne = 10_000;

    /// <summary>
    /// Quote per base token that buying so many lots costs, pool fee and transfer tax included, gas not; null when the pool cannot give them.
    /// </summary>
    public static decimal? Ask<TPool>(in TPool pool, Instrument instrument, long sizeLots, long unitsPerToken)
        where TPool : struct, ITokenPool
    {
        var size = instrument.Sizes.ToDecimal(sizeLots);
        return pool.QuoteToBuy(Units(size, unitsPerToken)) is { } quote && quote <= new BigInteger(decimal.MaxValue)
            ? (decimal)quote / unitsPerToken / size
            : null;
    }

    /// <summary>Quote per base token that selling so many lots brings, after pool fee and tax, gas not taken off; null when the pool cannot take
    /// them.</summary>
    public static decimal? Bid<TPool>(in TPool pool, Instrument instrument, long sizeLots, long unitsPerToken)
        where TPool : struct, ITokenPool
    {
        var size = instrument.Sizes.ToDecimal(sizeLots);
        return TryMove(pool, Side.Sell, Units(size, unitsPerToken)) is { } sold && sold.Quote <= new BigInteger(decimal.MaxValue)
            ? (decimal)sold.Quote / unitsPerToken / size
            : null;
    }

    /// <summary>
    /// How far a swap moves the pool's mid, bps of the mid before, above zero on either side; 0 when it will not happen: the pool cannot take
    /// the amount, or pays less than the least output.
    /// </summary>
    /// <param name="pool">As it stands before.</param>
    /// <param name="side">Buy: the amount is of the quote token.</param>
    /// <param name="amount">Smallest units of what is paid.</param>
    /// <param name="leastOut">What the pool must pay; 0 for anything.</param>
    public static double ImpactBps<TPool>(in TPool pool, Side side, BigInteger amount, BigInteger leastOut)
        where TPool : struct, ITokenPool
    {
        if (TryMove(pool, side, amount) is not { } move || move.PaidOut.IsZero || move.PaidOut < leastOut) return 0;
        if (!(move.ReserveBase > 0 && move.ReserveQuote > 0)) return 0;
        var ratio = (double)move.ReserveQuote / (double)move.ReserveBase * ((double)pool.Base / (double)pool.Quote);
        return Quantised.Bps(Math.Abs(ratio - 1) * BpsPerOne);
    }

    private static PoolMove? TryMove<TPool>(in TPool pool, Side side, BigInteger amount)
        where TPool : struct, ITokenPool =>
        amount > 0 && (side == Side.Buy ? pool.Quote : pool.Base) + amount <= ConstantProduct.CoinsMax ? pool.Move(side, amount) : null;

    private static BigInteger Units(decimal tokens, long unitsPerToken) => new(Math.Ceiling(tokens * unitsPerToken));
}
