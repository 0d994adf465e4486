using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels;

public class QuoteModelTests
{
    private static readonly AvellanedaStoikov Model = new();

    [Theory]
    [InlineData(5, 2.20, 1.25)]
    [InlineData(10, 5.95, 5)]
    [InlineData(20, 20.95, 20)]
    [InlineData(40, 80.95, 80)]
    [InlineData(80, 320.95, 320)]
    [InlineData(120, 720.95, 720)]
    public void AvellanedaStoikov_MatchesTheTable(double volatilityBps, double halfSpreadBps, double shiftBps)
    {
        var terms = Model.Terms(1, 0.1, volatilityBps, QuoteSetting.Dct);
        (terms.RiskTermBps + terms.ArrivalTermBps).ShouldBe(halfSpreadBps, 0.005);
        terms.ReservationShiftBps.ShouldBe(-shiftBps, 1e-9);
        Model.Terms(-1, 0.1, volatilityBps, QuoteSetting.Dct).ReservationShiftBps.ShouldBe(shiftBps, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-300)]
    [InlineData(1e-17)]
    [InlineData(1e-12)]
    public void ArrivalTerm_TendsToOneOverKappa(double riskAversion) =>
        AvellanedaStoikov.ArrivalTermBps(riskAversion, 0.5).ShouldBe(2, 1e-11);

    [Theory]
    [InlineData(0.1, 1, 0.9531017980432486)]
    [InlineData(1e-8, 1, 0.9999999950000000333)]
    [InlineData(1, 0.01, 4.61512051684126)]
    public void ArrivalTerm_IsExactToLastDigits(double riskAversion, double arrivalSensitivity, double expected) =>
        AvellanedaStoikov.ArrivalTermBps(riskAversion, arrivalSensitivity).ShouldBe(expected, 2e-15 * expected);

    [Fact]
    public void ArrivalTerm_KeepsTheRiskAversionThatWasSet() =>
        Model.Terms(0, 0.2, 10, QuoteSetting.Dct).ArrivalTermBps.ShouldBe(Model.Terms(0, 0.05, 10, QuoteSetting.Dct).ArrivalTermBps);

    [Fact]
    public void Glft_MatchesGueantsNumbers()
    {
        // T = 1 s makes σ_T the volatility per √s; a quote size of q_soft makes Δ = 1.
        var parameters = QuoteSetting.Dct with
        {
            Quote = new()
            {
                RiskAversion = 0.05, ArrivalRate = 2.986162360812285, ArrivalSensitivity = 0.04235741115084049, Horizon = TimeSpan.FromSeconds(1),
                MaximumQuoteSize = 10_000m,
            },
        };
        var terms = new Glft().Terms(1, 0.05, 10.69, parameters);
        (terms.RiskTermBps + terms.ArrivalTermBps).ShouldBe(20.47208533844371, 1e-9);
        terms.ReservationShiftBps.ShouldBe(-9.76326865029227, 1e-9);
    }

    [Fact]
    public void Glft_IsLinearInVolatilityAndFreeOfTheHorizon()
    {
        var oneSecond = QuoteSetting.Dct with { Quote = new() { Horizon = TimeSpan.FromSeconds(1) } };
        var twoMinutes = QuoteSetting.Dct with { Quote = new() { Horizon = TimeSpan.FromSeconds(120) } };
        var near = new Glft().Terms(1, 0.1, 2, oneSecond);
        var far = new Glft().Terms(1, 0.1, 2 * Math.Sqrt(120), twoMinutes);
        far.RiskTermBps.ShouldBe(near.RiskTermBps, 1e-12);
        new Glft().Terms(1, 0.1, 4, oneSecond).ReservationShiftBps.ShouldBe(2 * near.ReservationShiftBps, 1e-12);
    }
}
