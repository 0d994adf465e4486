using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class FillQualityTrackerTests
{
    private static readonly QuotingParameters Half = Parameters with { Toxicity = new() { HalfLifeFills = 1 } };

    private readonly FillQualityTracker _tracker = new(Half, FillQualityState.Empty);

    [Fact]
    public void RealisedSpread_IsTwiceTheMarkoutAgainstTwiceTheHalfSpread()
    {
        var quality = _tracker.Measure(Marked(Spot, bps: 8))!.Value;
        (quality.RealisedSpreadBps, quality.TheoreticalSpreadBps, quality.SpreadEfficiency, quality.IsSizeCut).ShouldBe((16, 20, 0.8, false));
        quality.Reason.ShouldBe("full size: realised 16.00 of 20.00 bps, slippage 20.00 % of the edge, limit 50.00 %");
    }

    [Theory]
    [InlineData(5, false)] // slippage of exactly half the edge is still allowed
    [InlineData(4.9, true)]
    [InlineData(-3, true)]
    public void SlippageOverHalfTheEdge_CutsSize(double bps, bool isCut) => _tracker.Measure(Marked(Spot, bps))!.Value.IsSizeCut.ShouldBe(isCut);

    [Fact]
    public void SizeCut_EndsOnceSlippageIsBelowEightyPercentOfItsLimit()
    {
        _tracker.Measure(Marked(Spot, 4)); // slippage 60 %
        _tracker.Measure(Marked(Spot, 7))!.Value.IsSizeCut.ShouldBeTrue("45 %");
        _tracker.Measure(Marked(Spot, 7))!.Value.IsSizeCut.ShouldBeFalse("37.5 %");
        _tracker.Measure(Marked(Spot, 4.25))!.Value.IsSizeCut.ShouldBeFalse("47.5 %");
    }

    [Fact]
    public void SizeCut_WaitsForAsManyFillsAsTheHalfLife()
    {
        var tracker = new FillQualityTracker(Parameters, FillQualityState.Empty);
        Enumerable.Range(0, 5).Select(_ => tracker.Measure(Marked(Spot, 0))!.Value.IsSizeCut).ShouldBe([false, false, false, false, true]);
    }

    [Fact]
    public void Venues_AreJudgedApart()
    {
        _tracker.Measure(Marked(Spot, 0))!.Value.IsSizeCut.ShouldBeTrue();
        _tracker.Measure(Marked(Linear, 10))!.Value.IsSizeCut.ShouldBeFalse();
    }

    [Fact]
    public void QuoteAgeLimit_ComesWithTheNextFill()
    {
        for (var i = 1; i <= 30; i++) _tracker.Observe(new(Spot, TimeSpan.FromSeconds(i), IsFilled: true));
        _tracker.Measure(Marked(Spot, 8))!.Value.QuoteAgeLimit.ShouldBe(TimeSpan.FromSeconds(27));
        _tracker.Measure(Marked(Linear, 8))!.Value.QuoteAgeLimit.ShouldBeNull();
    }

    [Fact]
    public void TakerFillsOtherHorizonsAndUnknownQuotes_AreNotMeasured()
    {
        _tracker.Measure(Marked(Spot, 8) with { IsMaker = false }).ShouldBeNull();
        _tracker.Measure(Marked(Spot, 8) with { Horizon = TimeSpan.FromSeconds(1) }).ShouldBeNull();
        _tracker.Measure(Marked(Spot, 8) with { QuotedHalfSpreadBps = 0 }).ShouldBeNull();
    }

    [Fact]
    public void Restored_ContinuesAsIfItHadNeverStopped()
    {
        _tracker.Measure(Marked(Spot, 4));
        _tracker.Observe(new(Linear, TimeSpan.FromSeconds(3), IsFilled: false));
        var restored = new FillQualityTracker(Half, ThroughJson(_tracker.Capture()));

        restored.Measure(Marked(Spot, 7)).ShouldBe(_tracker.Measure(Marked(Spot, 7)));
        Text(restored.Capture()).ShouldBe(Text(_tracker.Capture()));
    }

    private static Markout Marked(InstrumentId instrument, double bps) =>
        new(instrument, "t", Side.Buy, TimeSpan.FromSeconds(5), bps) { QuotedHalfSpreadBps = 10, IsMaker = true };
}
