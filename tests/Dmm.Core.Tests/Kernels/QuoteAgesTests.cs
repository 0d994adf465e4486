using CsCheck;
using Dmm.Core.Kernels;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class QuoteAgesTests
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.5);

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.2, 1)] // S(1) = 4/5
    [InlineData(0.45, 3)] // S(3) = 4/5 · 2/3 = 8/15
    [InlineData(0.5, 4)] // S(4) = 8/15 · 1/2 = 4/15
    public void KaplanMeier_CountsCensoredOnesAsStillAtRisk(double quantile, double seconds) =>
        KaplanMeier.Quantile([Filled(1), Cancelled(2), Filled(3), Filled(4), Cancelled(5)], quantile).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void KaplanMeier_NeverReached_IsNotMadeUp() =>
        KaplanMeier.Quantile([Filled(1), Cancelled(2), Filled(3), Filled(4), Cancelled(5)], 0.9).ShouldBeNull();

    [Fact]
    public void KaplanMeier_WithoutCensoring_IsThePlainQuantile() =>
        Gen.Select(Gen.Int[1, 100_000].Array[1, 300], Gen.Int[500, 999]).Sample((milliseconds, permille) =>
        {
            var sorted = milliseconds.Order().Select(ms => new QuoteAgeObservation(TimeSpan.FromMilliseconds(ms), true)).ToArray();
            var rank = (permille * sorted.Length + 999) / 1000;
            KaplanMeier.Quantile(sorted, permille / 1000.0).ShouldBe(sorted[rank - 1].Age);
        });

    [Fact]
    public void Limit_IsKnownFromThirtyFillsOn()
    {
        var ages = NewAges();
        for (var i = 1; i < 30; i++) ages.Observe(Filled(i));
        ages.Limit.ShouldBeNull();
        ages.Observe(Filled(30));
        ages.Limit.ShouldBe(TimeSpan.FromSeconds(27));
    }

    [Fact]
    public void Limit_IsNeverBelowTwiceTheRefreshInterval()
    {
        var ages = NewAges();
        for (var i = 0; i < 30; i++) ages.Observe(Filled(0.01));
        ages.Limit.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void OwnCancels_LengthenTheLimitInsteadOfShorteningIt()
    {
        var ages = NewAges();
        for (var i = 1; i <= 30; i++)
        {
            ages.Observe(Cancelled(i / 4.0));
            ages.Observe(Filled(i));
        }

        ages.Limit!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(27));
    }

    [Fact]
    public void OldestObservation_MakesRoom()
    {
        var ages = NewAges();
        for (var i = 0; i < 30; i++) ages.Observe(Filled(5));
        for (var i = 0; i < QuoteAges.ObservationsMaximum; i++) ages.Observe(Filled(2));
        ages.Capture().Observations.Length.ShouldBe(QuoteAges.ObservationsMaximum);
        ages.Limit.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Restored_ContinuesAsIfItHadNeverStopped() => Gen.Select(Gen.Int[1, 50], Gen.Bool).Array[1, 200].Sample(observations =>
    {
        var (whole, split) = (NewAges(), NewAges());
        foreach (var (seconds, isFilled) in observations)
        {
            whole.Observe(new(TimeSpan.FromSeconds(seconds), isFilled));
            split = new(new(), Refresh, ThroughJson(split.Capture()));
            split.Observe(new(TimeSpan.FromSeconds(seconds), isFilled));
        }

        Text(split.Capture()).ShouldBe(Text(whole.Capture()));
    }, iter: 20);

    private static QuoteAges NewAges() => new(new(), Refresh, QuoteAgesState.Empty);

    private static QuoteAgeObservation Filled(double seconds) => new(TimeSpan.FromSeconds(seconds), true);

    private static QuoteAgeObservation Cancelled(double seconds) => new(TimeSpan.FromSeconds(seconds), false);
}
