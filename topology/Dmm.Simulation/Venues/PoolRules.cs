using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>How a simulated pool and the chain under it treat swaps. Gas as measured on a TVM for STON.fi v2: a swap that fails is not
/// free.</summary>
public sealed record PoolRules
{
    /// <summary>Between two blocks; our swaps land with blocks, which lie on the grid of whole intervals.</summary>
    public TimeSpan BlockInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A swap of ours lands with one of this many blocks after its sending, each as likely as another.</summary>
    public int DelayBlocksMax { get; init; } = 4;

    /// <summary>From a block, or a swap of others, to our hearing of it.</summary>
    public TimeSpan FeedLatency { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A swap that has not landed this long after its sending is refunded.</summary>
    public TimeSpan SwapDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Ordinary gas of a swap that executes, TON.</summary>
    public decimal SwapGasTon { get; init; } = 0.06m;

    /// <summary>Gas lost when a swap would bring less than its minimum, TON at ordinary gas; the other costs likewise.</summary>
    public decimal SlippageGasTon { get; init; } = 0.079m;

    /// <summary>Gas lost when a swap comes after its deadline.</summary>
    public decimal ExpiredGasTon { get; init; } = 0.0618m;

    /// <summary>Gas lost when the router refuses a swap for the gas that it carries.</summary>
    public decimal LowGasTon { get; init; } = 0.0621m;

    /// <summary>Share of our swaps that the router refuses so.</summary>
    public double LowGasProbability { get; init; }

    /// <summary>Levels of the published book on each side.</summary>
    public int BookLevels { get; init; } = PoolBook.LevelsOrdinary;

    /// <summary>Between two levels of the published book, bps of the mid; at least a tick.</summary>
    public double BookStepBps { get; init; } = PoolBook.StepBpsOrdinary;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("pool.blockInterval", BlockInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        faults.Within("pool.delayBlocksMax", DelayBlocksMax, 1, 1_000);
        faults.Within("pool.feedLatency", FeedLatency, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        faults.Within("pool.swapDeadline", SwapDeadline, BlockInterval, TimeSpan.FromHours(1));
        faults.Within("pool.swapGasTon", SwapGasTon, 0.000000001m, 100, "TON");
        faults.Within("pool.slippageGasTon", SlippageGasTon, 0, 100, "TON");
        faults.Within("pool.expiredGasTon", ExpiredGasTon, 0, 100, "TON");
        faults.Within("pool.lowGasTon", LowGasTon, 0, 100, "TON");
        faults.Within("pool.lowGasProbability", LowGasProbability, 0, 1, "");
        faults.Within("pool.bookLevels", BookLevels, 1, 1_000);
        faults.Within("pool.bookStepBps", BookStepBps, 0.1, 500, "bps");
    }
}
