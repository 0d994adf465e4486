using Dmm.Core;

namespace Dmm.Simulation.Tests.Flow;

public sealed class JumpDiffusionTests
{
    private const int Steps = 1_000_000;
    private const double StepSeconds = 0.1;

    [Fact]
    public void Diffusion_RealisesItsVariance()
    {
        var squares = Returns(new() { InitialPrice = 1, VolatilityBps = 0.8 }, seed: 1).Sum(r => r * r);
        // Five standard errors of a sum of squared normals.
        (squares / (Steps * StepSeconds)).ShouldBe(0.64, 5 * 0.64 * Math.Sqrt(2.0 / Steps));
    }

    [Fact]
    public void JumpDiffusion_RealisesTheSumOfBothVariances()
    {
        var parameters = new PriceParameters { InitialPrice = 1, VolatilityBps = 0.8, JumpsPerHour = 60, JumpSizeBps = 10 };
        parameters.VarianceRate.ShouldBe(0.64 + 2 * 100 / 60.0, 1e-12);
        var squares = Returns(parameters, seed: 2).Sum(r => r * r);
        // Fourth moment of an exponential of mean m: 24·m⁴. Each jump adds that to the variance of the sum.
        var variance = Steps * 2 * Math.Pow(0.64 * StepSeconds, 2) + Steps * StepSeconds / 60 * 24 * 1e4;
        (squares / (Steps * StepSeconds)).ShouldBe(parameters.VarianceRate, 5 * Math.Sqrt(variance) / (Steps * StepSeconds));
    }

    [Fact]
    public void Jumps_ComeAtTheirRateAndWithTheirMeanSize()
    {
        var price = Price(new() { InitialPrice = 1, JumpsPerHour = 360, JumpSizeBps = 4, Step = TimeSpan.FromMilliseconds(10) }, 3);
        var sizes = new List<double>();
        var last = 1.0;
        for (var i = 1; i <= 10_000_000 && sizes.Count < 5_000; i++)
        {
            var now = price.At(FlowSamples.At(0.01 * i));
            if (now != last) sizes.Add(1e4 * Math.Log(now / last));
            if (sizes.Count == 5_000) (price.Jumps / (0.01 * i)).ShouldBe(0.1, 5 * 0.1 / Math.Sqrt(5_000));
            last = now;
        }

        sizes.Count.ShouldBe(5_000);
        sizes.Average(Math.Abs).ShouldBe(4, 5 * 4 / Math.Sqrt(5_000));
        (sizes.Count(s => s > 0) / 5_000.0).ShouldBe(0.5, 5 * 0.5 / Math.Sqrt(5_000));
    }

    [Fact]
    public void Drift_MovesTheLogPriceBySoMuchASecond() =>
        Price(new() { InitialPrice = 2, DriftBps = 0.12 }, 4).At(FlowSamples.At(1_000)).ShouldBe(2 * Math.Exp(0.012), 1e-9);

    [Fact]
    public void DriftThatTurns_SpendsItsMeanTimeInEachDirection()
    {
        var price = Price(new() { InitialPrice = 1, DriftBps = 0.1, DriftTurnsAfter = TimeSpan.FromMinutes(1), Step = TimeSpan.FromSeconds(1) }, 5);
        var (turns, last, direction) = (0, 1.0, 1);
        const int seconds = 600_000;
        for (var i = 1; i <= seconds; i++)
        {
            var now = price.At(FlowSamples.At(i));
            if (Math.Sign(now - last) != direction) (turns, direction) = (turns + 1, -direction);
            last = now;
        }

        // Two turns within one second cannot be seen: about one in sixty of them.
        (turns / (seconds / 60.0)).ShouldBe(1, 5 / Math.Sqrt(seconds / 60.0) + 2.0 / 60);
    }

    [Fact]
    public void Path_IsTheSameHoweverOftenItIsAskedFor()
    {
        var parameters = new PriceParameters { InitialPrice = 1, VolatilityBps = 1, JumpsPerHour = 600, JumpSizeBps = 5, DriftTurnsAfter = TimeSpan.FromMinutes(1) };
        var (often, seldom) = (Price(parameters, 6), Price(parameters, 6));
        for (var i = 0; i < 10_000; i++) often.At(FlowSamples.At(0.037 * i));
        often.At(FlowSamples.At(400)).ShouldBe(seldom.At(FlowSamples.At(400)));
    }

    [Fact]
    public void BetweenTwoPointsOfTheGrid_ThePriceStands()
    {
        var price = Price(new() { InitialPrice = 1, VolatilityBps = 1 }, 7);
        price.At(FlowSamples.At(0.0999)).ShouldBe(1);
        var next = price.At(FlowSamples.At(0.1));
        next.ShouldNotBe(1);
        price.At(FlowSamples.At(0.1999)).ShouldBe(next);
    }

    [Fact]
    public void BusyAndQuietHours_MultiplyTheVolatility()
    {
        var (midnight, noon) = (Variance(FlowSamples.Start), Variance(FlowSamples.At(12 * 3600)));
        // 1.5 / 0.5 in volatility, 9 in variance; half an hour around each is within 0.5 % of its extreme.
        (midnight / noon).ShouldBe(9, 9 * (5 * Math.Sqrt(2 * 2.0 / 18_000) + 0.01));

        static double Variance(Timestamp start)
        {
            var price = new JumpDiffusion(new() { InitialPrice = 1, VolatilityBps = 1 }, new(0.5), start, 8, "price");
            return Returns(price, start, 18_000).Sum(r => r * r);
        }
    }

    [Fact]
    public void PriceThatRunsAway_StaysWithinAHundredfold()
    {
        var price = Price(new() { InitialPrice = 1, DriftBps = 10 }, 9);
        price.At(FlowSamples.At(100_000)).ShouldBe(Math.Exp(4.6), 1e-9);
    }

    private static JumpDiffusion Price(PriceParameters parameters, long seed) => new(parameters, FlowSamples.Even, FlowSamples.Start, seed, "price");

    private static IEnumerable<double> Returns(PriceParameters parameters, long seed) => Returns(Price(parameters, seed), FlowSamples.Start, Steps);

    private static IEnumerable<double> Returns(JumpDiffusion price, Timestamp start, int steps)
    {
        var last = price.At(start);
        for (var i = 1; i <= steps; i++)
        {
            var now = price.At(start + i * TimeSpan.FromSeconds(StepSeconds));
            yield return 1e4 * Math.Log(now / last);
            last = now;
        }
    }
}
