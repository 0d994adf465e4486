using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class PnlTests
{
    [Fact]
    public void FallOfTheStartingInventory_IsNoOrderFlowLoss()
    {
        var state = PnlState.Empty with { Inventory = NewLedger(starting: 5).Snapshot(new()) };
        (state, _) = Step(state, mid: 100);
        (_, var pnl) = Step(state, mid: 60);

        (pnl!.OrderFlow, pnl.Drawdown, pnl.StartingMarkToMarket, pnl.InventoryNotional).ShouldBe((0, 0, -200, 300));
    }

    [Fact]
    public void WhatWasTransferred_GainsFromThenOnOnly()
    {
        var ledger = NewLedger(starting: 5);
        var (state, _) = Step(PnlState.Empty with { Inventory = ledger.Snapshot(new()) }, mid: 100);
        ledger.Transfer(3);
        (state, var pnl) = Step(state.With(ledger.Snapshot(new())), mid: 60);
        pnl!.StartingMarkToMarket.ShouldBe(-200);
        (state, pnl) = Step(state, mid: 70);
        pnl!.StartingMarkToMarket.ShouldBe(-120); // −200 and 8 · 10
        ledger.Transfer(-8);
        (state, _) = Step(state.With(ledger.Snapshot(new())), mid: 70);
        (_, pnl) = Step(state, mid: 500);
        (pnl!.StartingMarkToMarket, pnl.OrderFlow).ShouldBe((-120, 0));
    }

    [Fact]
    public void OpenPosition_IsValuedAtTheMid()
    {
        var ledger = NewLedger(starting: 5);
        foreach (var fill in Trades(Spot, "USDT", "buy 2@100 fee 1, sell 1@110 fee 1")) ledger.Apply(fill, null);
        var (_, pnl) = Step(PnlState.Empty with { Inventory = ledger.Snapshot(new()) }, mid: 95);

        (pnl!.Realised, pnl.Unrealised, pnl.OrderFlow).ShouldBe((8, -5, 3));
        pnl.Instruments.ShouldBe([new(Spot, 8, -5), new(Linear, 0, 0), new(Inverse, 0, 0)]);
    }

    [Fact]
    public void OpenInversePosition_IsValuedInCoinsAtTheMid()
    {
        var ledger = NewLedger();
        ledger.Apply(Fill(Inverse, Side.Buy, 10, 100, feeAsset: "BTC"), null);
        var (_, pnl) = Step(PnlState.Empty with { Inventory = ledger.Snapshot(new()) }, mid: 125);

        pnl!.Unrealised.ShouldBe(250, "two coins at 125");
    }

    [Fact]
    public void NoMid_GivesNoProfitAndChangesNothing()
    {
        var state = PnlState.Empty with { Inventory = NewLedger().Snapshot(new()) };
        Step(state, mid: 0).ShouldBe((state, null));
        Step(PnlState.Empty, mid: 100).ShouldBe((PnlState.Empty, null));
    }

    [Fact]
    public void MissingRate_IsSaidAndTheDrawdownStandsStill()
    {
        var ledger = NewLedger();
        ledger.Apply(Fill(Spot, Side.Buy, 1, 100, fee: 0.5m, feeAsset: "BNB", tradeId: "1"), null);
        var state = PnlState.Empty with { Inventory = ledger.Snapshot(new()) };
        (state, var pnl) = Step(state, mid: 40);
        pnl!.Unvalued.ShouldBe("fees of 0.5 BNB at venue:BTCUSDT: no rate");
        (pnl.Unrealised, pnl.Drawdown).ShouldBe((-60, 0));

        (_, pnl) = Step(state, mid: 40, new(bnb: 10));
        (pnl!.Unvalued, pnl.Realised, pnl.Drawdown).ShouldBe(("", -5, 65));

        (_, pnl) = Step(state, mid: 40, new(usdt: null));
        pnl!.Unvalued.ShouldBe("fees of 0.5 BNB at venue:BTCUSDT: no rate; venue:BTCUSDT: no rate for USDT");
        (pnl.Unrealised, pnl.Instruments.Length).ShouldBe((0, 2));
    }

    private static (PnlState State, PnlSnapshot? Pnl) Step(PnlState state, double mid, Rates? rates = null) =>
        Pnl.Step(state, Catalog, new Mids(mid), rates ?? new(), Start);
}
