using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Testing.RiskSamples;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Orders;

public sealed class OrderIntentsTests
{
    private static readonly OrderStageState Empty = new(LiveOrdersState.Empty, OrderIdState.Fresh("t", 0));
    private static readonly QuoteTarget Two = Target([new(100, 5)], [new(110, 5)]);
    private static readonly QuoteTarget Moved = Target([new(90, 5)], [new(110, 5)]);
    private static readonly QuoteTarget None = Target([], []);

    [Fact]
    public void Targets_GiveTheirDifferenceToWhatRests()
    {
        var scheduler = new TestScheduler();
        var targets = scheduler.CreateHotObservable(OnNext(210, Two), OnNext(220, Two), OnNext(230, Moved), OnNext(240, None), OnCompleted<QuoteTarget>(250));
        var result = scheduler.Start(() => Intents(targets, Observable.Empty<OrderUpdate>(), Observable.Empty<Fill>(), new("orders", Empty), scheduler)
            .Validated().Select(i => $"{i.Kind} {i.ClientOrderId} {i.Side} {i.SizeLots}@{i.PriceTicks}"));

        // Not yet acknowledged, the bid at 100 can only be cancelled.
        result.Messages.ShouldBe([
            OnNext(210, "Place dtx0x1 Buy 5@100"), OnNext(210, "Place dtx0x2 Sell 5@110"),
            OnNext(230, "Cancel dtx0x1 Buy 5@100"), OnNext(230, "Place dtx0x3 Buy 5@90"),
            OnNext(240, "Cancel dtx0x3 Buy 5@90"), OnNext(240, "Cancel dtx0x2 Sell 5@110"),
            OnCompleted<string>(250),
        ]);
    }

    [Fact]
    public void AcknowledgedOrder_IsAmendedAndAFilledOneReplaced()
    {
        var scheduler = new TestScheduler();
        var targets = scheduler.CreateHotObservable(OnNext(210, Two), OnNext(230, Moved), OnNext(250, Moved));
        var updates = scheduler.CreateHotObservable(
            OnNext(220, Update("dtx0x1", OrderStatus.Live, 5)), OnNext(240, Update("dtx0x1", OrderStatus.Filled, 0)));
        var result = scheduler.Start(() => Intents(targets, updates, Observable.Never<Fill>(), new("orders", Empty), scheduler)
            .Select(i => $"{i.Kind} {i.ClientOrderId}@{i.PriceTicks}"));

        result.Messages.ShouldBe([
            OnNext(210, "Place dtx0x1@100"), OnNext(210, "Place dtx0x2@110"), OnNext(230, "Amend dtx0x1@90"), OnNext(250, "Place dtx0x3@90"),
        ]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<QuoteTarget, string>(
        (source, scheduler) => Intents(source, Observable.Empty<OrderUpdate>(), Observable.Empty<Fill>(), new("orders", Empty), scheduler).Select(Text),
        [OnNext(10, Two), OnNext(20, Moved), OnNext(30, None)]);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<OrderStageState, QuoteTarget, OrderIntent>(
        Empty, (source, port, scheduler) => Intents(source, Observable.Empty<OrderUpdate>(), Observable.Empty<Fill>(), port, scheduler),
        OnNext(10, Two), OnNext(20, Moved), OnNext(30, Moved), OnNext(40, None));

    [Fact]
    public void ReplacementOverTheCap_GoesOutWithTheTargetAfterTheCancelIsConfirmed()
    {
        var scheduler = new TestScheduler();
        var cap = Catalog[Spot].Notional(9, 100);
        var port = new StatePort<OrderStageState>("orders", Empty);
        var bid = Target([new(100, 5)], []);
        var lower = Target([new(90, 5)], []);
        var targets = scheduler.CreateHotObservable(OnNext(210, bid), OnNext(220, lower), OnNext(230, lower), OnNext(250, lower), OnNext(260, lower));
        var updates = scheduler.CreateHotObservable(
            OnNext(215, Update("dtx0x1", OrderStatus.PendingUnknown, 5)), OnNext(225, Update("dtx0x1", OrderStatus.Rejected, 0) with { ClientOrderId = "b" }),
            OnNext(240, Update("dtx0x1", OrderStatus.Cancelled, 0)), OnNext(255, Update("dtx0x2", OrderStatus.Live, 5)));
        var awaited = scheduler.CreateObserver<OrderStatus>();
        updates.AwaitedUpdates(port).Validated().Select(update => update.Status).Subscribe(awaited);
        var result = scheduler.Start(() => Intents(targets, updates, Observable.Never<Fill>(), port, scheduler, cap)
            .Select(i => $"{i.Kind} {i.ClientOrderId}@{i.PriceTicks}"));

        result.Messages.ShouldBe([OnNext(210, "Place dtx0x1@100"), OnNext(220, "Cancel dtx0x1@100"), OnNext(250, "Place dtx0x2@90")]);
        awaited.Messages.ShouldBe([OnNext(240, OrderStatus.Cancelled)]);
    }

    [Fact]
    public void PlacementNeverConfirmed_IsUnknownAfterItsExpiryAndNoSecondOneIsPlacedInItsStead()
    {
        var scheduler = new TestScheduler();
        var port = new StatePort<OrderStageState>("orders", Empty);
        var late = TimeSpan.FromSeconds(5).Ticks + 210;
        var targets = scheduler.CreateHotObservable(OnNext(210, Two), OnNext(late - 1, Two), OnNext(late, Two));
        var statuses = new List<OrderStatus>();
        Intents(targets, Observable.Never<OrderUpdate>(), Observable.Never<Fill>(), port, scheduler).Subscribe(_ => { }, error => throw error);
        targets.Subscribe(_ => statuses.Add(port.Capture().Live.Orders[0].Status), error => throw error);
        scheduler.Start();
        statuses.ShouldBe([OrderStatus.PendingNew, OrderStatus.PendingNew, OrderStatus.PendingUnknown]);
        port.Capture().Live.Orders.Length.ShouldBe(2);
    }

    [Fact]
    public void AwaitedUpdates_PassTheMatrix()
    {
        var port = new StatePort<OrderStageState>("orders", Empty with { Waiting = [Spot] });
        OperatorMatrix.Check<OrderUpdate, OrderUpdate>(
            (source, _) => source.AwaitedUpdates(port),
            [OnNext(10, Update("a", OrderStatus.Live, 5)), OnNext(20, Update("a", OrderStatus.Live, 5) with { Reason = "refused" }),
                OnNext(30, Update("a", OrderStatus.Rejected, 0)), OnNext(40, Update("a", OrderStatus.Filled, 0))]);
    }

    [Fact]
    public void QuoteAges_OneForEachOrderAtItsFirstFillOrCensoredAtItsCancel()
    {
        var scheduler = new TestScheduler();
        var port = new StatePort<OrderStageState>("orders", Empty);
        var targets = scheduler.CreateHotObservable(OnNext(210, Two));
        var fills = scheduler.CreateHotObservable(OnNext(240, FillOf("dtx0x1", "a")), OnNext(250, FillOf("dtx0x1", "b")), OnNext(255, FillOf("theirs", "c")));
        var updates = scheduler.CreateHotObservable(OnNext(260, Update("dtx0x1", OrderStatus.Cancelled, 0)), OnNext(270, Update("dtx0x2", OrderStatus.Cancelled, 0)));
        var ages = scheduler.CreateObserver<QuoteAge>();
        fills.QuoteAges(updates, port, scheduler).Validated().Subscribe(ages);
        Intents(targets, updates, fills, port, scheduler).Subscribe(_ => { }, error => throw error);
        scheduler.Start();

        ages.Messages.ShouldBe([
            OnNext(240, new QuoteAge(Spot, TimeSpan.FromTicks(30), IsFilled: true)),
            OnNext(270, new QuoteAge(Spot, TimeSpan.FromTicks(60), IsFilled: false)),
        ]);
    }

    [Fact]
    public void QuoteAges_PassTheMatrix()
    {
        var order = new LiveOrder("dtx0x1", Spot, Side.Buy, 100, 5, OrderStatus.Live, new(1));
        var port = new StatePort<OrderStageState>("orders", Empty with { Live = new([order, order with { ClientOrderId = "dtx0x2" }]) });
        OperatorMatrix.Check<Fill, QuoteAge>(
            (source, scheduler) => source.QuoteAges(Observable.Empty<OrderUpdate>(), port, scheduler),
            [OnNext(10, FillOf("dtx0x1", "a")), OnNext(20, FillOf("dtx0x2", "b"))]);
    }

    private static IObservable<OrderIntent> Intents(
        IObservable<QuoteTarget> targets, IObservable<OrderUpdate> updates, IObservable<Fill> fills, StatePort<OrderStageState> port, IScheduler scheduler,
        decimal cap = 1_000_000) =>
        targets.OrderIntents(Observable.Empty<OrderIntent>(), updates, fills, new(), _ => Limits(scheduler, cap), (_, _, _) => 0, port, scheduler);

    private static OrderLimits Limits(IScheduler scheduler, decimal cap) => new()
    {
        Instrument = Catalog[Spot], QuoteAssetRate = 1, Buys = new(cap, 1_000_000), Sells = new(cap, 1_000_000), Now = Timestamp.From(scheduler.Now),
        AgeMax = null,
    };

    private static QuoteTarget Target(QuoteLevel[] bids, QuoteLevel[] asks) => new()
    {
        Instrument = Spot, FairValue = 105, State = TradingState.Active, Terms = default, Bids = [.. bids], Asks = [.. asks], Withheld = "",
    };

    private static OrderUpdate Update(string id, OrderStatus status, long remaining) => new()
    {
        Instrument = Spot, ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 100, RemainingLots = remaining, Reason = "",
    };

    private static Fill FillOf(string id, string tradeId) => Fill(Spot, Side.Buy, 1, 100, tradeId: tradeId) with { ClientOrderId = id };
}
