using System.Reactive.Linq;
using System.Reactive.Subjects;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Operators.Tests.Breakers;

public sealed class BreakerOperatorTests
{
    private static readonly BreakerParameters Parameters = new() { RecoverAfter = TimeSpan.FromSeconds(5) };

    private static readonly BreakerHarness<VolatilitySnapshot, VolatilityBreakerState, BreakerState> Volatility =
        new((s, port, scheduler) => s.VolatilityBreaker(120, Parameters, port, scheduler), VolatilityBreakerState.Starting);

    private static readonly BreakerHarness<object, StalenessBreakerState, BreakerState> Staleness = new(
        (s, port, scheduler) => s.Publish(p => p.OfType<BookTop>().StalenessBreaker(
            p.OfType<ControlMessage>(), Market.Instruments, Market.Parameters, port, scheduler)),
        StalenessBreakerState.Starting);

    private static readonly BreakerHarness<VenueMid, DiscrepancyBreakerState, BreakerState> Discrepancy =
        new((s, port, scheduler) => s.DiscrepancyBreaker(Market.Instruments, Parameters, port, scheduler), DiscrepancyBreakerState.Starting);

    private static readonly BreakerHarness<object, SlippageGuardState, BreakerState> Slippage = new(
        (s, port, scheduler) =>
            s.Publish(p => p.OfType<ValuedFill>().SlippageGuard(p.OfType<double>(), Market.Instruments, Parameters, port, scheduler)),
        SlippageGuardState.Starting);

    private static readonly BreakerHarness<object, DrawdownGuardState, BreakerState> Drawdown = new(
        (s, port, scheduler) => s.Publish(p => p.OfType<decimal>().Select(d => d < 0 ? (decimal?)null : d).DrawdownGuard(
            p.OfType<OperatorCommand>(), Parameters, port, scheduler)),
        default);

    private static readonly BreakerHarness<decimal, InventoryLimitsState, BreakerState> Inventory =
        new((s, port, scheduler) => s.InventoryLimits(new(), Parameters, port, scheduler), default);

    private static readonly BreakerHarness<OperatorCommand, KillSwitchState, BreakerState> Kill =
        new((s, port, scheduler) => s.KillSwitch(port, scheduler), default);

    private static readonly BreakerHarness<ControlMessage, OrderGatesState, BreakerState> Gates =
        new((s, port, scheduler) => s.OrderGates(Market.Instruments, port, scheduler), OrderGatesState.Open);

    private static readonly BreakerHarness<ClockOffset, ClockBreakerState, BreakerState> Clock =
        new((s, port, scheduler) => s.ClockBreaker(Market.Instruments, Parameters, port, scheduler), ClockBreakerState.Starting);

    private static readonly BreakerHarness<object, DriftBreakerState, BreakerState> Drift = new(
        (s, port, scheduler) => s.Publish(p => p.OfType<InventorySnapshot>().DriftBreaker(
            p.OfType<BalanceReport>(), Market.Instruments, Parameters, port, scheduler)),
        DriftBreakerState.Starting);

    private static readonly BreakerHarness<BreakerState, TradingStatesState, TradingStatus> Statuses =
        new((s, port, _) => s.TradingStatuses(Market.Instruments, Market.Numeraires, port), TradingStatesState.Starting);

    [Fact]
    public void VolatilityBreaker_KeepsTheMatrixAndSurvivesARestore() =>
        Volatility.Check((1, Ready(20)), (2, Ready(250)), (3, Ready(150)), (8, Ready(90)), (9, Ready(90)), (14, Ready(90)),
            (15, new(0, 0, 0, false)), (16, Ready(1)));

    [Fact]
    public void StalenessBreaker_KeepsTheMatrixAndSurvivesARestore() => Staleness.Check(
        (5, Market.Top(Market.Okx, 5)), (5.3, Market.Top(Market.Pool, 4.9)), (5.4, Rate(5.1m, 3)), (7, Market.Top(Market.Okx, 7)),
        (8, new ClockOffset("okx", TimeSpan.FromSeconds(1.2))), (9, new FeedStatus("okx", FeedState.Disconnected, "gone")),
        (10, new FeedStatus("okx", FeedState.Connected, "")), (11, Market.Top(Market.Okx, 11)),
            (11.1, Market.Top(Market.Okx, 11, BookStatus.Crossed)),
        (11.2, Market.Top(Market.Okx, 11)), (14.05, Market.Top(Market.Okx, 14)));

    [Fact]
    public void DiscrepancyBreaker_KeepsTheMatrixAndSurvivesARestore() => Discrepancy.Check(
        (1, new(Market.Okx, 100, 100)), (2, new(Market.Pool, 103, 101.5)), (6, new(Market.Pool, 100, 100)), (11, new(Market.Pool, 100, 100)),
        (12, new(Market.Okx, double.NaN, 100)), (13, new(Market.Okx, 100, 100)), (18, new(Market.Okx, 100, 100)));

    [Fact]
    public void SlippageGuard_KeepsTheMatrixAndSurvivesARestore() => Slippage.Check(
        (1, 1.0), (2, new ValuedFill(Market.Okx, Side.Buy, 1.01)), (3, 1.001), (4, new ValuedFill(Market.Okx, Side.Sell, 1.01)), (20, 1.0),
        (21, new ValuedFill(Market.Pool, Side.Sell, 0.9)));

    [Fact]
    public void DrawdownGuard_KeepsTheMatrixAndSurvivesARestore() => Drawdown.Check(
        (1, 100m), (2, -1m), (3, 100m), (4, 500m), (5, new OperatorCommand(OperatorAction.ResetDrawdown, "alice", "understood")), (6, 999m),
            (7, 1000m));

    [Fact]
    public void ClockBreaker_KeepsTheMatrixAndSurvivesARestore() => Clock.Check(
        (1, new("okx", TimeSpan.FromSeconds(2.5))), (2, new("okx", TimeSpan.FromSeconds(0.5))), (4, new("okx", TimeSpan.FromSeconds(1.9))),
        (5, new("okx", TimeSpan.Zero)), (20, new("stonfi", TimeSpan.FromSeconds(-3))));

    [Fact]
    public void DriftBreaker_KeepsTheMatrixAndSurvivesARestore() => Drift.Check(
        (1, Count(1_000)), (20, Held(30)), (24, Count(1_030)), (30, Count(990)), (70, Held(-10)), (90, Count(1_200)), (130, Count(990)));

    [Fact]
    public void InventoryLimits_KeepTheMatrixAndSurviveARestore() =>
        Inventory.Check((1, 15_000m), (2, 20_000m), (3, 19_500m), (4, 19_000m), (5, -10_000m));

    [Fact]
    public void KillSwitch_KeepsTheMatrixAndSurvivesARestore() => Kill.Check(
        (1, new(OperatorAction.Kill, "alice", "x")), (2, new(OperatorAction.Pause, "alice", "x")), (3, new(OperatorAction.Reenable, "alice", "x")),
        (4, new(OperatorAction.Resume, "alice", "x")));

    [Fact]
    public void OrderGates_KeepTheMatrixAndSurviveARestore() => Gates.Check(
        (1, new JournalStatus(false, "x")), (2, new AdapterStatus("okx", false, "x")), (3, new JournalStatus(true, "x")),
            (4, new AdapterStatus("okx", true, "x")));

    [Fact]
    public void TradingStatuses_KeepTheMatrixAndSurviveARestore() => Statuses.Check(
        (1, Of(BreakerKind.Volatility, "asset", TradingState.Active)), (2, Of(BreakerKind.Staleness, "okx:DCT-USDT", TradingState.Active)),
        (3, Of(BreakerKind.Inventory, "long", TradingState.Reducing)), (4, Of(BreakerKind.Kill, "asset", TradingState.Killed)));

    [Fact]
    public void TradingStateChanges_KeepTheMatrix() => OperatorMatrix.Check(
        (source, _) => source.TradingStatuses(Market.Instruments, Market.Numeraires,
            new("states", TradingStatesState.Starting)).TradingStateChanges(),
        [ReactiveTest.OnNext(5, Of(BreakerKind.Kill, "asset", TradingState.Killed)),
            ReactiveTest.OnNext(9, Of(BreakerKind.Pause, "asset", TradingState.Halted))]);

    [Fact]
    public void StaleFeeds_SpeakAtTheirExactInstantsFromOneTimer() =>
        Staleness.Run(60, (5, Market.Top(Market.Okx, 5)), (5.3, Market.Top(Market.Pool, 4.9)), (6, Market.Top(Market.Okx, 5.8)))
            .ConvertAll(o => (o.Seconds, o.Value.Subject, o.Value.Demand)).ShouldBe(
            [
                (5, "okx:DCT-USDT", TradingState.Active), (5.3, "stonfi:DCT-TON", TradingState.Active), (6.4, "stonfi:DCT-TON", TradingState.Widened),
                (7.3, "okx:DCT-USDT", TradingState.Widened), (7.9, "stonfi:DCT-TON", TradingState.Halted), (8.8, "okx:DCT-USDT", TradingState.Halted),
            ]);

    [Fact]
    public void DiscrepancyAndSlippage_SpeakAtTheirExactInstants()
    {
        Discrepancy.Run(60, (1, new(Market.Okx, 100, 100)), (2, new(Market.Pool, 102, 100))).ConvertAll(o => o.Seconds).ShouldBe([4]);
        Slippage.Run(60, (1, 1.0), (2.5, new ValuedFill(Market.Okx, Side.Buy, 1.01))).ConvertAll(o => o.Seconds).ShouldBe([2.5, 7.5]);
    }

    [Fact]
    public void BusyFeed_KeepsOneTimerPending()
    {
        var scheduler = new TestScheduler();
        using var tops = new Subject<BookTop>();
        using var subscription = tops.StalenessBreaker(Observable.Never<ControlMessage>(), Market.Instruments, Market.Parameters,
            new("staleness", StalenessBreakerState.Starting), scheduler).Subscribe(_ => { }, error => throw error);
        for (var i = 0; i < 5_000; i++)
        {
            scheduler.AdvanceBy(TimeSpan.TicksPerMillisecond);
            tops.OnNext(Market.Top(Market.Okx, i / 1000.0));
            scheduler.PendingCount.ShouldBe(1);
        }

        subscription.Dispose();
        scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void KernelThatRefuses_EndsTheStream()
    {
        Exception? defect = null;
        using var tops = new Subject<BookTop>();
        using var subscription = tops.StalenessBreaker(Observable.Never<ControlMessage>(), Market.Instruments, Market.Parameters,
            new("staleness", StalenessBreakerState.Starting), new TestScheduler()).Subscribe(_ => { }, error => defect = error);
        tops.OnNext(Market.Top(new(7), 1));
        defect.ShouldBeOfType<IndexOutOfRangeException>();
        tops.HasObservers.ShouldBeFalse();
    }

    [Fact]
    public void HotInputs_AllocateNothing()
    {
        // Frozen time: the first book arms the one timer, in the warm-up round.
        var scheduler = new TestScheduler();
        scheduler.AdvanceTo(TimeSpan.TicksPerSecond);
        Allocations.PerItem<BookTop, BreakerState>(s => s.StalenessBreaker(Observable.Never<ControlMessage>(), Market.Instruments,
            Market.Parameters, new("staleness", StalenessBreakerState.Starting), scheduler), _ => Market.Top(Market.Okx, 1)).ShouldBe(0);
        Allocations.PerItem<VenueMid, BreakerState>(s => s.DiscrepancyBreaker(Market.Instruments, Parameters,
            new("discrepancy", DiscrepancyBreakerState.Starting), scheduler), i => new(new(i % 2), i == 0 ? double.NaN : 100, 100)).ShouldBe(0);
        var guard = new SlippageGuard(SlippageGuardState.Starting, Market.Instruments, Parameters);
        Allocations.PerItem(i => _ = guard.Take(new SlippageInput(100 + i), Market.At(i * 0.01))).ShouldBe(0);
    }

    [Fact]
    public void Latches_HoldOverASessionThatEnds()
    {
        Kill.Run(10, (1, new(OperatorAction.Kill, "alice", "x"))).Count.ShouldBe(1);
        var restored = Kill with { Starting = new(IsKilled: true, IsPaused: false) };
        restored.Run(10, (1, new(OperatorAction.Resume, "alice", "x"))).ShouldBeEmpty();
        restored.Run(10, (1, new(OperatorAction.Reenable, "alice", "x"))).ConvertAll(o => o.Value.Demand).ShouldBe([TradingState.Active]);
    }

    private static VolatilitySnapshot Ready(double raw) => new(0, raw, Math.Min(raw, 120), true);

    private static ReferenceRate Rate(decimal seconds, decimal rate) => new("TON", "USDT", rate, Market.At((double)seconds));

    private static BreakerState Of(BreakerKind kind, string subject, TradingState demand) => new()
    {
        Kind = kind, Subject = subject, Demand = demand, Multiplier = 1, Value = 0, Threshold = 0, Reason = $"{kind} {demand}",
    };

    private static BalanceReport Count(decimal total) => new("okx", "DCT", total, Timestamp.None);

    private static InventorySnapshot Held(decimal quantity) => new()
    {
        Total = quantity, Starting = 0, InventoryRatio = 0, AppliedFills = 0, DuplicateFills = 0, RefusedFills = 0,
        Positions = [new Position
        {
            Instrument = Market.Okx, Quantity = quantity, BaseQuantity = quantity, Average = 0, AllInAverage = 0, Basis = 0, RealisedOpen = 0, Realised = 0,
            Fees = 0, SettlementAsset = "USDT", UnconvertedFees = [],
        }],
    };
}
