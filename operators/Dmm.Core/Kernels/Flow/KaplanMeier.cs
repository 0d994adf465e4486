namespace Dmm.Core.Kernels;

/// <summary>Product-limit estimate of a time-to-event distribution with right-censored observations (Kaplan and Meier 1958).</summary>
public static class KaplanMeier
{
    // The product of (1 − 1/n) is exact in theory and not in binary; what lies this near the quantile has reached it.
    private const double Tolerance = 1e-9;

    /// <summary>
    /// The shortest time by which that share has filled; null when so many were censored that the estimate never gets there. Without censoring it is
    /// the plain quantile: the ⌈q·n⌉-th of the sorted times.
    /// </summary>
    /// <param name="sortedAges">Rising by age; at the same age fills come before censored ones.</param>
    /// <param name="quantile">Between 0 and 1.</param>
    public static TimeSpan? Quantile(ReadOnlySpan<QuoteAgeObservation> sortedAges, double quantile)
    {
        var survival = 1.0;
        for (var i = 0; i < sortedAges.Length; i++)
        {
            if (!sortedAges[i].IsFilled) continue;
            survival *= 1 - 1.0 / (sortedAges.Length - i);
            if (survival <= 1 - quantile + Tolerance) return sortedAges[i].Age;
        }

        return null;
    }
}
