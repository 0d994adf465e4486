using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Testing.RiskSamples;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public sealed class PositionsTests
{
    private static readonly PositionLedgerState Opened = PositionLedgerState.Open("BTC", 5);
    private static readonly Fill Buy = Fill(Spot, Side.Buy, 1, 100, fee: 0.01m, feeAsset: "BNB", tradeId: "1");
    private static readonly Fill Sell = Fill(Spot, Side.Sell, 1, 150, tradeId: "2");
    private static readonly Fill Short = Fill(Inverse, Side.Sell, 10, 100, fee: 1, feeAsset: "USDT", tradeId: "3");

    [Fact]
    public void Fills_GivePositionsAndFillsToldAgainNothing()
    {
        var scheduler = new TestScheduler();
        var fills = scheduler.CreateHotObservable(OnNext(210, Buy), OnNext(220, Buy), OnNext(230, Sell), OnNext(240, Short), OnCompleted<Fill>(250));
        var result = scheduler.Start(() => Positions(fills, new("positions", Opened)).Validated()
            .Select(s => (s.Total, s.Positions[0].Realised, s.Positions[2].Realised, s.DuplicateFills)));

        result.Messages.ShouldBe([
            OnNext(210, (6m, -5m, 0m, 0L)),
            OnNext(230, (5m, 45m, 0m, 1L)),
            OnNext(240, (-5m, 45m, -0.01m, 1L)), // 1 USDT of fee is 0.01 coins at 100, paid in USDT
            OnCompleted<(decimal, decimal, decimal, long)>(250),
        ]);
    }

    [Fact]
    public void FailedSwap_ChargesItsGasOnceAtTheRateOfTheMoment()
    {
        var scheduler = new TestScheduler();
        var swap = new FailedSwap
        {
            Instrument = Spot, SwapId = "s1", ClientOrderId = "A1", Side = Side.Buy, Gas = 0.01m, GasAsset = "BNB", Reason = "slippage",
            VenueTime = Start,
        };
        var swaps = scheduler.CreateHotObservable(OnNext(210, swap), OnNext(220, swap), OnCompleted<FailedSwap>(230));
        var result = scheduler.Start(() => Observable.Empty<Fill>()
            .Positions(swaps, Observable.Empty<decimal>(), Catalog, new(), new Rates(bnb: 500), new("positions", Opened))
            .Select(s => (s.Positions[0].Realised, s.DuplicateFills)));

        result.Messages.ShouldBe([OnNext(210, (-5m, 0L)), OnCompleted<(decimal, long)>(230)]);
    }

    [Fact]
    public void Transfer_CountsWithTheStart_OneOfNothingIsPassedOver()
    {
        var scheduler = new TestScheduler();
        var transfers = scheduler.CreateHotObservable(OnNext(210, 12.5m), OnNext(220, 0m), OnNext(230, -2.5m), OnCompleted<decimal>(240));
        var result = scheduler.Start(() => Observable.Empty<Fill>()
            .Positions(Observable.Empty<FailedSwap>(), transfers, Catalog, new(), new Rates(bnb: 500), new("positions", Opened))
            .Select(s => (s.Total - Opened.Starting, s.Starting - Opened.Starting, s.AppliedFills)));

        result.Messages.ShouldBe([OnNext(210, (12.5m, 12.5m, 0L)), OnNext(230, (10m, 10m, 0L)), OnCompleted<(decimal, decimal, long)>(240)]);
    }

    [Fact]
    public void FillWithoutQuantity_IsAnError()
    {
        var scheduler = new TestScheduler();
        var fills = scheduler.CreateHotObservable(OnNext(210, Buy with { Quantity = 0 }), OnNext(220, Buy));
        var result = scheduler.Start(() => Positions(fills, new("positions", Opened)));

        var end = result.Messages.ShouldHaveSingleItem();
        end.Time.ShouldBe(210);
        end.Value.Exception.ShouldBeOfType<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<Fill, string>(
        (source, _) => Positions(source, new("positions", Opened)).Select(Text), [OnNext(10, Buy), OnNext(20, Sell), OnNext(30, Short)]);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<PositionLedgerState, Fill, InventorySnapshot>(
        Opened, (source, port, _) => Positions(source, port), OnNext(10, Buy), OnNext(20, Buy), OnNext(30, Sell), OnNext(40, Buy), OnNext(50, Short));

    private static IObservable<InventorySnapshot> Positions(IObservable<Fill> fills, StatePort<PositionLedgerState> port) =>
        fills.Positions(Observable.Empty<FailedSwap>(), Observable.Empty<decimal>(), Catalog, new(), new Rates(bnb: 500), port);
}
