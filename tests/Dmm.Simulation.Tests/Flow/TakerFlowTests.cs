using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

public sealed class TakerFlowTests
{
    private static readonly PriceParameters Still = new() { InitialPrice = 1 };
    private static readonly TakerParameters Informed = new() { BaseRate = 1, InformedShare = 1, InformedThresholdBps = 1 };

    [Theory]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void DepthReached_IsExponentialWithItsSensitivity(double sensitivity)
    {
        var takers = new TakerParameters { BaseRate = 10, BranchingRatio = 0, ArrivalSensitivity = sensitivity, InformedShare = 0 };
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var depths = Deeds(takers, side, 3_600, FlowSamples.FineDct).Select(d => side.Sign() * (d.PriceTicks * 1e-9 - 1) * 1e4).ToArray();

            // d_min may be anything: an exponential has no memory.
            foreach (var minimum in new[] { 0, 1.0, 3.0 })
            {
                var fit = ArrivalFit.MaximumLikelihood(default, depths, minimum, TimeSpan.FromHours(1), tradesMin: 1_000);
                var error = 5 / Math.Sqrt(depths.Count(d => d >= minimum));
                fit.Sensitivity.ShouldBe(sensitivity, error * sensitivity);

                // A is then the rate of arrivals, whatever d_min; the error of κ·d_min adds to that of the count.
                fit.Intensity.ShouldBe(10, 10 * error * (1 + sensitivity * minimum));
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
        var deeds = Deeds(Informed, Side.Buy, 60, FlowSamples.Dct, (new(bid, 10), new(ask, 10)));
        deeds.Count.ShouldBeGreaterThan(30);
        deeds.ShouldAllBe(d => d.Side == expected && d.PriceTicks == limit && d.At > FlowSamples.Start);
    }

    [Theory]
    [InlineData(9_999, 10_000)]
    [InlineData(10_000, 10_001)]
    public void BookWithinTheThreshold_IsLeftAloneByTheInformed(long bid, long ask) =>
        Deeds(Informed, Side.Buy, 600, FlowSamples.Dct, (new(bid, 10), new(ask, 10))).ShouldBeEmpty();

    [Fact]
    public void EmptyBook_IsLeftAloneByTheInformed() =>
        Deeds(Informed, Side.Buy, 600, FlowSamples.Dct).ShouldBeEmpty();

    [Fact]
    public void WhatTheUninformedDo_DoesNotDependOnTheBook()
    {
        var takers = Informed with { InformedShare = 0.5 };
        var fair = Deeds(takers, Side.Buy, 600, FlowSamples.Dct);
        var mispriced = Deeds(takers, Side.Buy, 600, FlowSamples.Dct, (new(9_990, 10), new(9_998, 10)));
        mispriced.Count.ShouldBeGreaterThan(fair.Count + 100);
        fair.Except(mispriced).ShouldBeEmpty();
    }

    [Fact]
    public void InformedShare_IsTakenFromTheArrivals()
    {
        // With a fair book the informed do nothing, so that what is left are the others.
        double others = Deeds(new() { BaseRate = 10, BranchingRatio = 0, InformedShare = 0.3 }, Side.Sell, 3_600, FlowSamples.Dct).Count;
        others.ShouldBe(25_200, 5 * Math.Sqrt(25_200));
    }

    [Theory]
    [InlineData(1.0, 0.3, 0.0)]
    [InlineData(-1.0, 0.0, 0.3)]
    [InlineData(0.0, 0.0, 0.0)]
    public void ShareOfTheUninformed_FollowsTheDrift(double driftBps, double sellersWhoBuy, double buyersWhoSell)
    {
        var takers = new TakerParameters { BaseRate = 10, BranchingRatio = 0, InformedShare = 0, FollowingShare = 0.3 };
        var sellers = Deeds(takers, Side.Sell, 3_600, FlowSamples.Dct, price: new() { InitialPrice = 1, DriftBps = driftBps });
        var buyers = Deeds(takers, Side.Buy, 3_600, FlowSamples.Dct, price: new() { InitialPrice = 1, DriftBps = driftBps });
        Share(sellers, Side.Buy).ShouldBe(sellersWhoBuy, 5 * 0.5 / Math.Sqrt(sellers.Count));
        Share(buyers, Side.Sell).ShouldBe(buyersWhoSell, 5 * 0.5 / Math.Sqrt(buyers.Count));
    }

    private static double Share(IReadOnlyList<Deed> deeds, Side side) => (double)deeds.Count(d => d.Side == side) / deeds.Count;

    private static IReadOnlyList<Deed> Deeds(
        TakerParameters takers, Side side, int seconds, Instrument instrument, (BookLevel Bid, BookLevel Ask) best = default,
        PriceParameters? price = null)
    {
        var queue = new SimulationQueue(FlowSamples.Start);
        var book = new ScriptedBook(instrument, queue) { Best = best };
        var path = new JumpDiffusion(price ?? Still, FlowSamples.Even, FlowSamples.Start, 21, "price");
        new TakerFlow(side, new() { Takers = takers, DailyAmplitude = 0 }, path, () => 1, queue, book, 21).Start();
        queue.RunTo(FlowSamples.At(seconds));
        book.Deeds.ShouldAllBe(d => d.IsTaking);
        return book.Deeds;
    }
}
