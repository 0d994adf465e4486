using System.Text.Json;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels;

public class EwmaVolatilityTests
{
    private static readonly VolatilityParameters Parameters = new();
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0.90, 0.01 * 0.01, 0.00013)]
    [InlineData(0.94, 1e-4, 0.000118)]
    public void Hull_Exercise52(double lambda, double variance, double expected) =>
        EwmaVolatility.Blend(variance, 1 - lambda, 0.02 * 0.02).ShouldBe(expected, 1e-12);

    [Fact]
    public void ConstantReturns_GiveTheirVarianceFromTheFirstOn()
    {
        var state = default(EwmaVolatilityState);
        for (var i = 0; i <= 300; i++)
        {
            // One basis point up, one down, each second: 1 bps²/s.
            state = EwmaVolatility.Step(state, At(i), i % 2 == 0 ? 1.0 : Math.Exp(1e-4), Parameters);
            if (i > 0) state.VarianceRate.ShouldBe(1.0, 1e-9);
        }

        EwmaVolatility.Snapshot(state, At(300), Parameters, Horizon).RawVolatilityBps.ShouldBe(Math.Round(Math.Sqrt(120), 6));
    }

    [Fact]
    public void AShock_IsHalfForgottenAfterOneHalfLife()
    {
        var state = Mature(varianceRate: 0);
        state = EwmaVolatility.Step(state, At(1), Math.Exp(0.01), Parameters);
        var shock = state.VarianceRate;
        shock.ShouldBe((1 - Math.Pow(2, -1 / 120.0)) * 10_000, 1e-6);
        for (var i = 2; i <= 121; i++) state = EwmaVolatility.Step(state, At(i), Math.Exp(0.01), Parameters);
        state.VarianceRate.ShouldBe(shock / 2, 1e-9);
    }

    [Fact]
    public void AReturnOverAGap_CountsPerSecondAndByItsSpan()
    {
        var state = EwmaVolatility.Step(Mature(varianceRate: 0), At(60), Math.Exp(0.01), Parameters);
        state.VarianceRate.ShouldBe((1 - Math.Pow(2, -0.5)) * 10_000 / 60, 1e-6);
    }

    [Fact]
    public void WarmUp_EndsWithAHalfLifeOfReturns()
    {
        var state = default(EwmaVolatilityState);
        for (var i = 0; i < 120; i++) state = EwmaVolatility.Step(state, At(i), 1.0, Parameters);
        EwmaVolatility.Snapshot(state, At(119), Parameters, Horizon).IsReady.ShouldBeFalse();
        state = EwmaVolatility.Step(state, At(120), 1.0, Parameters);
        EwmaVolatility.Snapshot(state, At(120), Parameters, Horizon).IsReady.ShouldBeTrue();
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void AGap_RestartsTheWarmUpOnlyWhenLongerThanTheHalfLife(int seconds, bool isReady)
    {
        var mature = Mature(varianceRate: 4);
        EwmaVolatility.Snapshot(mature, At(seconds), Parameters, Horizon).IsReady.ShouldBe(isReady);
        var state = EwmaVolatility.Step(mature, At(seconds), 1.0, Parameters);
        EwmaVolatility.Snapshot(state, At(seconds), Parameters, Horizon).IsReady.ShouldBe(isReady);
        state.Returns.ShouldBe(isReady ? 1_001 : 0);
        if (!isReady) state.ShouldBe(new EwmaVolatilityState { LastPrice = 1.0, LastAt = At(seconds) });
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0)]
    [InlineData(-1)]
    public void AnImpossiblePrice_LeavesTheStateAsItWas(double price)
    {
        var state = Mature(varianceRate: 4);
        EwmaVolatility.Step(state, At(1), price, Parameters).ShouldBe(state);
        EwmaVolatility.Step(default, At(1), price, Parameters).ShouldBe(default);
    }

    [Fact]
    public void ASampleNotLaterThanTheLast_IsRefused() => EwmaVolatility.Step(Mature(4), At(0), 2.0, Parameters).ShouldBe(Mature(4));

    [Theory]
    [InlineData(0.001, 5)]
    [InlineData(1.0, 10.954451)]
    [InlineData(1_000, 120)]
    public void HorizonVolatility_IsGivenRawAndClamped(double varianceRate, double clamped)
    {
        var snapshot = EwmaVolatility.Snapshot(Mature(varianceRate), At(0), Parameters, Horizon);
        snapshot.RawVolatilityBps.ShouldBe(Math.Round(Math.Sqrt(varianceRate * 120), 6));
        snapshot.VolatilityBps.ShouldBe(clamped);
        snapshot.VarianceRate.ShouldBe(varianceRate);
    }

    [Fact]
    public void AnyPrices_KeepTheStateFiniteAndScaleFree() =>
        Gen.Select(Gen.Double[1e-9, 1e9].Array[1, 50], Gen.Double[1e-6, 1e6]).Sample((prices, scale) =>
        {
            EwmaVolatilityState state = default, scaled = default;
            for (var i = 0; i < prices.Length; i++)
            {
                state = EwmaVolatility.Step(state, At(i), prices[i], Parameters);
                scaled = EwmaVolatility.Step(scaled, At(i), prices[i] * scale, Parameters);
            }

            state.VarianceRate.ShouldBeInRange(0, double.MaxValue);
            scaled.VarianceRate.ShouldBe(state.VarianceRate, 1e-6 * (1 + state.VarianceRate));
            state.Weight.ShouldBeInRange(0, 1);
        });

    [Fact]
    public void State_SurvivesJson()
    {
        var state = EwmaVolatility.Step(EwmaVolatility.Step(default, At(0), 1.1, Parameters), At(1), 1.2, Parameters);
        JsonSerializer.Deserialize<EwmaVolatilityState>(JsonSerializer.Serialize(state)).ShouldBe(state);
    }

    [Fact]
    public void Step_AllocatesNothing()
    {
        var state = default(EwmaVolatilityState);
        var at = QuoteSetting.Start;
        Allocations.PerItem(i => state = EwmaVolatility.Step(state, at += Second, 1.0 + i % 7 * 1e-4, Parameters)).ShouldBe(0);
    }

    private static EwmaVolatilityState Mature(double varianceRate) =>
        new() { VarianceRate = varianceRate, Weight = 1, Returns = 1_000, LastPrice = 1, LastAt = At(0) };

    private static Timestamp At(double seconds) => QuoteSetting.Start + TimeSpan.FromSeconds(seconds);
}
