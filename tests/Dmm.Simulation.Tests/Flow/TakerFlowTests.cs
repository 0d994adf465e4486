using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

public sealed class TakerFlowTests
{
    private static readonly PriceParameters Still = new() { InitialPrice = 1 };

    [Theory]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void DepthReached_IsExponentialWithItsSensitivity(double sensitivity)
    {
        var takers = new TakerParameters { BaseRate = 10, BranchingRatio = 0, ArrivalSensitivity = sensitivity, InformedShare = 0 };
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var depths = Deeds(takers, side, 3_600, FlowSamples.FineDct).Select(d => side.Sign() * (d.PriceTicks * 1e-9 - 1) * 1e4).ToArray();

            // FORMULAS: κ = 1/mean(depth − d_min), with d_min anything that is passed: an exponential has no memory.
            foreach (var minimum in new[] { 0, 1.0, 3.0 })
            {
                var beyond = depths.Where(d => d >= minimum).ToArray();
                (1 / beyond.Average(d => d - minimum)).ShouldBe(sensitivity, 5 * sensitivity / Math.Sqrt(beyond.Length));

                // A = n/time·e^(κ·d_min) is then the rate of arrivals, whatever d_min.
                var rate = beyond.Length / 3600.0 * Math.Exp(sensitivity * minimum);
                rate.ShouldBe(10, 5 * 10 / Math.Sqrt(beyond.Length));
            }
        }
    }

    [Fact]
    public void OrderSizes_AreExponential()
    {
        var sizes = Deeds(new() { BaseRate = 10, BranchingRatio = 0, Size = 60, InformedShare = 0 }, Side.Buy, 3_600, FlowSamples.FineDct)
            .Select(d => d.Lots * 1e-6).ToArray();
        sizes.Average().ShouldBe(60, 5 * 60 / Math.Sqrt(sizes.Length));
        ((double)sizes.Count(s => s > 60) / sizes.Length).ShouldBe(Math.Exp(-1), 5 * 0.5 / Math.Sqrt(sizes.Length));
    }

    [Theory]
    [InlineData(9_990, 9_998, Side.Buy, 9_999)]
    [InlineData(10_003, 10_010, Side.Sell, 10_001)]
    public void BookOffTheEfficientPrice_IsTakenByTheInformedUpToTheirThreshold(long bid, long ask, Side expected, long limit)
    {
        var deeds = Deeds(new() { BaseRate = 1, InformedShare = 1, InformedThresholdBps = 1 }, Side.Buy, 60, FlowSamples.Dct, (new(bid, 10), new(ask, 10)));
        deeds.Count.ShouldBeGreaterThan(30);
        deeds.ShouldAllBe(d => d.Side == expected && d.PriceTicks == limit && d.At > FlowSamples.Start);
    }

    [Theory]
    [InlineData(9_999, 10_000)]
    [InlineData(10_000, 10_001)]
    public void BookWithinTheThreshold_IsLeftAloneByTheInformed(long bid, long ask) =>
        Deeds(new() { BaseRate = 1, InformedShare = 1, InformedThresholdBps = 1 }, Side.Buy, 600, FlowSamples.Dct, (new(bid, 10), new(ask, 10))).ShouldBeEmpty();

    [Fact]
    public void EmptyBook_IsLeftAloneByTheInformed() =>
        Deeds(new() { BaseRate = 1, InformedShare = 1, InformedThresholdBps = 1 }, Side.Buy, 600, FlowSamples.Dct).ShouldBeEmpty();

    [Fact]
    public void InformedShare_IsTakenFromTheArrivals()
    {
        // With a fair book the informed do nothing, so that what is left are the others.
        double others = Deeds(new() { BaseRate = 10, BranchingRatio = 0, InformedShare = 0.3 }, Side.Sell, 3_600, FlowSamples.Dct).Count;
        others.ShouldBe(25_200, 5 * Math.Sqrt(25_200));
    }

    private static IReadOnlyList<Deed> Deeds(TakerParameters takers, Side side, int seconds, Instrument instrument, (BookLevel Bid, BookLevel Ask) best = default)
    {
        var queue = new SimulationQueue(FlowSamples.Start);
        var book = new ScriptedBook(instrument, queue) { Best = best };
        var price = new JumpDiffusion(Still, FlowSamples.Even, FlowSamples.Start, 21, "price");
        new TakerFlow(side, new() { Takers = takers, DailyAmplitude = 0 }, price, () => 1, queue, book, 21).Start();
        queue.RunTo(FlowSamples.At(seconds));
        book.Deeds.ShouldAllBe(d => d.IsTaking);
        return book.Deeds;
    }
}
