using Dmm.Core;

namespace Dmm.Simulation.Tests.Flow;

public sealed class HawkesArrivalsTests
{
    private const double WindowSeconds = 50;
    private const int Windows = 8_000;

    // Variance of counts in a window t: Λ·(t·k² + (1 − k²)(1 − e^(−γt))/γ), k = 1/(1−n), γ = β(1−n) (Da Fonseca and Zaatour 2014). For n = 0 it is Λ·t.
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.4, 0.5)]
    [InlineData(0.7, 2.0)]
    public void Counts_HaveTheMeanAndVarianceOfTheory(double branching, double decay)
    {
        var parameters = new TakerParameters { BaseRate = 0.5, BranchingRatio = branching, Decay = decay };
        var counts = Counts(parameters, seed: 11);
        var (rate, k, gamma) = (parameters.MeanRate, 1 / (1 - branching), decay * (1 - branching));
        rate.ShouldBe(0.5 * k, 1e-12);

        // Five standard errors; over the whole time the variance of the count tends to Λ·k²·time.
        const double total = WindowSeconds * Windows;
        (counts.Sum() / total).ShouldBe(rate, 5 * Math.Sqrt(rate * k * k / total));

        var variance = counts.Sum(c => Math.Pow(c - rate * WindowSeconds, 2)) / Windows;
        var expected = rate * (WindowSeconds * k * k + (1 - k * k) * (1 - Math.Exp(-gamma * WindowSeconds)) / gamma);
        var excess = counts.Sum(c => Math.Pow(c - rate * WindowSeconds, 4)) / Windows / (variance * variance) - 1;
        variance.ShouldBe(expected, 5 * expected * Math.Sqrt(excess / Windows));
    }

    [Fact]
    public void BranchingRatio_IsFoundFromTheDispersionOfLongWindows()
    {
        var counts = Counts(new() { BaseRate = 0.5, BranchingRatio = 0.5, Decay = 5 }, seed: 12);
        // 1 − 1/√(variance/mean); a relative error e of the ratio is e·(1−n)/2 of n, and the finite window biases n by 1/(γt)·…, below 0.01 here.
        (1 - 1 / Math.Sqrt(Dispersion(counts))).ShouldBe(0.5, 5 * 0.25 * Math.Sqrt(2.0 / Windows) + 0.01);
    }

    [Fact]
    public void NoBranching_IsPoisson() =>
        Dispersion(Counts(new() { BaseRate = 0.5, BranchingRatio = 0 }, seed: 13)).ShouldBe(1, 5 * Math.Sqrt(2.0 / Windows));

    [Fact]
    public void BusyHours_BringTheirMultipleOfArrivals()
    {
        var arrivals = new HawkesArrivals(new() { BaseRate = 1, BranchingRatio = 0.3 }, new(0.5), FlowSamples.Start, new(14));
        var (busy, quiet) = (0, 0);
        for (var at = arrivals.Next(); at < FlowSamples.At(20 * 86_400); at = arrivals.Next())
        {
            var hour = at.ToDateTimeOffset().Hour;
            if (hour is 23 or 0) busy++;
            if (hour is 11 or 12) quiet++;
        }

        // Over two hours around each extreme the cosine is sin(2π/24)/(2π/24) = 0.9886 on average.
        var expected = (1 + 0.5 * 0.9886) / (1 - 0.5 * 0.9886);
        var dispersion = 1 / (0.7 * 0.7);
        ((double)busy / quiet).ShouldBe(expected, 5 * expected * Math.Sqrt(dispersion * (1.0 / busy + 1.0 / quiet)));
    }

    [Fact]
    public void Arrivals_NeverComeBeforeTheOneBefore()
    {
        var arrivals = new HawkesArrivals(new() { BaseRate = 100, BranchingRatio = 0.9, Decay = 50 }, new(0.9), FlowSamples.Start, new(15));
        var last = FlowSamples.Start;
        for (var i = 0; i < 100_000; i++)
        {
            var next = arrivals.Next();
            next.ShouldBeGreaterThanOrEqualTo(last);
            last = next;
        }
    }

    private static double Dispersion(int[] counts)
    {
        var mean = counts.Average();
        return counts.Sum(c => Math.Pow(c - mean, 2)) / (counts.Length - 1) / mean;
    }

    private static int[] Counts(TakerParameters parameters, long seed)
    {
        var arrivals = new HawkesArrivals(parameters, FlowSamples.Even, FlowSamples.Start, new(seed));
        var counts = new int[Windows];
        while (true)
        {
            var window = (int)((arrivals.Next() - FlowSamples.Start).TotalSeconds / WindowSeconds);
            if (window >= Windows) return counts;
            counts[window]++;
        }
    }
}
