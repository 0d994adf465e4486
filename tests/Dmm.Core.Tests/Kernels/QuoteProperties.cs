using System.Collections.Immutable;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Core.Tests.Kernels.QuoteSetting;

namespace Dmm.Core.Tests.Kernels;

/// <summary>The properties of the quote over the permitted ranges of its parameters; CsCheck prints the seed of a failure.</summary>
public class QuoteProperties
{
    // Each side is a sum of at most four terms quantised to 10⁻⁶ bps, doubles of up to some 10⁵ bps.
    private const double Quantum = 4e-6;
    private const long Iterations = 5_000;

    private static readonly Gen<double> Ratio = Gen.Double[-2, 2];
    private static readonly Gen<double> Volatility = Gen.OneOf(Gen.Double[5, 120], Gen.Const(5.0), Gen.Double[5, 12]);
    private static readonly Gen<double> Multiplier = Gen.OneOf(Gen.Const(1.0), Gen.Double[1, 4]);

    private static readonly Gen<SkewMode> AnyMode = Gen.Enum<SkewMode>();
    private static readonly Gen<SkewMode> SoundMode = Gen.OneOf(Gen.Const(SkewMode.Shift), Gen.Const(SkewMode.OneSided), Gen.Const(SkewMode.Widen));
    private static readonly Gen<SkewMode> MonotoneMode = Gen.OneOf(Gen.Const(SkewMode.Shift), Gen.Const(SkewMode.OneSided));

    [Fact]
    public void TurningInventoryAround_MirrorsTheSides() =>
        Gen.Select(Setting(SoundMode), Ratio, Volatility, Multiplier).Sample((setting, ratio, volatility, multiplier) =>
        {
            var quote = Quote(setting, ratio, volatility, multiplier);
            var mirrored = Quote(setting, -ratio, volatility, multiplier);
            mirrored.BidBps.ShouldBe(-quote.AskBps, Quantum);
            mirrored.AskBps.ShouldBe(-quote.BidBps, Quantum);
        }, iter: Iterations);

    [Fact]
    public void Spread_IsNeverUnderTheFloorAndNeitherSideBeyondTheMid() =>
        Gen.Select(Setting(AnyMode), Ratio, Volatility, Multiplier).Sample((setting, ratio, volatility, multiplier) =>
        {
            var quote = Quote(setting, ratio, volatility, multiplier);
            (quote.AskBps - quote.BidBps).ShouldBeGreaterThanOrEqualTo(quote.FloorBps - Quantum);
            quote.BidBps.ShouldBeLessThanOrEqualTo(0);
            quote.AskBps.ShouldBeGreaterThanOrEqualTo(0);
        }, iter: Iterations);

    [Fact]
    public void WithoutSkew_EveryModeGivesThePlainQuote() =>
        Gen.Select(Setting(AnyMode), SoundMode, Ratio, Volatility).Sample((setting, other, ratio, volatility) =>
        {
            var plain = setting with { Parameters = setting.Parameters with { Quote = setting.Parameters.Quote with { SkewBps = 0 } } };
            var sameInOther = plain with { Parameters = plain.Parameters with { Quote = plain.Parameters.Quote with { SkewMode = other } } };
            var quote = Quote(plain, ratio, volatility, 1);
            quote.SkewBps.ShouldBe(0);
            quote.ShouldBe(Quote(sameInOther, ratio, volatility, 1));
        }, iter: Iterations);

    [Fact]
    public void AsInventoryRises_NeitherSideRises() =>
        Gen.Select(Setting(MonotoneMode), Ratio, Ratio, Volatility).Sample((setting, one, other, volatility) =>
        {
            var low = Quote(setting, Math.Min(one, other), volatility, 1);
            var high = Quote(setting, Math.Max(one, other), volatility, 1);
            high.BidBps.ShouldBeLessThanOrEqualTo(low.BidBps + Quantum);
            high.AskBps.ShouldBeLessThanOrEqualTo(low.AskBps + Quantum);
        }, iter: Iterations);

    [Fact]
    public void AsInventoryGrowsUnderWidening_TheAccumulatingSideNeverApproaches() =>
        Gen.Select(Setting(MonotoneMode), Ratio, Ratio, Volatility, Multiplier).Sample((setting, one, other, volatility, multiplier) =>
        {
            var lighter = Quote(setting, Math.Min(Math.Abs(one), Math.Abs(other)), volatility, multiplier);
            var heavier = Quote(setting, Math.Max(Math.Abs(one), Math.Abs(other)), volatility, multiplier);
            heavier.BidBps.ShouldBeLessThanOrEqualTo(lighter.BidBps + Quantum);
        }, iter: Iterations);

    [Fact]
    public void NearTheSoftLimit_SkewIsItsShareOfTheSpread() =>
        Gen.Select(Setting(AnyMode), Gen.Double[0.8, 2], Volatility).Sample((setting, ratio, volatility) =>
        {
            var quote = setting.Parameters.Quote with { LightInventoryRatio = 0.3, NearLimitRatio = 0.8 };
            var terms = Quote(setting with { Parameters = setting.Parameters with { Quote = quote } }, ratio, volatility, 1);
            if (quote.SkewBps == 0) return;
            var spread = Math.Max(2 * terms.HalfSpreadBps, terms.FloorBps);
            terms.SkewBps.ShouldBe(Math.Max(quote.NearLimitSkewFraction * spread, quote.SkewBps * Math.Min(ratio, 1)), Quantum);
        }, iter: Iterations);

    [Fact]
    public void Ladder_NeverCrossesAndKeepsEveryLimit() =>
        Gen.Select(Setting(AnyMode), Ratio, Volatility, Gen.Double[0.5, 2], Gen.Long[5_000, 20_000], Gen.Long[1, 400])
            .Sample((setting, ratio, volatility, fair, bestBid, gap) =>
            {
                var situation = QuoteLadderTests.Situation(ratio, new FixedBook(new(0), bestBid, bestBid + gap)) with { FairValue = fair };
                var terms = Quote(setting, ratio, volatility, 1);
                var parameters = setting.Parameters;
                var levels = QuoteLadder.Build(situation, terms, parameters, setting.Venue, Cex);
                foreach (var bid in levels.Bids) bid.PriceTicks.ShouldBeLessThanOrEqualTo(bestBid + gap - 1);
                foreach (var ask in levels.Asks) ask.PriceTicks.ShouldBeGreaterThanOrEqualTo(bestBid + 1);
                if (levels is { Bids: [var nearBid, ..], Asks: [var nearAsk, ..] }) nearBid.PriceTicks.ShouldBeLessThan(nearAsk.PriceTicks);
                var (bestBidPrice, bestAskPrice) = (fair * (1 + terms.BidBps * 1e-4), fair * (1 + terms.AskBps * 1e-4));
                foreach (var bid in levels.Bids) Cex.Prices.ToDouble(bid.PriceTicks).ShouldBeLessThanOrEqualTo(bestBidPrice + 1e-9);
                foreach (var ask in levels.Asks) Cex.Prices.ToDouble(ask.PriceTicks).ShouldBeGreaterThanOrEqualTo(bestAskPrice - 1e-9);
                CheckSide(levels.Bids.Select(level => -level.PriceTicks), levels.Bids, setting);
                CheckSide(levels.Asks.Select(level => level.PriceTicks), levels.Asks, setting);
                if (ratio >= 1.5) levels.Bids.ShouldBeEmpty();
                if (ratio <= -1.5) levels.Asks.ShouldBeEmpty();
            }, iter: Iterations);

    private static void CheckSide(IEnumerable<long> outward, ImmutableArray<QuoteLevel> levels, VenueSetting setting)
    {
        outward.Zip(outward.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First);
        levels.ShouldAllBe(level => Cex.Sizes.ToDecimal(level.SizeLots) >= Cex.MinimumSize);
        levels.ShouldAllBe(level => Cex.Notional(level.SizeLots, level.PriceTicks) >= Cex.MinimumNotional);
        levels.Sum(level => Cex.Notional(level.SizeLots, level.PriceTicks)).ShouldBeLessThanOrEqualTo(setting.Venue.OutstandingNotionalPerSide);
        levels.Sum(level => Cex.Sizes.ToDecimal(level.SizeLots)).ShouldBeLessThanOrEqualTo(setting.Parameters.Quote.MaximumQuoteSize);
    }

    private static QuoteTerms Quote(VenueSetting setting, double ratio, double volatility, double multiplier) =>
        QuoteKernel.Compute(Situation(ratio, volatility, toxicity: multiplier), setting.Parameters, setting.Venue, setting.IsPool ? Pool : Cex);

    private static Gen<VenueSetting> Setting(Gen<SkewMode> mode) => Gen.Select(
        mode,
        Gen.Enum<QuoteModel>(),
        Gen.Select(LogUniform(0.001, 10), LogUniform(0.01, 100), LogUniform(0.01, 100), Gen.Double[1, 3600]),
        Gen.Select(Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 50]), Gen.Double[0, 100], Gen.Double[10, 1000], Gen.Double[1, 2]),
        Gen.Select(Gen.Double[0, 0.79], Gen.Double[0.3, 0.5], Gen.Double[-10, 100], Gen.Bool),
        (skewMode, model, core, spread, venue) => new VenueSetting(
            Dct with
            {
                Quote = new()
                {
                    Model = model, SkewMode = skewMode, RiskAversion = core.Item1, ArrivalSensitivity = core.Item2, ArrivalRate = core.Item3,
                    Horizon = TimeSpan.FromSeconds(core.Item4), SkewBps = spread.Item1, FloorOverFeesBps = spread.Item2,
                    HalfSpreadCapBps = spread.Item3, CalmFloorReductionBps = spread.Item4, LightInventoryRatio = venue.Item1,
                    NearLimitSkewFraction = venue.Item2,
                },
            },
            CexVenue with { MakerFeeBps = venue.Item3 },
            venue.Item4));

    private static Gen<double> LogUniform(double min, double max) => Gen.Double[Math.Log(min), Math.Log(max)].Select(Math.Exp);

    private sealed record VenueSetting(QuotingParameters Parameters, VenueParameters Venue, bool IsPool);
}
