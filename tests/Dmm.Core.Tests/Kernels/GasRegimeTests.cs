using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels;

public class GasRegimeTests
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);

    [Fact]
    public void TheFirstPrice_IsTheBaseline() => Feed([0.06m]).ShouldBe(new GasRegimeState { BaselineTon = 0.06, LatestTon = 0.06, At = At(0) });

    [Theory]
    [InlineData(0.119, false)]
    [InlineData(0.121, true)]
    public void ASpike_BeginsAtTwiceTheBaseline(double price, bool isSpike) => Feed([0.06m, (decimal)price]).IsSpike.ShouldBe(isSpike);

    [Fact]
    public void ASpike_EndsOnlyBelowOneAndAHalfTimesTheBaseline()
    {
        Feed([0.06m, 0.13m, 0.1m]).IsSpike.ShouldBeTrue();
        Feed([0.06m, 0.13m, 0.085m]).IsSpike.ShouldBeFalse();
        Feed([0.06m, 0.1m]).IsSpike.ShouldBeFalse();
    }

    [Fact]
    public void ALastingChange_BecomesTheBaseline()
    {
        var state = Feed([0.06m, .. Enumerable.Repeat(0.18m, 3 * 3_600)]);
        state.IsSpike.ShouldBeFalse();
        state.BaselineTon.ShouldBe(0.165, 0.001);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void AnImpossiblePrice_IsRefused(double price)
    {
        var state = Feed([0.06m]);
        GasRegime.Step(state, new((decimal)price, At(1))).ShouldBe(state);
        GasRegime.Step(state, new(1m, At(0))).ShouldBe(state);
    }

    [Fact]
    public void ASpike_HalvesTheCadenceAndKeepsTheNearestRung()
    {
        GasRegimeState calm = default, spike = new() { IsSpike = true };
        GasRegime.CadenceMultiplier(calm).ShouldBe(1);
        GasRegime.CadenceMultiplier(spike).ShouldBe(2);
        GasRegime.Tiers(calm, new()).ShouldBe(3);
        GasRegime.Tiers(spike, new()).ShouldBe(1);
        foreach (var (seconds, inSpike) in new[] { (0, true), (2, false), (4, true), (6, false) })
        {
            GasRegime.IsRefreshDue(calm, At(seconds), Refresh).ShouldBeTrue();
            GasRegime.IsRefreshDue(spike, At(seconds), Refresh).ShouldBe(inSpike);
        }
    }

    [Fact]
    public void State_SurvivesJson()
    {
        var state = Feed([0.06m, 0.13m]);
        JsonSerializer.Deserialize<GasRegimeState>(JsonSerializer.Serialize(state)).ShouldBe(state);
    }

    private static GasRegimeState Feed(decimal[] prices)
    {
        var state = default(GasRegimeState);
        for (var i = 0; i < prices.Length; i++) state = GasRegime.Step(state, new(prices[i], At(i)));
        return state;
    }

    private static Timestamp At(int seconds) => QuoteSetting.Start + TimeSpan.FromSeconds(seconds);
}
