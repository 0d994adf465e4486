namespace Dmm.Core.Kernels;

/// <summary>What the size of inventory, |q̂|, does to risk aversion, skew and quote size. Continuous, so that no quote jumps as inventory drifts.</summary>
public static class InventoryLadder
{
    /// <summary>Multiplier of γ: ½ while inventory is light, then linearly to 1 at the soft limit and to 2 at the hard limit, and no more.</summary>
    public static double RiskAversionMultiplier(double absoluteRatio, double lightRatio, double hardRatio) => absoluteRatio switch
    {
        _ when absoluteRatio <= lightRatio => 0.5,
        <= 1 => 0.5 + 0.5 * (absoluteRatio - lightRatio) / (1 - lightRatio),
        _ when absoluteRatio < hardRatio => 1 + (absoluteRatio - 1) / (hardRatio - 1),
        _ => 2,
    };

    /// <summary>Share of its size that the accumulating side keeps: 1 while inventory is light, then linearly to 0 at the hard limit.</summary>
    public static double AccumulatingShare(double absoluteRatio, double lightRatio, double hardRatio) =>
        Math.Clamp((hardRatio - absoluteRatio) / (hardRatio - lightRatio), 0, 1);

    /// <summary>
    /// |b|: β·min(|q̂|, 1), and not less than what rises from 0, where inventory stops being light, to <see cref="QuoteParameters.NearLimitSkewFraction"/>
    /// of the full spread at <see cref="QuoteParameters.NearLimitRatio"/>. β = 0 means no skew at all.
    /// </summary>
    /// <param name="absoluteRatio">|q̂|.</param>
    /// <param name="spreadBps">Full spread before the skew.</param>
    /// <param name="parameters">β and the two ratios.</param>
    public static double SkewBps(double absoluteRatio, double spreadBps, QuoteParameters parameters)
    {
        if (parameters.SkewBps == 0) return 0;
        var light = parameters.LightInventoryRatio;
        var nearness = Math.Clamp((absoluteRatio - light) / (parameters.NearLimitRatio - light), 0, 1);
        return Math.Max(parameters.SkewBps * Math.Min(absoluteRatio, 1), nearness * parameters.NearLimitSkewFraction * spreadBps);
    }
}
