using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class PositionLedgerTests
{
    private readonly PositionLedger _ledger = NewLedger();

    [Theory]
    [InlineData("buy 1@100 fee 10, buy 1@120 fee 10", 2, 110, -20, 0)]
    [InlineData("buy 2@100 fee 10, sell .5@150 fee 5", 1.5, 100, 10, 0)]
    [InlineData("buy 1@100 fee 10, sell 1@150 fee 10", 0, 0, 0, 30)]
    [InlineData("buy 1@100 fee 10, sell 2@150 fee 20", -1, 150, -10, 30)]
    [InlineData("sell 1@100 fee 10, sell 1@80 fee 10", -2, 90, -20, 0)]
    [InlineData("sell 2@100 fee 10, buy .5@80 fee 5", -1.5, 100, -5, 0)]
    [InlineData("sell 1@100 fee 10, buy 2@80 fee 20", 1, 80, -10, 0)]
    public void SpotTrades_GiveAverageAndRealised(string trades, decimal quantity, decimal average, decimal realisedOpen, decimal realisedClosed)
    {
        foreach (var fill in Trades(Spot, "USDT", trades)) _ledger.Apply(fill, null).ShouldBe(FillOutcome.Applied);

        var position = _ledger.PositionOf(Spot);
        position.Quantity.ShouldBe(quantity);
        position.Average.ShouldBe(average);
        position.RealisedOpen.ShouldBe(realisedOpen);
        position.Realised.ShouldBe(realisedOpen + realisedClosed);
        _ledger.Inventory.ShouldBe(quantity);
    }

    [Fact]
    public void Transfer_IsInventoryWithoutCost_AndTheAccountsStillSumToZero()
    {
        ApplyAll(Trades(Spot, "USDT", "buy 2@100 fee 1"));
        _ledger.Transfer(-0.5m);
        _ledger.Inventory.ShouldBe(1.5m);
        (_ledger.PositionOf(Spot).Quantity, _ledger.PositionOf(Spot).Average).ShouldBe((2m, 100m));
        var state = _ledger.Capture();
        state.Starting.ShouldBe(-0.5m);
        foreach (var asset in state.Balances.GroupBy(b => b.Asset)) asset.Sum(b => b.Amount).ShouldBe(0, asset.Key);
        new PositionLedger(Catalog, state).Inventory.ShouldBe(1.5m);
    }

    [Fact]
    public void LinearContract_CountsContractSizeAndMovesNoCashBeforeItCloses()
    {
        ApplyAll(Trades(Linear, "USDT", "buy 20@100 fee 1"));
        Balance(Account.Cash, "USDT").ShouldBe(-1);
        _ledger.PositionOf(Linear).BaseQuantity.ShouldBe(2);
        ApplyAll([Fill(Linear, Side.Sell, 20, 150, 1, tradeId: "close")]);

        _ledger.PositionOf(Linear).Realised.ShouldBe(98);
        Balance(Account.Cash, "USDT").ShouldBe(98);
        Balance(Account.Credit, "USDT").ShouldBe(0);
        _ledger.Inventory.ShouldBe(0);
    }

    [Theory]
    [InlineData("buy 10@100, sell 10@125", "2")] // 10 · 100 · (1/100 − 1/125)
    [InlineData("sell 10@100, buy 10@125", "-2")]
    [InlineData("buy 10@100, buy 10@50, sell 20@100", "10")] // 1000/100 + 1000/50 − 2000/100
    public void InverseContract_EarnsCoins(string trades, string coins)
    {
        ApplyAll(Trades(Inverse, "BTC", trades));

        var position = _ledger.PositionOf(Inverse);
        position.SettlementAsset.ShouldBe("BTC");
        position.Realised.ShouldBe(decimal.Parse(coins));
        _ledger.Inventory.ShouldBe(decimal.Parse(coins), "coins earned are inventory");
    }

    [Fact]
    public void InverseContract_AveragesHarmonically()
    {
        ApplyAll(Trades(Inverse, "BTC", "buy 10@100 fee 1, buy 10@50 fee 1"));

        var position = _ledger.PositionOf(Inverse);
        position.Average.ShouldBe(2000m / 30m);
        position.BaseQuantity.ShouldBe(30);
        position.AllInAverage.ShouldBe(2000m / 28m);
        _ledger.Inventory.ShouldBe(28, "two coins were paid in fees");
    }

    [Fact]
    public void Rebate_IsIncome()
    {
        ApplyAll([Fill(Spot, Side.Buy, 1, 100, fee: -2, tradeId: "1")]);

        var position = _ledger.PositionOf(Spot);
        (position.Average, position.Realised, position.Fees, position.AllInAverage).ShouldBe((100, 2, -2, 98));
        Balance(Account.Cash, "USDT").ShouldBe(-98);
    }

    [Fact]
    public void AllInAverage_HoldsTheEntryFeesOfWhatIsStillOpen()
    {
        ApplyAll(Trades(Spot, "USDT", "buy 2@100 fee 10, sell .5@150 fee 5"));
        _ledger.PositionOf(Spot).AllInAverage.ShouldBe(105);

        ApplyAll([Fill(Spot, Side.Sell, 3.5m, 150, 7, tradeId: "flip")]);
        _ledger.PositionOf(Spot).AllInAverage.ShouldBe(148, "a short of 2@150 that paid 4 brings in 148 each");
    }

    [Fact]
    public void FeeInBaseAsset_ComesOutOfInventoryAtTheFillPrice()
    {
        ApplyAll([Fill(Spot, Side.Buy, 1, 100, fee: 0.001m, feeAsset: "BTC", tradeId: "1")]);

        var position = _ledger.PositionOf(Spot);
        (position.Quantity, position.Average, position.Realised).ShouldBe((0.999m, 100m, -0.1m));
        _ledger.Inventory.ShouldBe(0.999m);
        Balance(Account.Cash, "USDT").ShouldBe(-100);
    }

    [Fact]
    public void FeeInThirdAsset_IsRealisedAtTheRateGiven()
    {
        var fill = Fill(Spot, Side.Buy, 1, 100, fee: 0.01m, feeAsset: "BNB", tradeId: "1");
        _ledger.NeedsFeeRate(fill).ShouldBeTrue();
        _ledger.Apply(fill, feeRate: 500);

        _ledger.PositionOf(Spot).Realised.ShouldBe(-5);
        Balance(Account.Cash, "BNB").ShouldBe(-0.01m);
        Balance(Account.Fees, "USDT").ShouldBe(5);
    }

    [Fact]
    public void FeeInThirdAssetWithoutRate_IsKeptInItsOwnAssetAndSaid()
    {
        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, fee: 0.01m, feeAsset: "TON", tradeId: "1"), feeRate: null);
        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, fee: 0.02m, feeAsset: "BNB", tradeId: "2"), feeRate: null);
        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, fee: 0.03m, feeAsset: "TON", tradeId: "3"), feeRate: null);

        var position = _ledger.PositionOf(Spot);
        position.Realised.ShouldBe(0);
        position.UnconvertedFees.ShouldBe([new("BNB", 0.02m), new("TON", 0.04m)]);
        Balance(Account.Fees, "TON").ShouldBe(0.04m);
    }

    [Fact]
    public void FillToldAgain_CountsOnce()
    {
        var fill = Fill(Spot, Side.Buy, 1, 100, tradeId: "7");
        _ledger.Apply(fill, null).ShouldBe(FillOutcome.Applied);
        _ledger.Apply(fill, null).ShouldBe(FillOutcome.Duplicate);
        _ledger.Apply(fill with { Instrument = Linear }, null).ShouldBe(FillOutcome.Applied, "venues number the trades of each market apart");
        _ledger.Apply(fill with { Side = Side.Sell }, null).ShouldBe(FillOutcome.Applied, "a self-trade has one id and two sides");

        var snapshot = _ledger.Snapshot(new());
        (snapshot.AppliedFills, snapshot.DuplicateFills, snapshot.Total).ShouldBe((3, 1, 0.1m));
    }

    [Fact]
    public void FillOlderThanWhatIsRemembered_IsRefused()
    {
        for (var i = 0; i <= PositionLedger.SeenFillsMaximum; i++)
            _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, tradeId: $"{i}", second: i), null).ShouldBe(FillOutcome.Applied);

        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, tradeId: "0", second: 0), null).ShouldBe(FillOutcome.OlderThanCursor);
        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, tradeId: "1", second: 1), null).ShouldBe(FillOutcome.Duplicate);
        _ledger.Apply(Fill(Linear, Side.Buy, 1, 100, tradeId: "0", second: 0), null).ShouldBe(FillOutcome.Applied, "each market has its own cursor");
        _ledger.Snapshot(new()).RefusedFills.ShouldBe(1);

        var restored = new PositionLedger(Catalog, ThroughJson(_ledger.Capture()));
        restored.Apply(Fill(Spot, Side.Buy, 1, 100, tradeId: "0", second: 0), null).ShouldBe(FillOutcome.OlderThanCursor);
    }

    [Fact]
    public void GasOfAFailedSwap_IsRealisedAtOnceAndNoPartOfTheAverage()
    {
        ApplyAll(Trades(Spot, "USDT", "buy 2@100 fee 10"));
        _ledger.Apply(Failed(0.5m, "USDT"), null).ShouldBe(FillOutcome.Applied);

        var position = _ledger.PositionOf(Spot);
        (position.Average, position.AllInAverage, position.RealisedOpen, position.Realised, position.Fees)
            .ShouldBe((100m, 105m, -10.5m, -10.5m, 10.5m));
        Balance(Account.Fees, "USDT").ShouldBe(10.5m);
        Balance(Account.Cash, "USDT").ShouldBe(-210.5m);
    }

    [Fact]
    public void GasOfAFailedSwapWhileFlat_BelongsToNoPosition()
    {
        _ledger.Apply(Failed(0.5m, "USDT"), null);
        ApplyAll(Trades(Spot, "USDT", "buy 1@100"));

        var position = _ledger.PositionOf(Spot);
        (position.RealisedOpen, position.Realised).ShouldBe((0m, -0.5m));
        _ledger.Inventory.ShouldBe(1);
    }

    [Fact]
    public void GasInAThirdAsset_IsChangedAtTheRateOrKeptAndSaid()
    {
        _ledger.NeedsGasRate(Failed(0.5m, "BNB")).ShouldBeTrue();
        _ledger.NeedsGasRate(Failed(0.5m, "USDT")).ShouldBeFalse();
        _ledger.Apply(Failed(0.5m, "BNB", "1"), gasRate: 4);
        _ledger.Apply(Failed(0.3m, "BNB", "2"), gasRate: null);

        var position = _ledger.PositionOf(Spot);
        position.Realised.ShouldBe(-2);
        position.UnconvertedFees.ShouldBe([new("BNB", 0.3m)]);
        Balance(Account.Cash, "BNB").ShouldBe(-0.8m);
        Balance(Account.Fees, "USDT").ShouldBe(2);
    }

    [Fact]
    public void SwapToldAgain_CountsOnceAsFillOrFailure()
    {
        _ledger.Apply(Failed(0.5m, "USDT"), null).ShouldBe(FillOutcome.Applied);
        _ledger.Apply(Failed(0.5m, "USDT"), null).ShouldBe(FillOutcome.Duplicate);
        _ledger.Apply(Fill(Spot, Side.Buy, 1, 100, tradeId: "s1"), null).ShouldBe(FillOutcome.Duplicate);
        _ledger.PositionOf(Spot).Realised.ShouldBe(-0.5m);
        Should.Throw<ArgumentOutOfRangeException>(() => _ledger.Apply(Failed(-1, "USDT", "s2"), null));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(-1, 100)]
    [InlineData(1, 0)]
    public void FillWithoutPriceOrQuantity_Throws(decimal quantity, decimal price) =>
        Should.Throw<ArgumentOutOfRangeException>(() => _ledger.Apply(Fill(Spot, Side.Buy, quantity, price), null));

    [Fact]
    public void StartingInventory_IsHeldFromTheBeginning()
    {
        var ledger = NewLedger(starting: 5);
        ledger.Apply(Fill(Spot, Side.Sell, 2, 100), null);

        var snapshot = ledger.Snapshot(new() { CirculatingFloat = 100, Target = 5, SoftShortFraction = 0.04m });
        (snapshot.Total, snapshot.Starting, snapshot.InventoryRatio).ShouldBe((3, 5, -0.5));
    }

    [Fact]
    public void LongerCatalogue_KeepsPositionsAndOtherOrderIsRefused()
    {
        var one = new InstrumentCatalog([Catalog.All[0]]);
        var ledger = new PositionLedger(one, PositionLedgerState.Open("BTC", 0));
        ledger.Apply(Fill(Spot, Side.Buy, 1, 100), null);

        new PositionLedger(Catalog, ledger.Capture()).PositionOf(Spot).Quantity.ShouldBe(1);
        Should.Throw<ArgumentException>(() => new PositionLedger(one, NewLedger().Capture())).Message.ShouldContain("venue:BTC-PERP");
    }

    private void ApplyAll(IEnumerable<Fill> fills)
    {
        foreach (var fill in fills) _ledger.Apply(fill, null).ShouldBe(FillOutcome.Applied);
    }

    private static FailedSwap Failed(decimal gas, string asset, string id = "s1") => new()
    {
        Instrument = Spot, SwapId = id, ClientOrderId = "A1", Side = Side.Buy, Gas = gas, GasAsset = asset, Reason = "slippage", VenueTime = Start,
    };

    private decimal Balance(Account account, string asset) =>
        _ledger.Capture().Balances.Where(b => b.Account == account && b.Asset == asset).Sum(b => b.Amount);
}
