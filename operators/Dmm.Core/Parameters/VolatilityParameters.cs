namespace Dmm.Core;

/// <summary>Parameters of the volatility estimate; the horizon T it is scaled to is <see cref="QuoteParameters.Horizon"/>.</summary>
public sealed record VolatilityParameters
{
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Sampling step of the consolidated mid on the engine's clock.</summary>
    public TimeSpan Grid { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>σ_min on the horizon-scaled volatility, bps.</summary>
    public double MinBps { get; init; } = 5;

    /// <summary>σ_max on the horizon-scaled volatility, bps; the volatility breaker compares the unclamped value with it.</summary>
    public double MaxBps { get; init; } = 120;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("volatility.halfLife", HalfLife, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300));
        faults.Within("volatility.grid", Grid, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(5));
        faults.Within("volatility.minBps", MinBps, 0.01, 10_000, "bps");
        faults.Within("volatility.maxBps", MaxBps, 0.01, 10_000, "bps");
        faults.Require("volatility.minBps", MinBps < MaxBps, $"= {MinBps}", $"below volatility.maxBps = {MaxBps}");
    }
}
