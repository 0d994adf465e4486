namespace Dmm.Core;

/// <summary>
/// Model terms are rounded to 10⁻⁶ bps before they meet a comparison, a tick or an output, so that a last-bit difference of a math library does not spread
/// into decisions.
/// </summary>
public static class Quantised
{
    private const double PerBps = 1e6;
    private const int SignificantDigits = 11;

    /// <summary>Rounds a term in bps to 10⁻⁶ bps, half to even; −0 becomes 0.</summary>
    public static double Bps(double termBps) => Math.Round(termBps * PerBps, MidpointRounding.ToEven) / PerBps + 0.0;

    /// <summary>
    /// Rounds a price to eleven significant digits, which is 10⁻⁶ bps of it or finer; what is not finite passes unchanged.
    /// </summary>
    public static double Price(double price)
    {
        if (!double.IsFinite(price) || price == 0) return price;
        var digits = SignificantDigits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(price)));
        return Math.Round(price, Math.Clamp(digits, 0, 15), MidpointRounding.ToEven);
    }
}
