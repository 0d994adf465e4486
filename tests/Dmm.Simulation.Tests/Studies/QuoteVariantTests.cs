using Dmm.Core;

namespace Dmm.Simulation.Tests.Studies;

public sealed class QuoteVariantTests
{
    private static readonly QuotingParameters Standard = SimulatedDesk.DefaultParameters;

    [Theory]
    [InlineData(ComparedModel.As, QuoteModel.AvellanedaStoikov, 1.0, 1.0)]
    [InlineData(ComparedModel.AsFitted, QuoteModel.AvellanedaStoikov, 0.2, 1.0)]
    [InlineData(ComparedModel.Glft, QuoteModel.Glft, 0.2, 0.05)]
    public void Variant_SetsModelAndSkew_AndWhatItsModelTakesFromTheMarket(
        ComparedModel compared, QuoteModel model, double sensitivity, double rate)
    {
        var set = new QuoteVariant(compared, SkewMode.Widen).In(Standard, new(0.05, 0.2));
        set.Quote.ShouldBe(Standard.Quote with { Model = model, SkewMode = SkewMode.Widen, ArrivalSensitivity = sensitivity, ArrivalRate = rate });
        (set with { Quote = Standard.Quote }).ShouldBe(Standard);
    }

    [Fact]
    public void Names_AreThoseOfEveryModelAndSkew()
    {
        QuoteVariant.Skews.Select(s => s.Value).ShouldBe(Enum.GetValues<SkewMode>());
        QuoteVariant.Models.Select(m => m.Value).ShouldBe(Enum.GetValues<ComparedModel>());
        new QuoteVariant(ComparedModel.AsFitted, SkewMode.OneSided).Name.ShouldBe("as-fitted one-sided");
    }

    [Fact]
    public void ArrivalsOfCalm_AreItsUninformedVolumeInQuoteSizes()
    {
        // 0.12/(1 − 0.4) arrivals a second, 95 % of them uninformed, 60 DCT each, in quotes of 500.
        var arrivals = MarketArrivals.Of(MarketScenarios.Calm, 500m);
        arrivals.Intensity.ShouldBe(0.2 * 0.95 * 60 / 500, 1e-15);
        arrivals.Sensitivity.ShouldBe(0.2);
    }
}
