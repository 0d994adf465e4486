using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Core.Tests.Kernels.QuoteSetting;

namespace Dmm.Core.Tests.Kernels;

public class QuoteKernelTests
{
    private static readonly QuotingParameters OneSided = Dct with { Quote = Dct.Quote with { SkewMode = SkewMode.OneSided } };

    [Theory]
    [InlineData(SkewMode.AsWritten, 1, -15.95, 5.95)]
    [InlineData(SkewMode.Shift, 1, -15.95, -4.05)]
    [InlineData(SkewMode.OneSided, 1, -15.95, 0.95)]
    [InlineData(SkewMode.Widen, 1, -15.95, 5.95)]
    [InlineData(SkewMode.AsWritten, -1, 4.05, 5.95)]
    [InlineData(SkewMode.Shift, -1, 4.05, 15.95)]
    [InlineData(SkewMode.OneSided, -1, -0.95, 15.95)]
    [InlineData(SkewMode.Widen, -1, -5.95, 15.95)]
    public void WorkedExample_BeforeTheFloor(SkewMode mode, int ratio, double bidBps, double askBps)
    {
        var pair = QuoteKernel.Skewed(mode, -5.0 * ratio, 5.953102, 5.0 * ratio);
        pair.BidBps.ShouldBe(bidBps, 0.005);
        pair.AskBps.ShouldBe(askBps, 0.005);
    }

    [Theory]
    [InlineData(SkewMode.AsWritten, 1, -15.953102, 5.953102)]
    [InlineData(SkewMode.Shift, 1, -15.953102, 0)]
    [InlineData(SkewMode.OneSided, 1, -15.953102, 0.953102)]
    [InlineData(SkewMode.Widen, 1, -15.953102, 5.953102)]
    [InlineData(SkewMode.AsWritten, -1, 0, 5.953102)]
    [InlineData(SkewMode.Shift, -1, 0, 15.953102)]
    [InlineData(SkewMode.OneSided, -1, -0.953102, 15.953102)]
    [InlineData(SkewMode.Widen, -1, -5.953102, 15.953102)]
    public void WorkedExample_AsQuoted_StaysOnItsSideOfTheMid(SkewMode mode, int ratio, double bidBps, double askBps)
    {
        var terms = QuoteKernel.Compute(Situation(ratio, 10), Bare(new() { SkewMode = mode, SkewBps = 5 }), FreeVenue, Cex);
        terms.BidBps.ShouldBe(bidBps, 1e-9);
        terms.AskBps.ShouldBe(askBps, 1e-9);
        terms.SkewBps.ShouldBe(5 * ratio);
    }

    [Fact]
    public void Terms_ReportEachPart()
    {
        // γ = 0.1·¾ at |q̂| = 0.65; δ = (0.075·200 + 0.953102)·1.5·2 = 47.859306; b = 0.7·0.4·95.718612.
        var terms = QuoteKernel.Compute(Situation(0.65, 20, toxicity: 1.5, breakers: 2), OneSided, CexVenue, Cex);
        terms.RiskAversion.ShouldBe(0.075, 1e-12);
        terms.ReservationShiftBps.ShouldBe(-9.75);
        terms.RiskTermBps.ShouldBe(15);
        terms.ArrivalTermBps.ShouldBe(0.953102);
        terms.HalfSpreadBps.ShouldBe(47.859306);
        terms.SkewBps.ShouldBe(26.801211);
        terms.FloorBps.ShouldBe(7);
        terms.FloorWideningBps.ShouldBe(0);
        terms.CapReductionBps.ShouldBe(0);
        terms.BidBps.ShouldBe(-9.75 - 47.859306 - 26.801211, 1e-9);
        terms.AskBps.ShouldBe(-9.75 + 47.859306, 1e-9);
        (terms.ToxicityMultiplier, terms.BreakerMultiplier, terms.VolatilityBps, terms.RawVolatilityBps).ShouldBe((1.5, 2, 20, 20));
    }

    [Fact]
    public void Cap_BoundsTheHalfSpreadAndSaysByHowMuch()
    {
        var terms = QuoteKernel.Compute(Situation(0, 120), Dct, CexVenue, Cex);
        terms.HalfSpreadBps.ShouldBe(150);
        terms.CapReductionBps.ShouldBe(0.05 * 7200 + 0.953102 - 150, 1e-9);
        (terms.BidBps, terms.AskBps).ShouldBe((-150, 150));
    }

    [Theory]
    [InlineData(80, 0)]
    [InlineData(0, 80)]
    [InlineData(12.5, 200)]
    public void SwapsOnTheirWay_KeepTheirSideOff_BesideEveryOtherTerm_AndLeaveTheOther(double upBps, double downBps)
    {
        // Below its floor, capped, and with a side that is held at the mid.
        foreach (var (ratio, volatility, toxicity) in new[] { (0.0, 5.0, 1.0), (0, 120, 1), (1, 10, 1), (-1, 10, 1.5) })
        {
            var calm = QuoteKernel.Compute(Situation(ratio, volatility, toxicity), Dct, CexVenue, Cex);
            var careful = QuoteKernel.Compute(
                Situation(ratio, volatility, toxicity) with { PendingUpBps = upBps, PendingDownBps = downBps }, Dct, CexVenue, Cex);
            careful.AskBps.ShouldBe(calm.AskBps + upBps, 1e-9);
            careful.BidBps.ShouldBe(calm.BidBps - downBps, 1e-9);
            (careful with { AskBps = calm.AskBps, BidBps = calm.BidBps, PendingUpBps = 0, PendingDownBps = 0 }).ShouldBe(calm);
            (careful.PendingUpBps, careful.PendingDownBps).ShouldBe((upBps, downBps));
        }
    }

    [Fact]
    public void SwapsOnTheirWayThatAreNoNumber_AreRefused() =>
        Should.Throw<InvalidOperationException>(
            () => QuoteKernel.Compute(Situation(0, 20) with { PendingDownBps = double.NaN }, Dct, CexVenue, Cex));

    [Fact]
    public void Floor_PrevailsOverTheCap()
    {
        var parameters = Dct with { Quote = new() { HalfSpreadCapBps = 10, FloorOverFeesBps = 50 } };
        var terms = QuoteKernel.Compute(Situation(0, 20), parameters, CexVenue, Cex);
        (terms.HalfSpreadBps, terms.BidBps, terms.AskBps).ShouldBe((10, -27, 27));
    }

    [Fact]
    public void Floor_WidensEquallyAroundTheQuotesOwnCentre()
    {
        // σ_T = 6, |q̂| = 0.2: r = −0.18, δ = 1.853102, b = 0.6; 4.306204 wide, the floor is 7.
        var terms = QuoteKernel.Compute(Situation(0.2, 6), OneSided, CexVenue, Cex);
        terms.FloorWideningBps.ShouldBe(7 - 4.306204, 1e-9);
        ((terms.BidBps + terms.AskBps) / 2).ShouldBe(-0.18 - 0.3, 1e-9);
        (terms.AskBps - terms.BidBps).ShouldBe(7, 1e-9);
    }

    [Theory]
    [InlineData(0.29, 5, 5.5)]
    [InlineData(0.31, 5, 7)]
    [InlineData(0.29, 5.01, 7)]
    public void Floor_IsLowerWhileCalmAndBalanced(double ratio, double volatilityBps, double floorBps)
    {
        var terms = QuoteKernel.Compute(Situation(ratio, volatilityBps), Dct, CexVenue, Cex);
        terms.FloorBps.ShouldBe(floorBps);
        (terms.AskBps - terms.BidBps).ShouldBe(floorBps, 1e-9);
    }

    [Theory]
    [InlineData(2, 3, 1.5, 7, 5.5)]
    [InlineData(2, 2, 1.5, 6, 5)]
    [InlineData(2, 0.5, 1.5, 4.5, 4.5)]
    [InlineData(-1, 3, 1, 1, 0)]
    [InlineData(-5, 3, 1, 0, 0)]
    public void FloorInCalm_StaysABasisPointOverFees(double makerFeeBps, double overBps, double reductionBps, double ordinaryBps, double calmBps) =>
        SpreadFloor.Of(new() { FloorOverFeesBps = overBps, CalmFloorReductionBps = reductionBps }, CexVenue with { MakerFeeBps = makerFeeBps }, Cex)
            .ShouldBe(new SpreadFloor(ordinaryBps, calmBps));

    [Fact]
    public void FloorOfAPool_HasTheGasCushionInPlaceOfFees() =>
        SpreadFloor.Of(new(), CexVenue with { MakerFeeBps = 30 }, Pool).ShouldBe(new SpreadFloor(6, 4.5));

    [Fact]
    public void Widening_MayPullTheReducingSideBackAsTheLadderClimbs()
    {
        // The one place where the quote is not monotone in q̂: δ·3 outgrows the shift. Unmultiplied, the ask falls.
        double Ask(double ratio, double breakers) => QuoteKernel.Compute(Situation(ratio, 10, breakers: breakers), OneSided, CexVenue, Cex).AskBps;
        Ask(0.3, 3).ShouldBe(9.609306, 1e-6);
        Ask(0.6, 3).ShouldBe(11.430735, 1e-6);
        Ask(0.6, 1).ShouldBeLessThan(Ask(0.3, 1));
    }

    [Theory]
    [InlineData(double.NaN, 10, 1, 1)]
    [InlineData(0, double.PositiveInfinity, 1, 1)]
    [InlineData(0, 10, double.NaN, 1)]
    [InlineData(0, 10, 1, double.NegativeInfinity)]
    public void AnInputThatIsNotFinite_IsABug(double ratio, double volatilityBps, double toxicity, double breakers) =>
        Should.Throw<InvalidOperationException>(() => QuoteKernel.Compute(Situation(ratio, volatilityBps, toxicity, breakers), Dct, CexVenue, Cex))
            .Message.ShouldStartWith("a quote needs finite inputs: ");

    [Theory]
    [InlineData(QuoteModel.AvellanedaStoikov)]
    [InlineData(QuoteModel.Glft)]
    public void Compute_AllocatesNothing(QuoteModel model)
    {
        var parameters = Dct with { Quote = new() { Model = model } };
        double sum = 0;
        Allocations
            .PerItem(i => sum += QuoteKernel.Compute(Situation(i % 30 * 0.1 - 1.5, 5 + i % 100), parameters, CexVenue, Cex).AskBps)
            .ShouldBe(0);
        sum.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void WidenedBetweenTheCalmAndTheOrdinaryFloor_TheAccumulatingSideDoesNotApproachAsInventoryGrows()
    {
        var quote = Dct.Quote with
        {
            RiskAversion = 0.0017764733271585483, ArrivalSensitivity = 0.4272476319898818, SkewBps = 0, FloorOverFeesBps = 4.380952380952381,
            CalmFloorReductionBps = 1.5692307692307692, LightInventoryRatio = 0,
        };
        QuoteTerms At(double ratio) => QuoteKernel.Compute(Situation(ratio, 5, 1.2528356302490906, 1.2528356302490906), Dct with { Quote = quote }, CexVenue, Pool);
        At(1.0 / 91).BidBps.ShouldBeLessThanOrEqualTo(At(1e-9).BidBps);
    }
}
