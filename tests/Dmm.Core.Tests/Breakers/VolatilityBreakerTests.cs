using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class VolatilityBreakerTests
{
    private readonly Driven<VolatilitySnapshot, VolatilityBreakerState> _breaker = new(Create(default));

    [Theory]
    [InlineData(120, TradingState.Active)]
    [InlineData(120.000001, TradingState.Widened)]
    [InlineData(240, TradingState.Widened)]
    [InlineData(240.000001, TradingState.Halted)]
    [InlineData(double.NaN, TradingState.Halted)]
    [InlineData(double.PositiveInfinity, TradingState.Halted)]
    public void RawVolatilityOverALimit_Demands(double raw, TradingState demand) =>
        (_breaker.Take(0, Ready(raw)).Last?.Demand ?? TradingState.Active).ShouldBe(demand);

    [Fact]
    public void ClampedVolatility_IsNotWhatIsCompared()
    {
        _breaker.Take(0, new VolatilitySnapshot(1, 300, 120, true));
        _breaker.Last!.Demand.ShouldBe(TradingState.Halted);
    }

    [Fact]
    public void Spike_WidensPausesAndComesBackStepByStepSayingWhy()
    {
        _breaker.Take(0, Ready(130)).Take(1, Ready(250)).Take(2, Ready(260)).Take(3, Ready(150)).Take(33, Ready(150)).Take(34, Ready(90))
            .Take(63.9, Ready(90)).Take(64, Ready(90));
        _breaker.Said.ShouldBe(
        [
            "0 Widened ×2: volatility 130.00 bps is above 120.00 bps: half-spread × 2",
            "1 Halted ×1: volatility 250.00 bps is above 240.00 bps: quoting pauses",
            "33 Widened ×2: volatility 150.00 bps is above 120.00 bps: half-spread × 2",
            "64 Active ×1: volatility 90.00 bps, at or below 96.00 bps for 30 s",
        ]);
        _breaker.Last!.Value.ShouldBe(90);
        _breaker.Last.Threshold.ShouldBe(120);
    }

    [Fact]
    public void PauseEndsBetweenCalmAndMaximum_StillWidens()
    {
        _breaker.Take(0, Ready(250)).Take(1, Ready(100)).Take(31, Ready(100));
        _breaker.Said[^1].ShouldBe("31 Widened ×2: volatility 100.00 bps is below the pause but not back at 96.00 bps: half-spread × 2");
    }

    [Fact]
    public void CalmAfterAPause_EndsBothAtOnce()
    {
        _breaker.Take(0, Ready(250)).Take(1, Ready(20)).Take(31, Ready(20));
        _breaker.Said[^1].ShouldBe("31 Active ×1: volatility 20.00 bps, at or below 96.00 bps for 30 s");
    }

    [Fact]
    public void EstimateNotReady_HaltsUntilTheFirstReadyOne()
    {
        _breaker.Take(0, Ready(20)).Take(1, new(0, 0, 0, false)).Take(2, new(0, double.NaN, 0, false)).Take(3, Ready(20));
        _breaker.Said.ShouldBe(["1 Halted ×1: volatility is warming up", "3 Active ×1: volatility is ready at 20.00 bps"]);
    }

    [Fact]
    public void Start_IsWarmingUpWithoutSayingSo()
    {
        var starting = new Driven<VolatilitySnapshot, VolatilityBreakerState>(Create(VolatilityBreakerState.Starting));
        starting.Take(0, new(0, 0, 0, false)).Said.ShouldBeEmpty();
        starting.Take(1, Ready(500)).Said.ShouldBeEmpty();
        starting.Take(2, Ready(20)).Take(32, Ready(20)).Said.ShouldBe(["32 Active ×1: volatility 20.00 bps, at or below 96.00 bps for 30 s"]);
    }

    [Fact]
    public void NotANumber_PausesAndRecoversLikeASpike()
    {
        _breaker.Take(0, Ready(double.NaN)).Take(1, Ready(20)).Take(31, Ready(20));
        _breaker.Said.ShouldBe(
            ["0 Halted ×1: volatility is not a finite number: quoting pauses", "31 Active ×1: volatility 20.00 bps, at or below 96.00 bps for 30 s"]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Double[0, 300], Gen.Int[1, 20], Gen.Int[0, 9]).Array[1, 25].Sample(steps =>
        {
            var seconds = 0;
            var script = steps.Select(s => ((double)(seconds += s.Item2), new VolatilitySnapshot(0, s.Item1, 0, s.Item3 > 0))).ToArray();
            Restored.ShouldSayTheSame(script, VolatilityBreakerState.Starting, Create, seconds);
        });

    private static VolatilityBreaker Create(VolatilityBreakerState state) => new(state, 120, new());

    private static VolatilitySnapshot Ready(double raw) => new(0, raw, Math.Min(raw, 120), true);
}
