using System.Numerics;
using Dmm.Core.Kernels;

namespace Dmm.Wire.Ton;

/// <summary>What a look at a pool showed: reserves that make a market, or why there is none.</summary>
public sealed record PoolSight
{
    // Within these the levels of a book fit into counts of lots and ticks, and lie a hundredth apart at most.
    private static readonly BigInteger BaseMax = BigInteger.Pow(10, 22);
    private static readonly BigInteger PriceMax = BigInteger.Pow(10, 9);
    private static readonly BigInteger PriceMinInverse = BigInteger.Pow(10, 7);

    private PoolSight(ITokenPool? pool, string fault) => (Pool, Fault) = (pool, fault);

    /// <summary>Before transfer tax, which no book shows; null where there is no market.</summary>
    public ITokenPool? Pool { get; }

    /// <summary>Why there is none; empty where there is one.</summary>
    public string Fault { get; }

    public static PoolSight Of(ITokenPool pool) =>
        pool.Base <= BaseMax && pool.Quote <= PriceMax * pool.Base && PriceMinInverse * pool.Quote >= pool.Base
            ? new(pool, "")
            : None($"reserves of {pool.Base} and {pool.Quote}: expected at most {BaseMax} of the base token, at a price from 1/{PriceMinInverse} to "
                + $"{PriceMax}");

    public static PoolSight None(string fault) => new(null, fault);
}
