using CsCheck;
using Dmm.Core.QuickQuote;

namespace Dmm.Core.Tests.QuickQuote;

public sealed class MarketMakerModelTests
{
    private const double RoundingRelative = 1e-12;

    // Markets of every regime: inventories beyond the limit, flow and support beyond their clamps, prices off the reference.
    private static readonly Gen<MarketInputs> Markets =
        from prices in Gen.Double[0.001, 1_000].Select(Gen.Double[0.5, 2])
        from inventory in Gen.Double[-30_000, 30_000].Select(Gen.Double[-5_000, 5_000], Gen.Double[1, 20_000])
        from volatility in Gen.Double[-0.5, 3]
        from liquidity in Gen.Double[-1_000, 10_000].Select(Gen.Double[-1_000, 10_000], Gen.Double[-1_000, 10_000])
        from flow in Gen.Double[-1.5, 1.5].Select(Gen.Double[-1.5, 1.5])
        from support in Gen.Double[-0.5, 1.5]
        from basis in Gen.Double[-0.2, 0.2]
        select new MarketInputs
        {
            MidPrice = prices.Item1,
            TonReferencePrice = prices.Item1 * prices.Item2,
            Inventory = inventory.Item1,
            TargetInventory = inventory.Item2,
            InventoryLimit = inventory.Item3,
            Volatility = volatility,
            OnchainDepth = liquidity.Item1,
            OffchainDepth = liquidity.Item2,
            RecentVolume = liquidity.Item3,
            BuyPressure = flow.Item1,
            SellPressure = flow.Item2,
            TreasurySupport = support,
            BasisAdjustment = basis,
        };

    // Every finite bit pattern, to reach overflow and underflow.
    private static readonly Gen<double> AnyFinite = Gen.Double.Where(double.IsFinite);

    private static readonly Gen<double> AnyPositive = AnyFinite.Select(Math.Abs).Where(value => value > 0);

    private static readonly Gen<MarketInputs> Extremes =
        from positive in AnyPositive.Select(AnyPositive, AnyPositive)
        from any in AnyFinite.Array[10]
        select new MarketInputs
        {
            MidPrice = positive.Item1,
            TonReferencePrice = positive.Item2,
            InventoryLimit = positive.Item3,
            Inventory = any[0],
            TargetInventory = any[1],
            Volatility = any[2],
            OnchainDepth = any[3],
            OffchainDepth = any[4],
            RecentVolume = any[5],
            BuyPressure = any[6],
            SellPressure = any[7],
            TreasurySupport = any[8],
            BasisAdjustment = any[9],
        };

    [Fact]
    public void ExampleOfTheSpecification_GivesTheKnownQuote()
    {
        var quote = MarketMakerModel.Quote(Telemetry.Example);

        Math.Round(quote.FairValue, 8).ShouldBe(1.04899158);
        Math.Round(quote.SpreadBps, 10).ShouldBe(62.2);
        Math.Round(quote.BidPrice, 8).ShouldBe(1.04575777);
        Math.Round(quote.AskPrice, 8).ShouldBe(1.05222540);
        quote.BidSize.ShouldBe(5_000);
        quote.AskSize.ShouldBe(5_000);
        quote.InventoryRatio.ShouldBe(-0.025);
        quote.RebalanceRequired.ShouldBeFalse();
        quote.Notes.ShouldBeEmpty();
    }

    // Worked by hand with the optional inputs in play: i = 0.5, f = 0.4, s = 0.5, p = 0.25,
    // fair = 10·(1 + .01 − .06 + .032 + .025 − .025), spread = 38 + 33 + 18 − 11, size = (120 + 260 + 70)·0.75.
    [Fact]
    public void AllInputsInPlay_GiveTheQuoteWorkedByHand()
    {
        var quote = MarketMakerModel.Quote(new MarketInputs
        {
            MidPrice = 10,
            Inventory = 1_500,
            TargetInventory = 1_000,
            InventoryLimit = 1_000,
            Volatility = 0.3,
            TonReferencePrice = 8,
            OnchainDepth = 300,
            OffchainDepth = 100,
            RecentVolume = 200,
            BuyPressure = 0.7,
            SellPressure = 0.3,
            TreasurySupport = 0.5,
            BasisAdjustment = 0.01,
        });

        quote.FairValue.ShouldBe(9.82, 1e-9);
        quote.SpreadBps.ShouldBe(78, 1e-9);
        quote.BidPrice.ShouldBe(9.82 - 0.038298 * 1.175, 1e-9);
        quote.AskPrice.ShouldBe(9.82 + 0.038298 * 1.175, 1e-9);
        quote.BidSize.ShouldBe(337.5 * 0.86, 1e-9);
        quote.AskSize.ShouldBe(337.5 * 1.14, 1e-9);
        quote.InventoryRatio.ShouldBe(0.5);
        quote.RebalanceRequired.ShouldBeTrue();
    }

    [Theory]
    [InlineData(2_000, 2_349, false)]
    [InlineData(2_000, 2_350, true)]
    [InlineData(0, -349, false)]
    [InlineData(0, -350, true)]
    public void RebalanceFlag_StartsAtTheComfortRatio(double target, double inventory, bool required) =>
        MarketMakerModel.Quote(Telemetry.Example with { Inventory = inventory, TargetInventory = target, InventoryLimit = 1_000 })
            .RebalanceRequired.ShouldBe(required);

    [Theory]
    [InlineData(-1, 38)]
    [InlineData(0, 38)]
    [InlineData(0.1, 49)]
    [InlineData(1e300, 220)]
    public void Volatility_WidensFromTheBaseToTheCap(double volatility, double spreadBps) =>
        MarketMakerModel.Quote(Telemetry.Example with { Volatility = volatility }).SpreadBps.ShouldBe(spreadBps, 1e-9);

    [Fact]
    public void FullSupportInACalmMarket_StopsAtTheSpreadFloor() =>
        MarketMakerModel.Quote(Telemetry.Example with { Volatility = 0, TreasurySupport = 7 }).SpreadBps.ShouldBe(18);

    [Fact]
    public void NegativeDepthAndVolume_GiveTheBaseSize()
    {
        var quote = MarketMakerModel.Quote(Telemetry.Example with { OnchainDepth = -5, OffchainDepth = 2, RecentVolume = -9, Inventory = 5_000 });

        (quote.BidSize, quote.AskSize).ShouldBe((120, 120));
    }

    [Fact]
    public void FairValue_StopsAtItsFloor() =>
        MarketMakerModel.Quote(Telemetry.Example with { BasisAdjustment = -5 }).FairValue.ShouldBe(0.01);

    [Fact]
    public void AskBeyondTheLargestDouble_IsRefused()
    {
        var refusal = Should.Throw<MarketInputException>(
            () => MarketMakerModel.Quote(Telemetry.Example with { MidPrice = 1e308, TonReferencePrice = 1e308, BasisAdjustment = 5 }));

        refusal.Faults.ShouldBe([new("mid_price", "1E+308", "a price that gives a finite ask with basis_adjustment 5")]);
    }

    [Fact]
    public void AnyMarket_BidIsBelowFairValueAndAskAboveIt() =>
        Markets.Sample(inputs =>
        {
            var quote = MarketMakerModel.Quote(inputs);
            return 0 < quote.BidPrice && quote.BidPrice < quote.FairValue && quote.FairValue < quote.AskPrice;
        });

    [Fact]
    public void AnyMarket_ValuesStayWithinTheirBounds() => Markets.Sample(inputs => WithinBounds(MarketMakerModel.Quote(inputs)));

    [Fact]
    public void ExtremeInputs_GiveABoundedQuoteOrARefusal() =>
        Extremes.Sample(inputs =>
        {
            try
            {
                var quote = MarketMakerModel.Quote(inputs);
                return WithinBounds(quote) && 0 < quote.BidPrice && quote.BidPrice < quote.AskPrice && double.IsFinite(quote.AskPrice);
            }
            catch (MarketInputException refusal)
            {
                return refusal.Faults.Single().Name == "mid_price";
            }
        });

    [Fact]
    public void AnyMarket_QuotedSpreadIsTheSpreadWidenedByTheRatio() =>
        Markets.Sample(inputs =>
        {
            var quote = MarketMakerModel.Quote(inputs);
            var expected = quote.FairValue * quote.SpreadBps * 1e-4 * (1 + 0.35 * quote.InventoryRatio);
            return Math.Abs(quote.AskPrice - quote.BidPrice - expected) <= RoundingRelative * quote.AskPrice;
        });

    [Fact]
    public void InventoryMirroredAboutTheTarget_KeepsSpreadAndSizesAndMirrorsTheFairValue() =>
        Markets.Sample(inputs =>
        {
            // A target of 0 keeps the mirroring exact in doubles.
            var flat = inputs with { TargetInventory = 0, Inventory = 0 };
            var held = MarketMakerModel.Quote(flat with { Inventory = inputs.Inventory });
            var mirrored = MarketMakerModel.Quote(flat with { Inventory = -inputs.Inventory });
            var balanced = MarketMakerModel.Quote(flat);

            held.InventoryRatio.ShouldBe(-mirrored.InventoryRatio);
            (held.SpreadBps, held.BidSize, held.AskSize, held.RebalanceRequired)
                .ShouldBe((mirrored.SpreadBps, mirrored.BidSize, mirrored.AskSize, mirrored.RebalanceRequired));
            if (Math.Min(held.FairValue, mirrored.FairValue) > 0.01)
                (held.FairValue + mirrored.FairValue).ShouldBe(2 * balanced.FairValue, RoundingRelative * flat.MidPrice);
        });

    [Fact]
    public void PressuresSwapped_SwapTheSizesAndKeepTheSpread() =>
        Markets.Sample(inputs =>
        {
            var quote = MarketMakerModel.Quote(inputs);
            var swapped = MarketMakerModel.Quote(inputs with { BuyPressure = inputs.SellPressure, SellPressure = inputs.BuyPressure });

            (swapped.BidSize, swapped.AskSize, swapped.SpreadBps).ShouldBe((quote.AskSize, quote.BidSize, quote.SpreadBps));
        });

    [Fact]
    public void MoreInventory_NeverRaisesTheFairValue() =>
        Gen.Select(Markets, Gen.Double[0, 10_000]).Sample((inputs, more) =>
            MarketMakerModel.Quote(inputs with { Inventory = inputs.Inventory + more }).FairValue <= MarketMakerModel.Quote(inputs).FairValue);

    [Fact]
    public void MoreVolatility_NeverNarrowsTheSpread() =>
        Gen.Select(Markets, Gen.Double[0, 2]).Sample((inputs, more) =>
            MarketMakerModel.Quote(inputs with { Volatility = inputs.Volatility + more }).SpreadBps >= MarketMakerModel.Quote(inputs).SpreadBps);

    [Fact]
    public void MoreSupport_NeverLowersTheFairValueNorWidensTheSpread() =>
        Gen.Select(Markets, Gen.Double[0, 1]).Sample((inputs, more) =>
        {
            var quote = MarketMakerModel.Quote(inputs);
            var supported = MarketMakerModel.Quote(inputs with { TreasurySupport = inputs.TreasurySupport + more });
            return supported.FairValue >= quote.FairValue && supported.SpreadBps <= quote.SpreadBps;
        });

    [Fact]
    public void PricesInAnotherUnit_ScaleTheQuote() =>
        Markets.Where(inputs => MarketMakerModel.Quote(inputs).FairValue > 0.01).Sample(inputs =>
        {
            // A power of two scales doubles without rounding, so that the comparison can be exact.
            var quote = MarketMakerModel.Quote(inputs);
            var scaled = MarketMakerModel.Quote(
                inputs with { MidPrice = 1_024 * inputs.MidPrice, TonReferencePrice = 1_024 * inputs.TonReferencePrice });

            scaled.ShouldBe(quote with
            {
                BidPrice = 1_024 * quote.BidPrice,
                AskPrice = 1_024 * quote.AskPrice,
                FairValue = 1_024 * quote.FairValue,
            });
        });

    // The sizes span 120·0.65 to 5,000·1.35; the formula's own floor of 30 lies below that.
    private static bool WithinBounds(MarketMakerQuote quote) =>
        quote.SpreadBps is >= 18 and <= 220
        && quote.InventoryRatio is >= -1 and <= 1
        && quote.FairValue >= 0.01
        && quote.BidSize is >= 78 and <= 6_750
        && quote.AskSize is >= 78 and <= 6_750;
}
