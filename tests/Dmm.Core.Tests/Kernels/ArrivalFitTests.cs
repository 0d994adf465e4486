using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels;

public sealed class ArrivalFitTests
{
    private static readonly ArrivalEstimate Last = new(7, 0.7);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void AmountsThatFallOffExactly_GiveTheirOwnParameters()
    {
        (double, double)[] amounts = [.. new[] { 1.0, 2, 3, 4 }.Select(d => (d, 2 * Math.Exp(-0.1 * d)))];
        var fit = ArrivalFit.LogLinear(Last, amounts);
        fit.Intensity.ShouldBe(2, 1e-12);
        fit.Sensitivity.ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void DepthsWithoutAmounts_AreLeftOut() =>
        ArrivalFit.LogLinear(Last, [(1, 2 * Math.Exp(-0.1)), (2, 0), (3, 2 * Math.Exp(-0.3)), (4, double.NaN)]).Sensitivity.ShouldBe(0.1, 1e-12);

    [Fact]
    public void OneDepth_HoldsTheLastEstimate()
    {
        ArrivalFit.LogLinear(Last, []).ShouldBe(Last);
        ArrivalFit.LogLinear(Last, [(1, 2)]).ShouldBe(Last);
        ArrivalFit.LogLinear(Last, [(1, 2), (1, 3)]).ShouldBe(Last);
    }

    [Fact]
    public void AmountsThatRiseWithDepth_GiveTheLeastSensitivity() =>
        ArrivalFit.LogLinear(Last, [(1, 1), (2, 2)]).Sensitivity.ShouldBe(0.01);

    // Mean excess over 2 bps is 4 bps; 3 trades in a minute: A = 0.05·e^(0.25·2).
    [Fact]
    public void Trades_GiveTheInverseOfTheirMeanExcess()
    {
        var fit = ArrivalFit.MaximumLikelihood(Last, [2, 5, 1, 11], minimumDepthBps: 2, Minute, tradesMin: 3);
        fit.Sensitivity.ShouldBe(0.25, 1e-12);
        fit.Intensity.ShouldBe(0.05 * Math.Exp(0.5), 1e-12);
    }

    [Fact]
    public void FewerTradesThanNeeded_HoldTheLastEstimate() =>
        ArrivalFit.MaximumLikelihood(Last, [2, 5, 1, 11], minimumDepthBps: 2, Minute, tradesMin: 4).ShouldBe(Last);

    [Fact]
    public void WhatCannotBeJudged_HoldsTheLastEstimate()
    {
        ArrivalFit.MaximumLikelihood(Last, [], 0, Minute, 0).ShouldBe(Last);
        ArrivalFit.MaximumLikelihood(Last, [2, 2, 2], 2, Minute, 1).ShouldBe(Last);
        ArrivalFit.MaximumLikelihood(Last, [double.PositiveInfinity], 0, Minute, 1).ShouldBe(Last);
        ArrivalFit.MaximumLikelihood(Last, [double.NaN], 0, Minute, 1).ShouldBe(Last);
        ArrivalFit.MaximumLikelihood(Last, [1, 2], 0, TimeSpan.Zero, 1).ShouldBe(Last);
    }

    [Fact]
    public void Sensitivity_StaysWithinThePermittedRange()
    {
        ArrivalFit.MaximumLikelihood(Last, [1e-9], 0, Minute, 1).Sensitivity.ShouldBe(100);
        ArrivalFit.MaximumLikelihood(Last, [1e6], 0, Minute, 1).Sensitivity.ShouldBe(0.01);
    }

    [Fact]
    public void LogLinear_FindsAnyExponential() =>
        Gen.Select(Gen.Double[0.01, 1000], Gen.Double[0.011, 5], Gen.Double[0.1, 20].Array[2, 30]).Sample((intensity, sensitivity, depths) =>
        {
            if (depths.Max() - depths.Min() < 0.1) return;
            (double, double)[] amounts = [.. depths.Select(d => (d, intensity * Math.Exp(-sensitivity * d)))];
            var fit = ArrivalFit.LogLinear(Last, amounts);
            fit.Sensitivity.ShouldBe(sensitivity, 1e-6 * sensitivity);
            fit.Intensity.ShouldBe(intensity, 1e-5 * intensity);
        });
}
