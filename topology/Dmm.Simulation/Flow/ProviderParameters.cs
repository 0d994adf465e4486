using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>The other market makers of a book: how many, how wide, how deep and how fast they are.</summary>
public sealed record ProviderParameters
{
    public int Count { get; init; } = 3;

    /// <summary>Price levels that each keeps on a side.</summary>
    public int Levels { get; init; } = 6;

    /// <summary>Distance of the nearest quote from the price that its provider saw, bps.</summary>
    public double HalfSpreadBps { get; init; } = 10;

    /// <summary>From one level of a provider to the next, bps; the ladders of several stand evenly shifted against one another.</summary>
    public double LevelGapBps { get; init; } = 3;

    /// <summary>Mean size of the nearest level, base asset; each placement lies uniformly within half of it either way.</summary>
    public double Size { get; init; } = 300;

    /// <summary>Mean size falls off from level to level as e^(−this); it grows where this is below zero.</summary>
    public double DepthDecay { get; init; } = 0.15;

    /// <summary>Mean pause between one replacement and the next look at the price; each pause lies uniformly within half of it either way.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>From the look at the efficient price to the new ladder's standing in the book.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.FromMilliseconds(200);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("providers.count", Count, 1, 100);
        faults.Within("providers.levels", Levels, 1, 100);
        faults.Within("providers.halfSpreadBps", HalfSpreadBps, 0.1, 1_000, "bps");
        faults.Within("providers.levelGapBps", LevelGapBps, 0.1, 1_000, "bps");
        faults.Require("providers.levelGapBps", !(HalfSpreadBps + Levels * LevelGapBps > 9_000), $"= {LevelGapBps}", "a ladder that ends within 9000 bps");
        faults.Within("providers.size", Size, 1e-9, 1e9, "of the base asset");
        faults.Within("providers.depthDecay", DepthDecay, -1, 5, "");
        faults.Within("providers.pause", Pause, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        faults.Within("providers.lag", Lag, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }
}
