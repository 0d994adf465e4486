namespace Dmm.Core.Kernels;

/// <summary>How often orders reach a distance from mid: A·e^(−κ·distance).</summary>
/// <param name="Intensity">A, arrivals per second at no distance (or the amount there, where amounts were fitted).</param>
/// <param name="Sensitivity">κ, 1/bps.</param>
public readonly record struct ArrivalEstimate(double Intensity, double Sensitivity);

/// <summary>
/// A and κ from data. What cannot be judged (too few trades, no spread of depths) leaves the last estimate as it was, and κ stays within the
/// range that the quote parameters permit.
/// </summary>
public static class ArrivalFit
{
    private const double SensitivityMin = 0.01;
    private const double SensitivityMax = 100;

    /// <summary>
    /// Maximum likelihood for an exponential: κ = 1/mean(depth − d_min), A = n/time·e^(κ·d_min), over the n trades that reached d_min.
    /// </summary>
    /// <param name="last">Held when fewer trades than needed reached d_min.</param>
    /// <param name="depthsBps">Distance from the prior mid that each trade reached, bps.</param>
    /// <param name="minimumDepthBps">d_min: nearer trades are left out, because the touch hides how far they would have gone.</param>
    /// <param name="time">Over which the trades came.</param>
    /// <param name="tradesMin">How many are needed, at least 1.</param>
    public static ArrivalEstimate MaximumLikelihood(
        in ArrivalEstimate last, ReadOnlySpan<double> depthsBps, double minimumDepthBps, TimeSpan time, int tradesMin)
    {
        var (count, excess) = (0, 0.0);
        foreach (var depth in depthsBps)
        {
            if (!(depth >= minimumDepthBps)) continue;
            count++;
            excess += depth - minimumDepthBps;
        }

        if (count < Math.Max(1, tradesMin) || excess == 0 || !double.IsFinite(excess) || time <= TimeSpan.Zero) return last;
        var sensitivity = Clamped(count / excess);
        return new(count / time.TotalSeconds * Math.Exp(sensitivity * minimumDepthBps), sensitivity);
    }

    /// <summary>Least squares of ln(amount) = ln A − κ·depth: for amounts, or counts of trades, that reached each of some depths.</summary>
    /// <param name="last">Held when fewer than two different depths have an amount above zero.</param>
    /// <param name="amounts">Depth in bps, and the amount that reached it; what is not above zero is left out.</param>
    public static ArrivalEstimate LogLinear(in ArrivalEstimate last, ReadOnlySpan<(double DepthBps, double Amount)> amounts)
    {
        var (count, depths, logs) = (0, 0.0, 0.0);
        foreach (var (depth, amount) in amounts)
        {
            if (!(amount > 0)) continue;
            (count, depths, logs) = (count + 1, depths + depth, logs + Math.Log(amount));
        }

        if (count < 2) return last;
        var (meanDepth, meanLog) = (depths / count, logs / count);
        var (spread, product) = (0.0, 0.0);
        foreach (var (depth, amount) in amounts)
        {
            if (!(amount > 0)) continue;
            spread += (depth - meanDepth) * (depth - meanDepth);
            product += (depth - meanDepth) * (Math.Log(amount) - meanLog);
        }

        if (!(spread > 0) || !double.IsFinite(product)) return last;
        var sensitivity = Clamped(-product / spread);
        return new(Math.Exp(meanLog + sensitivity * meanDepth), sensitivity);
    }

    private static double Clamped(double sensitivity) => Math.Clamp(sensitivity, SensitivityMin, SensitivityMax);
}
