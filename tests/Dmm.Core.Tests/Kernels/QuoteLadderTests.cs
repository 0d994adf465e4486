using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Core.Tests.Kernels.QuoteSetting;

namespace Dmm.Core.Tests.Kernels;

public class QuoteLadderTests
{
    // σ_T = 20 and light inventory: δ = 0.05·200 + 0.953102 = 10.953102; rungs at 10.953102, 16.429653 and 24.6444795 bps from 1.0.
    private static readonly QuoteTerms Light = Terms(0);

    [Fact]
    public void LightInventory_QuotesNearerSizesOutwardOfTheFormula()
    {
        var levels = Build(Situation(0), Light);
        levels.Bids.ShouldBe([new(9_989, 2_500), new(9_983, 1_500), new(9_975, 1_000)]);
        levels.Asks.ShouldBe([new(10_011, 2_500), new(10_017, 1_500), new(10_025, 1_000)]);
        levels.Withheld.ShouldBe("");
    }

    [Fact]
    public void HeavyInventory_ShrinksTheAccumulatingSideOnly()
    {
        // |q̂| = 0.9 is half-way from 0.3 to the hard limit at 1.5.
        var levels = Build(Situation(0.9), Terms(0.9));
        levels.Bids.Select(level => level.SizeLots).ShouldBe([625, 1_250, 625]);
        levels.Asks.Select(level => level.SizeLots).ShouldBe([1_250, 2_500, 1_250]);
        Build(Situation(-0.9), Terms(-0.9)).Asks.Select(level => level.SizeLots).ShouldBe([625, 1_250, 625]);
    }

    [Fact]
    public void HardLimit_LeavesOnlyTheReducingSide()
    {
        var levels = Build(Situation(1.5), Terms(1.5));
        levels.Bids.ShouldBeEmpty();
        levels.Asks.Length.ShouldBe(3);
        levels.Withheld.ShouldBe("bids: inventory ratio 1.50 is at the hard limit");
        var mirrored = Build(Situation(-1.5), Terms(-1.5));
        mirrored.Asks.ShouldBeEmpty();
        mirrored.Withheld.ShouldBe("asks: inventory ratio -1.50 is at the hard limit");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void AWithheldSide_IsEmptyAndSaysWhy(bool withholdsBuys, bool withholdsSells)
    {
        var permission = new TradingPermission(TradingState.Reducing, 1, withholdsBuys, withholdsSells, "inventory over its limit");
        var levels = Build(Situation(0) with { Permission = permission }, Light);
        levels.Bids.IsEmpty.ShouldBe(withholdsBuys);
        levels.Asks.IsEmpty.ShouldBe(withholdsSells);
        levels.Withheld.ShouldBe($"{(withholdsBuys ? "bids" : "asks")}: Reducing: inventory over its limit");
    }

    [Fact]
    public void NoQuote_SaysWhy()
    {
        var ready = Situation(0);
        Build(ready with { Permission = Stopped(TradingState.Halted) }, Light).Withheld.ShouldBe("Halted: told to");
        Build(ready with { Permission = Stopped(TradingState.Killed) }, Light).Withheld.ShouldBe("Killed: told to");
        Build(ready with { IsVolatilityReady = false }, Light).Withheld.ShouldBe("volatility is warming up");
        Build(ready with { FairValue = 0 }, Light).Withheld.ShouldBe("no fair value in the quote asset");
        Build(ready with { QuoteAssetRate = 0 }, Light).Withheld.ShouldBe("no fair value in the quote asset");
        Build(ready with { Top = ready.Top with { Status = BookStatus.Gap } }, Light).Withheld.ShouldBe("the book is not valid: Gap");
        Build(ready with { SizeShare = 0 }, Light).Withheld.ShouldBe("fill quality leaves this venue no size");
        Build(ready with { Permission = Stopped(TradingState.Killed) }, Light).Bids.ShouldBeEmpty();
        Build(ready with { Permission = Stopped(TradingState.Killed) }, Light).Asks.ShouldBeEmpty();

        static TradingPermission Stopped(TradingState state) => new(state, 1, true, true, "told to");
    }

    [Fact]
    public void Sizes_AreWholeOrderSteps()
    {
        // 250, 150 and 100 DCT are 2,500, 1,500 and 1,000 lots, in steps of 400; 180 USD buy 1,801 lots at 0.9989.
        var stepped = Cex with { OrderStepLots = 400 };
        QuoteLadder.Build(Situation(0), Light, Dct, CexVenue, stepped).Bids.Select(level => level.SizeLots).ShouldBe([2_400, 1_200, 800]);
        var capped = CexVenue with { OutstandingNotionalPerSide = 180m };
        QuoteLadder.Build(Situation(0), Light, Dct, capped, stepped).Bids.Select(level => level.SizeLots).ShouldBe([1_600]);
    }

    [Fact]
    public void PostOnlyClamp_MergesTheRungsItPushesTogether()
    {
        // The venue's ask is at 0.9980: the two nearer bids meet one tick under it, the far one lies under that anyway.
        var levels = Build(Situation(0, new FixedBook(new(0), 9_970, 9_980)), Light);
        levels.Bids.ShouldBe([new(9_979, 4_000), new(9_975, 1_000)]);
        Build(Situation(0, new FixedBook(new(0), 10_020, 10_030)), Light).Asks.ShouldBe([new(10_021, 4_000), new(10_025, 1_000)]);
    }

    [Fact]
    public void APool_IsNotClampedToItsBest()
    {
        var situation = Situation(0, new FixedBook(new(1), 970_000, 980_000));
        QuoteLadder.Build(situation, Light, Dct, CexVenue, Pool).Bids[0].PriceTicks.ShouldBe(998_904);
    }

    [Fact]
    public void ACoarseTick_MergesRungs()
    {
        var coarse = Cex with { Prices = new(0.01m) };
        var levels = QuoteLadder.Build(Situation(0, new FixedBook(new(0), 90, 110)), Light, Dct, CexVenue, coarse);
        levels.Bids.ShouldBe([new(99, 5_000)]);
        levels.Asks.ShouldBe([new(101, 5_000)]);
    }

    [Fact]
    public void BothSidesAtAFairValueOnATick_AreKeptApart()
    {
        var terms = Light with { BidBps = 0, AskBps = 0 };
        var levels = Build(Situation(0), terms);
        levels.Bids[0].PriceTicks.ShouldBe(9_999);
        levels.Asks[0].PriceTicks.ShouldBe(10_000);
    }

    [Fact]
    public void APriceOnATick_IsNotPushedOutwardByTheLastBit()
    {
        // 1.05 / 0.01 is 105.00000000000001 in double.
        var coarse = Cex with { Prices = new(0.01m) };
        var situation = Situation(0, new FixedBook(new(0), 90, 120)) with { FairValue = 1.05 };
        QuoteLadder.Build(situation, Light with { AskBps = 0 }, Dct, CexVenue, coarse).Asks[0].PriceTicks.ShouldBe(105);
    }

    [Fact]
    public void PositionLimit_CutsTheFarRungsAndCountsWhatIsPending()
    {
        // Hard limit at 20,000: inventory 19,500 and 250 pending elsewhere leave 250. At |q̂| = 1.45 bids shrink to 1/24, so the maximum is set high.
        var parameters = Dct with { Quote = new() { MaximumQuoteSize = 12_000m } };
        var venue = CexVenue with { OutstandingNotionalPerSide = 1_000_000m };
        var situation = Situation(1.45) with { PendingBuys = new(250m, 0m) };
        var levels = QuoteLadder.Build(situation, Terms(1.45), parameters, venue, Cex);
        levels.Bids.Select(level => level.SizeLots).ShouldBe([1_250, 1_250]);
        levels.Withheld.ShouldContain("bids: cut by the position limit, which leaves 250");
        QuoteLadder.Build(situation with { PendingBuys = new(600m, 0m) }, Terms(1.45), parameters, venue, Cex).Bids.ShouldBeEmpty();
    }

    [Fact]
    public void ShortPositionLimit_CutsSells()
    {
        var parameters = Dct with { Quote = new() { MaximumQuoteSize = 12_000m } };
        var venue = CexVenue with { OutstandingNotionalPerSide = 1_000_000m };
        var situation = Situation(-1.45) with { PendingSells = new(400m, 0m) };
        QuoteLadder.Build(situation, Terms(-1.45), parameters, venue, Cex).Asks.Select(level => level.SizeLots).ShouldBe([1_000]);
    }

    [Fact]
    public void OutstandingNotional_CutsTheFarRungs()
    {
        // 300 USD: 250 DCT at 0.9989 take 249.725; the rest buys 50.3 at 0.9983.
        var levels = QuoteLadder.Build(Situation(0), Light, Dct, CexVenue with { OutstandingNotionalPerSide = 300m }, Cex);
        levels.Bids.ShouldBe([new(9_989, 2_500), new(9_983, 503)]);
        levels.Withheld.ShouldContain("bids: cut by the outstanding notional cap, which leaves 300");
        var pending = Situation(0) with { PendingBuys = new(0m, 200m) };
        QuoteLadder.Build(pending, Light, Dct, CexVenue with { OutstandingNotionalPerSide = 300m }, Cex).Bids.ShouldBe([new(9_989, 1_001)]);
    }

    [Fact]
    public void OutstandingNotional_IsReckonedInTheNumeraire()
    {
        var inTon = Situation(0) with { QuoteAssetRate = 3 };
        QuoteLadder.Build(inTon, Light, Dct, CexVenue with { OutstandingNotionalPerSide = 300m }, Cex).Bids.ShouldBe([new(9_989, 1_001)]);
    }

    [Fact]
    public void ARungUnderTheVenuesMinimum_IsDroppedWithItsReason()
    {
        var small = Dct with { Quote = new() { MaximumQuoteSize = 4m } };
        var levels = QuoteLadder.Build(Situation(0), Light, small, CexVenue, Cex);
        // 2, 1.2 and 0.8 DCT; the least is 1 DCT and 1 USDT.
        levels.Bids.ShouldBe([new(9_989, 20), new(9_983, 12)]);
        levels.Withheld.ShouldBe("bids: 0.8 at 0.9975 is below the venue's minimum; asks: 0.8 at 1.0025 is below the venue's minimum");
        QuoteLadder.Build(Situation(0), Light, small, CexVenue, Cex with { MinimumNotional = 1.5m }).Bids.ShouldBe([new(9_989, 20)]);
    }

    [Fact]
    public void GasSpike_KeepsTheNearestRung() =>
        Build(Situation(0) with { Tiers = 1 }, Light).Bids.ShouldBe([new(9_989, 2_500)]);

    [Fact]
    public void FillQuality_CutsEverySize() =>
        Build(Situation(0) with { SizeShare = 0.5 }, Light).Bids.Select(level => level.SizeLots).ShouldBe([1_250, 750, 500]);

    [Fact]
    public void AShiftBeyondThePrice_DropsTheRung()
    {
        var levels = Build(Situation(0), Light with { BidBps = -10_500 });
        levels.Bids.ShouldBeEmpty();
        levels.Withheld.ShouldBe("bids: rung 1 would lie at or below a price of zero");
    }

    [Fact]
    public void InverseContracts_AreSizedByTheirValueInTheBaseAsset()
    {
        // 0.5 BTC in all; near bid 0.25 BTC at 59,934.2 USD = 149.8 contracts of 100 USD.
        var parameters = QuotingParameters.Btc(CexVenue);
        var situation = Situation(0, new FixedBook(new(0), 599_000, 601_000)) with { FairValue = 60_000, Inventory = 0m };
        var levels = QuoteLadder.Build(situation, Light, parameters, CexVenue with { OutstandingNotionalPerSide = 100_000m }, CoinMargined);
        levels.Bids.ShouldBe([new(599_342, 149), new(599_014, 89), new(598_521, 59)]);
        var poor = QuoteLadder.Build(situation, Light, parameters, CexVenue with { OutstandingNotionalPerSide = 20_000m }, CoinMargined);
        poor.Bids.Select(level => level.SizeLots).ShouldBe([149, 51]);
    }

    [Fact]
    public void ALadder_AllocatesItsTwoArraysOnly()
    {
        var situation = Situation(0);
        // An array of three levels of 16 bytes: 24 bytes of header and length.
        Allocations.PerItem(_ => Build(situation, Light)).ShouldBe(2 * (24 + 3 * 16));
    }

    internal static LadderSituation Situation(double ratio, FixedBook? book = null) => new()
    {
        FairValue = 1.0,
        QuoteAssetRate = 1,
        IsVolatilityReady = true,
        Top = (book ?? new FixedBook(new(0), 9_999, 10_001)).Top,
        Permission = new(TradingState.Active, 1, false, false, ""),
        Inventory = InventoryAt(ratio),
        PendingBuys = default,
        PendingSells = default,
        Tiers = 3,
        SizeShare = 1,
    };

    private static QuoteTerms Terms(double ratio) => QuoteKernel.Compute(QuoteSetting.Situation(ratio, 20), Dct, CexVenue, Cex);

    private static QuoteLevels Build(in LadderSituation situation, in QuoteTerms terms) => QuoteLadder.Build(situation, terms, Dct, CexVenue, Cex);
}
