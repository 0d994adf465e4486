namespace Dmm.Simulation;

/// <summary>A mean and how far chance may have moved it.</summary>
/// <param name="Count">Observations.</param>
/// <param name="Mean">Of them.</param>
/// <param name="StandardError">Of the mean: s/√n, s with n − 1; null for fewer than two observations, which tell nothing of chance.</param>
public readonly record struct Estimate(int Count, double Mean, double? StandardError)
{
    private const double ErrorsToCall = 2;
    private const int CountToCall = 10;

    /// <summary>
    /// The mean lies more than two standard errors away from zero, which one in about fifteen does by chance alone; of fewer than ten observations
    /// the error itself is too uncertain to say so.
    /// </summary>
    public bool IsCalled => Count >= CountToCall && StandardError is { } error && Math.Abs(Mean) > ErrorsToCall * error;

    /// <summary>The mean of independent observations; null when there are none.</summary>
    public static Estimate? Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return null;
        var mean = values.Average();
        if (values.Count == 1) return new(1, mean, null);
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(values.Count, mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }

    /// <summary>
    /// The mean of value − baseline over pairs of which both are known; null when there is none. Where the two have their chance in common, its error
    /// is far below that of either mean.
    /// </summary>
    public static Estimate? OfDifferences(IReadOnlyList<double?> values, IReadOnlyList<double?> baseline) =>
        Of([.. values.Zip(baseline, (value, other) => value - other).OfType<double>()]);

    /// <summary>The sum of independent observations in place of their mean: n times as large, as is its error.</summary>
    public Estimate Sum => new(Count, Count * Mean, Count * StandardError);
}
