using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class PositionLedgerProperties
{
    private const decimal BnbRate = 500m;
    private const decimal Rounding = 0.000000000001m;

    private static readonly Gen<Fill> AnyFill = Gen.Select(
        Gen.Int[0, 2], Gen.Bool, Gen.Int[1, 5_000], Gen.Int[5_000, 15_000], Gen.Int[-50, 100], Gen.Int[0, 2], Gen.Int[0, 200],
        (instrument, isBuy, quantity, price, fee, feeAsset, trade) => Fill(
            new(instrument), isBuy ? Side.Buy : Side.Sell, quantity / 1000m, price / 100m, fee / 10_000m,
            new[] { "USDT", "BTC", "BNB" }[feeAsset], $"{trade}"));

    private static readonly Gen<Fill[]> AnyFills = AnyFill.Array[1, 60];

    [Fact]
    public void DoubleEntry_BalancesPerAssetAfterEveryFill() => AnyFills.Sample(fills =>
    {
        var ledger = NewLedger(starting: 3);
        foreach (var fill in fills)
        {
            Apply(ledger, fill);
            foreach (var asset in ledger.Capture().Balances.GroupBy(b => b.Asset)) asset.Sum(b => b.Amount).ShouldBe(0, asset.Key);
        }
    });

    [Fact]
    public void RealisedOfPositions_IsWhatTheAccountsSay() => AnyFills.Sample(fills =>
    {
        var ledger = Ledger(fills);
        var balances = ledger.Capture().Balances;
        foreach (var positions in ledger.Snapshot(new()).Positions.GroupBy(p => p.SettlementAsset))
        {
            balances.Where(b => b.Asset == positions.Key && b.Account is (Account.Realised or Account.Fees))
                .Sum(b => -b.Amount).ShouldBe(positions.Sum(p => p.Realised));
        }
    });

    [Fact]
    public void Inventory_IsTheSumOfSignedFillsLessFeesInTheAsset() => AnyFills.Sample(fills =>
    {
        var expected = Once(fills).Sum(f => f.Side.Sign() * BaseOf(f) - (f.FeeAsset == "BTC" ? f.Fee : 0));
        Ledger(fills).Inventory.ShouldBe(expected, Rounding);
    });

    [Fact]
    public void FillsToldTwice_ChangeNothing() => AnyFills.Sample(fills =>
    {
        var once = Ledger(fills).Capture();
        var twice = Ledger([.. fills, .. fills]).Capture();
        Text(twice with { Duplicates = once.Duplicates }).ShouldBe(Text(once));
    });

    [Fact]
    public void ClosedRoundTrips_EarnTheCashDifference() => AnyFill.Array[1, 30].Sample(fills =>
    {
        var ledger = NewLedger();
        var cash = 0m;
        var onSpot = Once(fills).Select(f => f with { Instrument = Spot, FeeAsset = "USDT", TradeId = $"{f.Instrument.Index}{f.TradeId}" });
        foreach (var fill in onSpot.Append(null))
        {
            var trade = fill ?? Flatten(ledger);
            if (trade is null) continue;
            Apply(ledger, trade);
            cash -= trade.Side.Sign() * trade.Quantity * trade.Price + trade.Fee;
        }

        ledger.Inventory.ShouldBe(0);
        ledger.PositionOf(Spot).Realised.ShouldBe(cash);
        var (_, pnl) = Pnl.Step(PnlState.Empty with { Inventory = ledger.Snapshot(new()) }, Catalog, new Mids(123), new Rates(), Start);
        pnl!.OrderFlow.ShouldBe(cash);
    });

    [Fact]
    public void OrderFlowProfit_IsWhatTheChangesOfAllHoldingsAreWorth() => AnyFills.Sample(fills =>
    {
        var ledger = NewLedger(starting: 7);
        foreach (var fill in fills.Where(f => f.Instrument != Linear || f.FeeAsset != "BTC")) Apply(ledger, fill);
        var state = ledger.Capture();
        var (_, pnl) = Pnl.Step(PnlState.Empty with { Inventory = ledger.Snapshot(new()) }, Catalog, new Mids(110), new Rates(BnbRate), Start);

        // An open contract is worth its profit so far, not its notional: a linear one owes its credit, an inverse one its contracts in dollars.
        decimal Held(Account account, string asset) => state.Balances.Where(b => b.Account == account && b.Asset == asset).Sum(b => b.Amount);
        var coins = Held(Account.Inventory, "BTC") + Held(Account.Cash, "BTC") - 7;
        var dollars = Held(Account.Cash, "USDT") + Held(Account.Credit, "USDT") - 100 * state.Positions[Inverse.Index].Quantity;
        pnl!.OrderFlow.ShouldBe(coins * 110 + dollars + Held(Account.Cash, "BNB") * BnbRate, 0.0000001m);
        pnl.Unvalued.ShouldBe("");
    });

    [Fact]
    public void Restored_ContinuesAsIfItHadNeverStopped() => Gen.Select(AnyFills, AnyFills).Sample((before, after) =>
    {
        var restored = new PositionLedger(Catalog, ThroughJson(Ledger(before).Capture()));
        foreach (var fill in after) Apply(restored, fill);
        Text(restored.Capture()).ShouldBe(Text(Ledger([.. before, .. after]).Capture()));
    });

    private static PositionLedger Ledger(IEnumerable<Fill> fills)
    {
        var ledger = NewLedger();
        foreach (var fill in fills) Apply(ledger, fill);
        return ledger;
    }

    private static void Apply(PositionLedger ledger, Fill fill) => ledger.Apply(fill, FeeRate(fill));

    private static decimal? FeeRate(Fill fill) => (fill.FeeAsset, fill.Instrument == Inverse) switch
    {
        ("BNB", false) => BnbRate,
        ("BNB", true) => BnbRate / 110m,
        ("USDT", true) => 1m / 110m,
        ("BTC", false) => 110m,
        _ => null,
    };

    private static decimal BaseOf(Fill fill) => fill.Instrument == Inverse
        ? fill.Quantity * 100 / fill.Price
        : fill.Quantity * Catalog[fill.Instrument].ContractSize;

    private static IEnumerable<Fill> Once(IEnumerable<Fill> fills) => fills.DistinctBy(f => (f.Instrument, f.Side, f.TradeId));

    private static Fill? Flatten(PositionLedger ledger) => ledger.PositionOf(Spot).Quantity switch
    {
        0 => null,
        var held => Fill(Spot, held > 0 ? Side.Sell : Side.Buy, Math.Abs(held), 97.31m, 0.5m, tradeId: "flat"),
    };
}
