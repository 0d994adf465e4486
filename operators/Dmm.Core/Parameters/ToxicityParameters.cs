using System.Collections.Immutable;

namespace Dmm.Core;

/// <summary>Parameters of markouts, toxicity and fill quality.</summary>
public sealed record ToxicityParameters
{
    /// <summary>A fill counts as toxic when it leaves the moving average of scores above this, bps/s.</summary>
    public double ThresholdBpsPerSecond { get; init; } = 2;

    /// <summary>M: consecutive toxic fills that start the widening.</summary>
    public int ConsecutiveFills { get; init; } = 3;

    /// <summary>τ: δ ← δ·(1 + τ) while it lasts.</summary>
    public double Widening { get; init; } = 0.5;

    /// <summary>N: refresh cycles the widening lasts.</summary>
    public int WideningCycles { get; init; } = 10;

    /// <summary>Horizon of the markout that enters the score.</summary>
    public TimeSpan ScoreHorizon { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Horizons at which markouts are reported; must hold <see cref="ScoreHorizon"/>.</summary>
    public ImmutableArray<TimeSpan> Horizons { get; init; } =
        [TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    /// <summary>Shorter times to fill count as this long, which bounds the score.</summary>
    public TimeSpan MinimumTimeToFill { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Half-life of the score's moving average per venue and side, in fills.</summary>
    public double HalfLifeFills { get; init; } = 5;

    /// <summary>Equal-volume buckets of VPIN: how many make the window.</summary>
    public int VpinBuckets { get; init; } = 50;

    /// <summary>Volume of one VPIN bucket, base asset.</summary>
    public decimal VpinBucketVolume { get; init; } = 250m;

    /// <summary>Order-flow imbalance (0 to 1) above which flow counts as toxic by VPIN.</summary>
    public double VpinThreshold { get; init; } = 0.7;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("toxicity.thresholdBpsPerSecond", ThresholdBpsPerSecond, 0.001, 1_000, "bps/s");
        faults.Within("toxicity.consecutiveFills", ConsecutiveFills, 1, 1_000);
        faults.Within("toxicity.widening", Widening, 0, 10, "");
        faults.Within("toxicity.wideningCycles", WideningCycles, 1, 10_000);
        faults.Within("toxicity.minimumTimeToFill", MinimumTimeToFill, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        faults.Within("toxicity.halfLifeFills", HalfLifeFills, 0.1, 1_000, "fills");
        faults.Within("toxicity.vpinBuckets", VpinBuckets, 1, 1_000);
        faults.Within("toxicity.vpinBucketVolume", VpinBucketVolume, 0.00000001m, 1_000_000_000m, "base asset");
        faults.Within("toxicity.vpinThreshold", VpinThreshold, 0.01, 1, "");
        faults.Require("toxicity.horizons", Horizons.Contains(ScoreHorizon) && Horizons.All(h => h > TimeSpan.Zero && h <= TimeSpan.FromHours(1)),
            $"= [{string.Join(", ", Horizons.Select(h => h.TotalSeconds))}] s", $"horizons above 0 and up to 3600 s that hold the score's, {ScoreHorizon.TotalSeconds} s");
    }
}
