using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>How others trade at a simulated pool.</summary>
public sealed record PoolActivity
{
    /// <summary>Arbitrage comes when the pool's price, its fees paid, is so far off the efficient one, bps.</summary>
    public double ArbitrageThresholdBps { get; init; } = 10;

    /// <summary>Swaps of those who do not look at the price, in an hour of average activity.</summary>
    public double NoiseTradesPerHour { get; init; } = 120;

    /// <summary>Mean size of such a swap, TON; exponential.</summary>
    public double NoiseTradeTon { get; init; } = 15;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("pool.arbitrageThresholdBps", ArbitrageThresholdBps, 0, 1_000, "bps");
        faults.Within("pool.noiseTradesPerHour", NoiseTradesPerHour, 0, 36_000, "1/h");
        faults.Within("pool.noiseTradeTon", NoiseTradeTon, 1e-3, 1e6, "TON");
    }
}
