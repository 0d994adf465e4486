using System.Numerics;
using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>How arbitrageurs watch a pool.</summary>
public sealed record PoolArbitrageRules
{
    /// <summary>Mean time from one look to the next.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What they want to earn at least, on top of the pool's fees and the transfer tax, bps.</summary>
    public double ThresholdBps { get; init; } = 30;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("arbitrage.lookInterval", LookInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        faults.Within("arbitrage.thresholdBps", ThresholdBps, 0, 1_000, "bps");
    }
}

/// <summary>
/// Brings a pool back towards a reference price: looks at exponential intervals, and when the pool's mid is off by more than fees, tax and threshold
/// swaps as much as pays, until the last unit costs the reference after fees.
/// </summary>
/// <param name="pool">Where it swaps.</param>
/// <param name="reference">Quote per base token at this moment; 0 or less while there is none.</param>
/// <param name="rules">When it acts.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="random">For the times of its looks.</param>
public sealed class PoolArbitrageur(IPoolTarget pool, Func<double> reference, PoolArbitrageRules rules, SimulationQueue queue, SeededRandom random)
{
    /// <summary>Watches from now on.</summary>
    public void Start() => queue.Schedule(queue.Now + rules.LookInterval * random.NextExponential(1), OnLook);

    private void OnLook()
    {
        if (reference() is > 0 and var price) Restore(price);
        Start();
    }

    private void Restore(double price)
    {
        var now = pool.Pool;
        var mid = (double)now.Quote / (double)now.Base;
        var margin = (now.KeptBps + rules.ThresholdBps) * 1e-4;
        if (mid * (1 + margin) < price) Swap(Side.Buy, now.LargestBuy((decimal)price));
        else if (mid * (1 - margin) > price) Swap(Side.Sell, now.LargestSale((decimal)price));
    }

    private void Swap(Side side, BigInteger amount)
    {
        if (amount > 0) pool.Swap(side, amount);
    }
}

/// <summary>How many swap at a pool for reasons of their own, and how much.</summary>
public sealed record PoolNoiseRules
{
    public double SwapsPerSecond { get; init; } = 0.1;

    /// <summary>Mean size of a swap, quote token; sizes are exponential.</summary>
    public double MeanQuote { get; init; } = 30;

    /// <summary>Share of the swaps that buy the base token.</summary>
    public double BuyShare { get; init; } = 0.5;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("poolNoise.swapsPerSecond", SwapsPerSecond, 0.000001, 1_000, "1/s");
        faults.Within("poolNoise.meanQuote", MeanQuote, 0.000001, 1e9, "quote token");
        faults.Within("poolNoise.buyShare", BuyShare, 0, 1, "");
    }
}

/// <summary>Swaps of random size and side at a pool, as a Poisson process.</summary>
/// <param name="pool">Where they swap.</param>
/// <param name="rules">How often, and how much.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="random">For times, sides and sizes.</param>
public sealed class PoolNoiseTraders(IPoolTarget pool, PoolNoiseRules rules, SimulationQueue queue, SeededRandom random)
{
    /// <summary>Swaps from now on.</summary>
    public void Start() => queue.Schedule(queue.Now + TimeSpan.FromSeconds(random.NextExponential(rules.SwapsPerSecond)), OnSwap);

    private void OnSwap()
    {
        var (side, quote) = (random.NextBool(rules.BuyShare) ? Side.Buy : Side.Sell, random.NextExponential(1 / rules.MeanQuote));
        var tokens = side == Side.Buy ? quote : quote * (double)pool.Pool.Base / (double)pool.Pool.Quote;
        pool.Swap(side, BigInteger.Max(1_000, new BigInteger(tokens * pool.UnitsPerToken)));
        Start();
    }
}
