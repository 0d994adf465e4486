using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Simulation.Tests.Studies;

public sealed class SkewComparisonTests
{
    private static readonly SkewComparisonSettings Small = new()
    {
        Scenarios = [MarketScenarios.Calm, MarketScenarios.Toxic],
        Variants = [new(ComparedModel.As, SkewMode.OneSided), new(ComparedModel.Glft, SkewMode.Shift)],
        FirstSeed = 3, Seeds = 2, Duration = TimeSpan.FromMinutes(2), OpeningRatio = 0.6, Threads = 1,
    };

    [Fact]
    public void Figures_AreTheSameTwice_AndOnFourThreads()
    {
        var once = Flat(SkewComparison.Run(Small, _ => { }));
        once.Count.ShouldBe(4 * RunFigure.All.Length);
        Flat(SkewComparison.Run(Small, _ => { })).ShouldBe(once);
        Flat(SkewComparison.Run(Small with { Threads = 4 }, _ => { })).ShouldBe(once);
        Flat(SkewComparison.Run(Small with { FirstSeed = 4 }, _ => { })).ShouldNotBe(once);
    }

    [Fact]
    public void Means_AreThoseOfTheRunsOfEachSeed_AndDifferencesOfTheirPairs()
    {
        var market = SkewComparison.Run(Small with { Scenarios = [MarketScenarios.Calm] }, _ => { }).ShouldHaveSingleItem();
        var fills = Small.Variants.Select(variant => new[] { 3, 4 }.Select(seed =>
            (double)SkewComparison.Run(MarketScenarios.Calm, variant, seed, Small.Duration, Small.OpeningRatio).Fills).ToArray()).ToArray();

        var compared = market.Variants.Select(v => v.Figures.Single(f => f.Figure.Name == "fills")).ToArray();
        compared.Select(f => f.Value).ShouldBe(fills.Select(values => Estimate.Of(values)));
        compared.Select(f => f.Difference).ShouldBe([null, Estimate.Of([fills[1][0] - fills[0][0], fills[1][1] - fills[0][1]])]);
        market.Arrivals.ShouldBe(MarketArrivals.Of(MarketScenarios.Calm, 500m));
    }

    [Fact]
    public void Progress_IsToldAfterEachRun()
    {
        var told = new List<int>();
        SkewComparison.Run(Small with { Duration = TimeSpan.FromSeconds(1) }, told.Add);
        told.ShouldBe(Enumerable.Range(1, 8));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.6, 0.36)]
    public void Opening_LiesOffTheTargetByTheRatio(double ratio, double variance)
    {
        foreach (var seed in (long[])[1, 2])
        {
            var run = SkewComparison.Run(MarketScenarios.Thin, new(ComparedModel.As, SkewMode.Shift), seed, TimeSpan.FromSeconds(30), ratio);
            run.InventoryVariance.ShouldBe(variance, 0.03);
        }
    }

    [Fact]
    public void Recording_HasOneErrorOnly_ThatOfItsMinutes()
    {
        // Minutes 1, 2, 3 against 2, 2, 5: differences 1, 0, 2 with s = 1, and √3 for their sum.
        ImmutableArray<QuoteVariant> variants = [new(ComparedModel.As, SkewMode.OneSided), new(ComparedModel.As, SkewMode.Shift)];
        var compared = ComparedVariant.FromRecording(variants, [Run(6, [1, 2, 3]), Run(9.5, [2, 2, 5])]);

        var pnl = compared[1].Figures.Single(f => f.Figure == RunFigure.Pnl);
        (pnl.Value!.Value.Mean, pnl.Value!.Value.Count, pnl.Difference!.Value.Mean, pnl.Difference!.Value.Count).ShouldBe((9.5, 3, 3.5, 3));
        pnl.Value!.Value.StandardError!.Value.ShouldBe(3, 1e-12);
        pnl.Difference!.Value.StandardError!.Value.ShouldBe(Math.Sqrt(3), 1e-12);
        compared.SelectMany(v => v.Figures).Where(f => f.Figure != RunFigure.Pnl)
            .ShouldAllBe(f => f.Value == null || f.Value.Value.StandardError == null);
    }

    private static RunFigures Run(double pnl, ImmutableArray<double> minutes) => new()
    {
        Pnl = pnl, InventoryVariance = 0, InventoryRatioMax = 0, Drawdown = 0, RealisedSpreadBps = null, FillRatio = null, Fills = 0, Volume = 0,
        HaltedShare = 0, RestrainedShare = 0, MinutePnls = minutes,
    };

    private static List<ComparedFigure> Flat(ImmutableArray<ComparedMarket> markets) =>
        [.. markets.SelectMany(market => market.Variants).SelectMany(variant => variant.Figures)];
}
