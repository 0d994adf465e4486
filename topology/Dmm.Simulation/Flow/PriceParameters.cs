using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>A price that moves by jump-diffusion, with jumps of exponential size to either side (Kou 2002).</summary>
public sealed record PriceParameters
{
    /// <summary>Where it starts, quote asset per base asset.</summary>
    public required double InitialPrice { get; init; }

    /// <summary>Of the diffusion alone, bps per √s.</summary>
    public double VolatilityBps { get; init; }

    /// <summary>Drift of the log price, bps per second.</summary>
    public double DriftBps { get; init; }

    /// <summary>Mean time after which the drift turns its sign, exponentially distributed; null when it never does.</summary>
    public TimeSpan? DriftTurnsAfter { get; init; }

    public double JumpsPerHour { get; init; }

    /// <summary>Mean of a jump's absolute size, bps.</summary>
    public double JumpSizeBps { get; init; }

    /// <summary>Grid on which the price moves.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Variance of the log price per second in an hour of average activity, bps²: σ² + 2·rate·size².</summary>
    public double VarianceRate => VolatilityBps * VolatilityBps + JumpsPerHour / 3600 * 2 * JumpSizeBps * JumpSizeBps;

    public void CollectFaults(ParameterFaults faults, string name)
    {
        faults.Within($"{name}.initialPrice", InitialPrice, 1e-6, 1e6, "");
        faults.Within($"{name}.volatilityBps", VolatilityBps, 0, 100, "bps/√s");
        faults.Within($"{name}.driftBps", DriftBps, -10, 10, "bps/s");
        if (DriftTurnsAfter is { } turns) faults.Within($"{name}.driftTurnsAfter", turns, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        faults.Within($"{name}.jumpsPerHour", JumpsPerHour, 0, 3600, "1/h");
        faults.Within($"{name}.jumpSizeBps", JumpSizeBps, 0, 2_000, "bps");
        faults.Within($"{name}.step", Step, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
    }
}
