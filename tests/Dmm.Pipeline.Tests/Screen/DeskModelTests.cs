using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;
using Dmm.Testing;

namespace Dmm.Pipeline.Tests.Screen;

/// <summary>What a desk's model makes of what it is told.</summary>
public sealed class DeskModelTests
{
    [Fact]
    public void ToldSample_TotalsEqualSumsByHand()
    {
        var totals = SampleDesk.Told().Model.Totals(SampleDesk.Start + TimeSpan.FromSeconds(100));
        (totals.Events, totals.MarketDataEvents, totals.Decisions, totals.Quotes).ShouldBe((16, 0, 29, 4));
        (totals.OrdersPlaced, totals.OrdersRejected, totals.OrdersCancelled, totals.OrdersOpen).ShouldBe((7, 1, 0, 5));
        (totals.Fills, totals.Buys, totals.Sells).ShouldBe((3, 2, 1));
        totals.FillRatio.ShouldBe(3 / 6.0);
        totals.TradedVolume.ShouldBe(2_700m);
        // 100 · 0.9994 + 2500 · 0.3331 · 3 + 100 · 1.0007
        totals.TradedNotional.ShouldBe(2_698.26m);
        // 0.06 USDT at the venue and 0.06 TON at the pool.
        totals.Fees.ShouldBe(0.06m + 0.18m);
        (totals.RealisedPnl, totals.UnrealisedPnl, totals.OrderFlowPnl, totals.DeepestDrawdown).ShouldBe((4.25m, -1.5m, 2.75m, 3m));
        (totals.InventoryMin, totals.InventoryMax, totals.InventoryEnd, totals.InventoryRatioMax).ShouldBe((5_000m, 7_600m, 7_500m, 0.26));
        totals.Markouts.ShouldBe([new MarkoutMean(1, 2, 2), new MarkoutMean(5, -1.25, 1)]);
        totals.States.ShouldBe(
            [new StateTime(TradingState.Active, 40, 0.4), new StateTime(TradingState.Widened, 20, 0.2), new StateTime(TradingState.Halted, 40, 0.4)]);
    }

    [Fact]
    public void FreshRun_ControlsThatAwaitDataAreShownWithTheirReasons()
    {
        var desk = new SampleDesk().At(0);
        desk.State.ShouldBe(TradingState.Halted);
        desk.Breakers.Select(b => (b.Breaker.Kind, b.Breaker.Subject)).ShouldBe(
        [
            (BreakerKind.Staleness, "cex:DCTUSDT"), (BreakerKind.Staleness, "stonfi:DCT/TON"), (BreakerKind.Staleness, "TON reference rate"),
            (BreakerKind.Volatility, "asset"),
        ]);
    }

    [Fact]
    public void FillToldAgain_IsNeitherShownNorCounted()
    {
        var desk = new SampleDesk();
        desk.Fill(1, "t1", "b1", 0, Side.Buy, 1m, 10m, 0, applied: 1, total: 5_010m);
        desk.Hear(2, desk.NewFill(2, "t1", "b1", 0, Side.Buy, 1m, 10m, 0));
        // One that the ledger is too late for gives positions whose count stands still.
        desk.Hear(3, desk.NewFill(3, "t0", "b0", 0, Side.Buy, 1m, 10m, 0));
        desk.Decide(3, desk.Positions(1, 5_010m, 0));
        desk.At(4).Fills.Length.ShouldBe(1);
        desk.At(4).Totals.TradedVolume.ShouldBe(10m);
    }

    [Fact]
    public void OrderFilledInParts_CountsOnceInTheFillRatio()
    {
        var desk = new SampleDesk();
        desk.Place(1, "b1", 0, Side.Buy, 9_990, 200);
        desk.Place(1, "b2", 0, Side.Buy, 9_980, 200);
        desk.Fill(2, "t1", "b1", 0, Side.Buy, 0.999m, 10m, 0, applied: 1, total: 5_010m);
        desk.Fill(3, "t2", "b1", 0, Side.Buy, 0.999m, 10m, 0, applied: 2, total: 5_020m);
        desk.At(4).Totals.FillRatio.ShouldBe(0.5);
    }

    [Fact]
    public void AcknowledgedBeforeThePlacementLeft_OrderRests()
    {
        // Shadow mode: the answer is an input of the same event, which is heard of before the placement.
        var desk = new SampleDesk();
        desk.Say(1, "b1", 0, Side.Buy, 9_990, 200, OrderStatus.Live);
        desk.Place(1, "b1", 0, Side.Buy, 9_990, 200, isAcknowledged: false);
        desk.At(2).Markets[0].Orders.ShouldHaveSingleItem().Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public void ManyFills_OnlyTheLatestAreKeptAndAllAreCounted()
    {
        var desk = new SampleDesk();
        for (var i = 1; i <= 1_000; i++) desk.Fill(i, $"t{i}", $"o{i}", 0, Side.Buy, 1m, 1m, 0, applied: i, total: 5_000m + i);
        var now = desk.At(1_001);
        now.Fills.Length.ShouldBe(64);
        now.Fills[0].Fill.TradeId.ShouldBe("t1000");
        now.Totals.Fills.ShouldBe(1_000);
    }

    [Fact]
    public void MarketData_AllocatesNothing()
    {
        var desk = SampleDesk.Told();
        BookLevel[] levels = [new(9_999, 100), new(10_001, 100)];
        var at = SampleDesk.Start + TimeSpan.FromSeconds(101);
        Input[] inputs =
        [
            new(new BookUpdate { Instrument = new(0), IsSnapshot = false, VenueTime = at, ReceiveTime = at, BidCount = 1, Levels = levels }),
            new(new VenueTop { Instrument = new(0), VenueTime = at, ReceiveTime = at, UpdateId = 1, Bid = levels[0], Ask = levels[1] }),
            new(new Trade { Instrument = new(0), VenueTime = at, ReceiveTime = at, TradeId = 1,
                PriceTicks = 9_999, SizeLots = 5, Aggressor = Side.Sell }),
        ];
        var model = desk.Model;
        Allocations.PerItem(i => model.OnInput(new(i, at), inputs[i % 3])).ShouldBe(0);
        desk.At(102).Markets[0].LastTrade!.Value.PriceTicks.ShouldBe(9_999);
    }

    [Fact]
    public void WholeTopology_ModelAgreesWithWhatWasDecided()
    {
        using var run = new ScreenRun();
        run.Quiet(0.1, 130);
        run.FillBest(130.02, 0, Side.Buy);
        run.FillBest(131.02, 1, Side.Sell);
        run.Quiet(131.1, 140);
        run.Take(140, new OperatorCommand(OperatorAction.Kill, "ann", "drill"));
        var desk = run.Snapshot();
        desk.State.ShouldBe(TradingState.Killed);
        desk.Breakers.ShouldHaveSingleItem().Breaker.Reason.ShouldBe("killed by ann: drill");
        desk.Markets.ShouldAllBe(m => m.Orders.IsEmpty);
        desk.Inventory.ShouldBe(run.Of<InventorySnapshot>().Last().Total);
        desk.Totals.OrderFlowPnl.ShouldBe(run.Of<PnlSnapshot>().Last().OrderFlow);
        desk.Totals.Decisions.ShouldBe(run.Decisions.Count);
        desk.Totals.Events.ShouldBe(run.InputCount);
        desk.Totals.OrdersPlaced.ShouldBe(run.Of<OrderIntent>().Count(i => i.Kind == OrderIntentKind.Place));
        desk.Fills.ShouldAllBe(f => f.Markout1SecondBps != null && f.Markout5SecondsBps != null);
    }

    [Fact]
    public void PlainLines_OneForEachFillChangeAndAlertInColumnsThatStay()
    {
        using var run = new ScreenRun();
        run.Quiet(0.1, 130);
        run.FillBest(130.02, 0, Side.Buy);
        run.Take(130.5, new OperatorCommand(OperatorAction.Kill, "ann", "drill"));
        // The feeds have gone stale by a timer before this comes in, and their lines come first.
        run.Take(131.2, new Rejected("cex", "price \e[31mnot on the grid", "x"));
        var lines = run.Lines();
        lines.Where(line => !line.Contains(" status ")).ShouldBe(
        [
            "00:00:00.100 breaker active       x1 Staleness TON reference rate: TON reference rate is fresh again, 0.00 s old",
            "00:00:00.100 breaker active       x1 Staleness cex:DCTUSDT: cex:DCTUSDT is fresh again, 0.00 s old",
            "00:00:00.100 breaker active       x1 Staleness stonfi:DCT/TON: stonfi:DCT/TON is fresh again, 0.00 s old",
            "00:02:01.000 breaker active       x1 Volatility asset: volatility is ready at 0.00 bps",
            "00:02:01.000 state   active       x1 from halted",
            "00:02:10.020 fill    cex:DCTUSDT          buy           250 @ 0.9997       fee 0.049985 USDT",
            "00:02:10.500 note    critical     operator: Kill by ann: drill",
            "00:02:10.500 breaker killed       x1 Kill asset: killed by ann: drill",
            "00:02:10.500 state   killed       x1 from active: killed by ann: drill",
            "00:02:11.100 breaker widened      x1.5 Staleness cex:DCTUSDT: cex:DCTUSDT is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "00:02:11.100 breaker widened      x1.5 Staleness stonfi:DCT/TON: stonfi:DCT/TON is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "00:02:11.100 state   killed       x1.5 from killed: killed by ann: drill; cex:DCTUSDT is 1.50 s old, limit 1.50 s: half-spread × 1.5; "
                + "stonfi:DCT/TON is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "00:02:11.100 breaker widened      x1.5 Staleness TON reference rate: TON reference rate is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "00:02:11.200 note    warning      cex: price  [31mnot on the grid",
        ]);
        lines.Count(line => line.Contains(" status ")).ShouldBe(2);
    }
}
