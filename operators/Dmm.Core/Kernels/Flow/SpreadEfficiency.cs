namespace Dmm.Core.Kernels;

/// <summary>Realised against theoretical spread at one venue. The default has seen no fill.</summary>
/// <param name="Fills">Fills measured.</param>
/// <param name="RealisedBps">Moving average of 2·markout.</param>
/// <param name="TheoreticalBps">Moving average of 2δ at quote time.</param>
/// <param name="IsSizeCut">Slippage is above its limit and has not yet come back.</param>
public readonly record struct SpreadEfficiencyState(long Fills, double RealisedBps, double TheoreticalBps, bool IsSizeCut)
{
    /// <summary>Realised over theoretical; 1 before the first fill.</summary>
    public double Ratio => Fills == 0 ? 1 : Quantised.Bps(RealisedBps / TheoreticalBps);
}

/// <summary>
/// Slippage is the share of the theoretical edge that was not realised: 1 − ratio of the two averages. Above its limit the venue's size is cut, once
/// as many fills as the half-life were measured; it is normal again below <see cref="ToxicityScore.RecoverFraction"/> of the limit.
/// </summary>
public static class SpreadEfficiency
{
    public static SpreadEfficiencyState Step(
        in SpreadEfficiencyState state, double realisedBps, double theoreticalBps, double halfLifeFills, double slippageLimit)
    {
        var weight = state.Fills == 0 ? 1 : 1 - Math.Pow(2, -1 / halfLifeFills);
        var next = state with
        {
            Fills = state.Fills + 1,
            RealisedBps = state.RealisedBps + weight * (realisedBps - state.RealisedBps),
            TheoreticalBps = state.TheoreticalBps + weight * (theoreticalBps - state.TheoreticalBps),
        };
        var limit = slippageLimit * (state.IsSizeCut ? ToxicityScore.RecoverFraction : 1);
        return next with { IsSizeCut = next.Fills >= halfLifeFills && Quantised.Bps(1 - next.Ratio) > Quantised.Bps(limit) };
    }
}
