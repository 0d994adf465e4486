using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>How a wallet's sender behaves; seconds are the chain's.</summary>
public sealed record SenderOptions
{
    /// <summary>How long a signed batch may be executed, s.</summary>
    public uint LifetimeSeconds { get; init; } = 60;

    /// <summary>
    /// How long after its last second a batch still counts as alive, s: a shard's block may carry a time a little before the masterchain's that was
    /// read.
    /// </summary>
    public uint ExpiryMarginSeconds { get; init; } = 30;

    /// <summary>With less time than that until its deadline an intent is not signed any more, s.</summary>
    public uint WindowSecondsMin { get; init; } = 10;

    /// <summary>What must be left in the wallet after value and gas.</summary>
    public Coins Reserve { get; init; } = Coins.NanoPerTon / 10;

    /// <summary>What the estimate of gas is raised by, percent.</summary>
    public int GasBufferPercent { get; init; } = 50;

    /// <summary>An indexer that is that far past a used-up number and knows none of our batches proves that somebody else signs, s.</summary>
    public uint TraceGraceSeconds { get; init; } = 600;

    /// <summary>How many intents may wait for the one that is under way.</summary>
    public int QueueMax { get; init; } = 64;

    /// <exception cref="ParameterException">Names every fault.</exception>
    public SenderOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Within("sender.lifetimeSeconds", (double)LifetimeSeconds, 15, 3_600, "s");
        faults.Within("sender.expiryMarginSeconds", (double)ExpiryMarginSeconds, 10, 600, "s");
        faults.Within("sender.windowSecondsMin", (double)WindowSecondsMin, 5, Math.Max(5, LifetimeSeconds), "s");
        faults.Within("sender.gasBufferPercent", (double)GasBufferPercent, 0, 1_000, "%");
        faults.Within("sender.traceGraceSeconds", (double)TraceGraceSeconds, 60, 86_400, "s");
        faults.Within("sender.queueMax", QueueMax, 1, 10_000);
        faults.ThrowIfAny("sender");
        return this;
    }
}
