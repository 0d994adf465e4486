using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>The path of what one swap costs in gas: noise about a usual cost, and spikes on a timetable.</summary>
public sealed record GasParameters
{
    /// <summary>The usual cost of a swap, TON.</summary>
    public double TonPerSwap { get; init; } = 0.06;

    /// <summary>Standard deviation of its logarithm from one price to the next.</summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>What a spike multiplies the cost by.</summary>
    public double SpikeMultiple { get; init; } = 1;

    /// <summary>When the first spike begins, counted from the start.</summary>
    public TimeSpan SpikeAfter { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan SpikeLasts { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>From the beginning of one spike to that of the next.</summary>
    public TimeSpan SpikeEvery { get; init; } = TimeSpan.FromMinutes(30);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("gas.tonPerSwap", TonPerSwap, 1e-6, 100, "TON");
        faults.Within("gas.noise", Noise, 0, 1, "");
        faults.Within("gas.spikeMultiple", SpikeMultiple, 1, 1_000, "");
        faults.Within("gas.spikeAfter", SpikeAfter, TimeSpan.Zero, TimeSpan.FromDays(1));
        faults.Within("gas.spikeLasts", SpikeLasts, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        faults.Within("gas.spikeEvery", SpikeEvery, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        faults.Require("gas.spikeEvery", SpikeEvery > SpikeLasts, $"= {SpikeEvery.TotalSeconds} s", $"longer than gas.spikeLasts = {SpikeLasts.TotalSeconds} s");
    }
}
