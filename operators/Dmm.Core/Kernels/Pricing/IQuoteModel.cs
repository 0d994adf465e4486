namespace Dmm.Core.Kernels;

/// <summary>What a quoting model says of one situation, bps; not yet widened, floored or skewed.</summary>
/// <param name="ReservationShiftBps">r − S; falls as inventory rises.</param>
/// <param name="RiskTermBps">The part of the half-spread that pays for inventory risk.</param>
/// <param name="ArrivalTermBps">The part that follows from how fills arrive with distance.</param>
public readonly record struct QuoteModelTerms(double ReservationShiftBps, double RiskTermBps, double ArrivalTermBps);

/// <summary>
/// Gives reservation price and half-spread. The risk aversion γ that the ladder by |q̂| has moved prices inventory; the arrival term keeps the γ that was
/// set, the ξ of Guéant 2016, where the two aversions are apart. With one γ for both, a higher one would shrink the arrival term, and for small κ the bid
/// would rise as the position grows long.
/// </summary>
public interface IQuoteModel
{
    /// <param name="inventoryRatio">q̂.</param>
    /// <param name="riskAversion">γ after the ladder, 1/bps.</param>
    /// <param name="horizonVolatilityBps">σ_T after the clamp, bps over the horizon T.</param>
    /// <param name="parameters">Supplies κ, A, T, the γ that was set and the sizes.</param>
    QuoteModelTerms Terms(double inventoryRatio, double riskAversion, double horizonVolatilityBps, QuotingParameters parameters);
}

internal static class Logarithm
{
    /// <summary>ln(1 + x) to full precision for small x, where 1 + x has lost its digits (Goldberg 1991, theorem 4).</summary>
    public static double OnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : x * Math.Log(sum) / (sum - 1);
    }
}
