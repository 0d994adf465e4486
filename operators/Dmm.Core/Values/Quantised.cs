namespace Dmm.Core;

/// <summary>
/// Model terms are rounded to 10⁻⁶ bps before they meet a comparison, a tick or an output, so that a last-bit difference of a math library does not spread
/// into decisions.
/// </summary>
public static class Quantised
{
    private const double PerBps = 1e6;

    /// <summary>Rounds a term in bps to 10⁻⁶ bps, half to even; −0 becomes 0.</summary>
    public static double Bps(double termBps) => Math.Round(termBps * PerBps, MidpointRounding.ToEven) / PerBps + 0.0;
}
