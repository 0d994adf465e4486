using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class ToxicityScoreTests
{
    private static readonly QuotingParameters Half = Parameters with
    {
        // A half-life of one fill gives the moving average a weight of one half: 2 bps/s, 3 fills, τ 0.5, N 2.
        Toxicity = new() { HalfLifeFills = 1, WideningCycles = 2 },
        Venues = [Parameters.Venues[0], Parameters.Venues[1] with { ToxicityCoefficient = 2 }, Parameters.Venues[2]],
    };

    private readonly ToxicityScore _kernel = new(Half, ToxicityState.Empty);

    [Fact]
    public void Score_IsAdverseMoveOverTimeToFillTimesCoefficient()
    {
        _kernel.Score(Moved(Spot, -6, seconds: 2))!.ScoreBpsPerSecond.ShouldBe(3);
        _kernel.Score(Moved(Linear, -6, seconds: 2))!.ScoreBpsPerSecond.ShouldBe(6, "its venue counts double");
        _kernel.Score(Moved(Inverse, -6, seconds: 0))!.ScoreBpsPerSecond.ShouldBe(60, "a time to fill counts at least 0.1 s");
        _kernel.Score(Moved(Inverse, 6, seconds: 0))!.ScoreBpsPerSecond.ShouldBe(0, "a move in our favour counts against the average");
    }

    [Fact]
    public void MFillsAboveTheThreshold_WidenForNCycles()
    {
        _kernel.Score(Moved(Spot, -6))!.Multiplier.ShouldBe(1);
        _kernel.Score(Moved(Spot, -6))!.Multiplier.ShouldBe(1);
        var third = _kernel.Score(Moved(Spot, -6))!;

        (third.Multiplier, third.CyclesLeft, third.Side).ShouldBe((1.5, 2, Side.Buy));
        third.Reason.ShouldBe("widened ×1.50 for 2 cycles at least: score 3.00 bps/s, threshold 2.00, 3 of 3 fills above");
    }

    [Fact]
    public void FillBelowTheThreshold_BeginsTheCountAnew()
    {
        double[] moves = [-6, -6, 4, -6, -6]; // averages 3, 3, 0.5, 1.75, 2.375
        moves.Select(move => _kernel.Score(Moved(Spot, move))!).ShouldAllBe(toxicity => toxicity.Multiplier == 1);
    }

    [Fact]
    public void OtherSideAndOtherVenue_AreLeftAlone()
    {
        Widen();
        _kernel.Score(Moved(Spot, -6) with { Side = Side.Sell })!.Multiplier.ShouldBe(1);
        _kernel.Score(Moved(Inverse, -6))!.Multiplier.ShouldBe(1);
    }

    [Fact]
    public void QuietFlow_EndsTheWideningBelowEightyPercent()
    {
        Widen(); // average 3; from the third cycle on it halves with each
        Cycles(4).ShouldBe([1.5, 1.5, 1, 1]);
    }

    [Fact]
    public void FillsThatCoolDown_EndTheWideningOnlyAfterNCycles()
    {
        Widen();
        _kernel.Score(Moved(Spot, 6))!.Multiplier.ShouldBe(1.5); // average 0
        Cycles(3).ShouldBe([1.5, 1, 1]);
    }

    [Fact]
    public void AverageBetweenEightyPercentAndThreshold_StaysWide()
    {
        Widen();
        _kernel.Score(Moved(Spot, -1.2)); // average 1.8
        _kernel.Cycle(Spot, Side.Buy).ShouldBeNull();
        _kernel.Score(Moved(Spot, -3.6)); // average 1.8
        _kernel.Cycle(Spot, Side.Buy).ShouldBeNull();
        _kernel.Score(Moved(Spot, -3.6));
        _kernel.Cycle(Spot, Side.Buy).ShouldBeNull();
        Cycles(1).ShouldBe([1], "a cycle without a fill brings it to 0.9");
    }

    [Fact]
    public void FurtherToxicFill_BeginsTheCyclesAnew()
    {
        Widen();
        Cycles(1).ShouldBe([1.5]);
        _kernel.Score(Moved(Spot, -6))!.CyclesLeft.ShouldBe(2);
    }

    [Fact]
    public void TakerFillsOtherHorizonsAndUnknownTimes_AreNotScored()
    {
        _kernel.Score(Moved(Spot, -6) with { IsMaker = false }).ShouldBeNull();
        _kernel.Score(Moved(Spot, -6) with { Horizon = TimeSpan.FromSeconds(1) }).ShouldBeNull();
        _kernel.Score(Moved(Spot, -6) with { TimeToFill = null }).ShouldBeNull();
        _kernel.Score(Moved(Spot, -6) with { MidMoveBps = null }).ShouldBeNull();
    }

    private static Markout Moved(InstrumentId instrument, double midMoveBps, double seconds = 2) =>
        new(instrument, "t", Side.Buy, TimeSpan.FromSeconds(5), 0)
        {
            MidMoveBps = midMoveBps, TimeToFill = TimeSpan.FromSeconds(seconds), IsMaker = true,
        };

    private void Widen()
    {
        for (var i = 0; i < 3; i++) _kernel.Score(Moved(Spot, -6));
    }

    /// <summary>The multiplier after each of so many cycles.</summary>
    private double[] Cycles(int count)
    {
        var multipliers = new double[count];
        var multiplier = 1.5;
        for (var i = 0; i < count; i++) multipliers[i] = multiplier = _kernel.Cycle(Spot, Side.Buy)?.Multiplier ?? multiplier;
        return multipliers;
    }
}
