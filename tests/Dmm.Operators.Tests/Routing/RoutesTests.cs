using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Routing;

/// <summary>The operator alone: when it acts. What is due now is done a tick later by the test's scheduler.</summary>
public sealed class RoutesTests
{
    private static readonly RouterParameters Parameters = new()
    {
        LegPatience = TimeSpan.FromTicks(50), RetryAfter = TimeSpan.FromTicks(10), UnhedgedMax = TimeSpan.FromTicks(200),
        Pause = TimeSpan.FromTicks(100),
    };

    private readonly RouteSetting _setting = new() { Parameters = Parameters };
    private double _differentialBps = 40;

    [Fact]
    public void TopsThatDiffer_AreActedOnAtThatInstant()
    {
        var result = Run([OnNext(210, Top), OnNext(220, Top)], [], []);
        result.ShouldBe([OnNext(211, "RouteIntent RouteLegSent Place dsimx0x1")]);
    }

    /// <summary>From 10 of threshold and 2 · 2 of slippage on.</summary>
    [Theory]
    [InlineData(13.99, 0)]
    [InlineData(14, 1)]
    public void TopsThatDifferByLess_AreNotLookedAt(double differentialBps, int steps)
    {
        _differentialBps = differentialBps;
        Run([OnNext(210, Top)], [], []).Count.ShouldBe(steps);
    }

    [Fact]
    public void LegWithoutAnEnd_IsCancelledWhenItsPatienceIsOver() => Run([OnNext(210, Top)], [], [])
        .Concat(Run([OnNext(210, Top)], [OnNext(215, Update(OrderStatus.Live, 1000))], []))
        .ShouldBe([OnNext(211, "RouteIntent RouteLegSent Place dsimx0x1"),
            OnNext(211, "RouteIntent RouteLegSent Place dsimx0x1"), OnNext(261, "Cancel dsimx0x1"),]);

    [Fact]
    public void FillAndEndOfTheFirst_BringTheSecondAtThatInstant()
    {
        var result = Run([OnNext(210, Top)], [OnNext(230, Update(OrderStatus.Filled, 0))], [OnNext(229, Fill(100))]);
        // The fill asked for an act at 230, which by then knows of the end, too.
        result.Skip(1).First().ShouldBe(OnNext(230, "RouteLegSent Place dsimx0x2"));
    }

    [Fact]
    public void AfterATradeThatCameToNothing_TopsAreNotLookedAtUntilThePauseIsOver()
    {
        var tops = Enumerable.Range(0, 20).Select(i => OnNext(210 + 10 * i, Top)).ToArray();
        // Ended at 231: the pause of 100 is over from 331 on.
        var result = Run(tops, [OnNext(230, Update(OrderStatus.Rejected, 1000))], []);
        result.Take(3).ShouldBe([
            OnNext(211, "RouteIntent RouteLegSent Place dsimx0x1"), OnNext(231, "RouteOutcome "),
            OnNext(341, "RouteIntent RouteLegSent Place dsimx0x2"),
        ]);
    }

    [Fact]
    public void Balance_IsLearntAndBoundsTheNextTrade()
    {
        var (port, scheduler) = (new StatePort<RouterState>("router", RouterState.Idle), new TestScheduler());
        var balances = scheduler.CreateHotObservable(OnNext(205, new BalanceReport("west", "DCT", 42m, default)));
        var tops = scheduler.CreateHotObservable<BookTop>();
        using var running = Steps(tops, Observable.Never<OrderUpdate>(), Observable.Never<Fill>(), balances, port, scheduler)
            .Subscribe(_ => { }, error => throw error);
        scheduler.AdvanceTo(206);
        (port.Capture().Balance("west", "DCT"), port.Capture().Balance("west", "USDT")).ShouldBe((42m, null));
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<BookTop, string>(
        (source, scheduler) => Observable.Defer(() => new RoutesTests().Alone(source, new("router", RouterState.Idle), scheduler)).Select(Text),
        [OnNext(10, Top), OnNext(20, Top), OnNext(30, Top)]);

    [Fact]
    public void TopsThatDoNotDiffer_AllocateNothing()
    {
        _differentialBps = 5;
        using var tops = new Subject<BookTop>();
        using var running = Steps(
                tops, Observable.Never<OrderUpdate>(), Observable.Never<Fill>(), Observable.Never<BalanceReport>(),
                new("router", RouterState.Idle), new TestScheduler())
            .Subscribe(_ => { }, error => throw error);
        var top = Top;
        Allocations.PerItem(_ => tops.OnNext(top)).ShouldBe(0);
    }

    [Fact]
    public void CheckOfAllTops_AllocatesNothing()
    {
        IBookView[] books = [.. _setting.Books];
        NetFactors[] factors = [new(0.0001, 0.0001), new(0.0001, 0.0001), default];
        var sum = 0.0;
        Allocations.PerItem(_ => sum += ConsolidatedBook.TopDifferentialBps(books, factors)).ShouldBe(0);
        // 1.0050 over 1.0000; the third counts no more.
        ConsolidatedBook.TopDifferentialBps(books, factors).ShouldBe(50, 1e-6);
    }

    private static BookTop Top => new ShownBook(RouteSetting.East).Show("1*1", "2*1").Top;

    private List<Recorded<System.Reactive.Notification<string>>> Run(
        Recorded<System.Reactive.Notification<BookTop>>[] tops, Recorded<System.Reactive.Notification<OrderUpdate>>[] updates,
        Recorded<System.Reactive.Notification<Fill>>[] fills)
    {
        var scheduler = new TestScheduler();
        var test = new RoutesTests { _differentialBps = _differentialBps };
        var result = scheduler.Start(
            () => test.Steps(
                scheduler.CreateHotObservable(tops), scheduler.CreateHotObservable(updates), scheduler.CreateHotObservable(fills),
                Observable.Never<BalanceReport>(), new("router", RouterState.Idle), scheduler).Select(Text),
            // Without an update a leg is believed to be on its way until its patience is over; runs that do not test it end before.
            created: 100, subscribed: 200, disposed: updates.Length == 0 ? 250 : 400);
        return [.. result.Messages];
    }

    private IObservable<RouteStep> Alone(IObservable<BookTop> tops, StatePort<RouterState> port, IScheduler scheduler) =>
        Steps(tops, Observable.Empty<OrderUpdate>(), Observable.Empty<Fill>(), Observable.Empty<BalanceReport>(), port, scheduler, isEmpty: true);

    private IObservable<RouteStep> Steps(
        IObservable<BookTop> tops, IObservable<OrderUpdate> updates, IObservable<Fill> fills, IObservable<BalanceReport> balances,
        StatePort<RouterState> port, IScheduler scheduler, bool isEmpty = false) => Observable.Defer(() =>
    {
        var events = new RouteEvents
        {
            Tops = tops, Updates = updates.Do(Heard), Fills = fills, Balances = balances,
            Statuses = isEmpty ? Observable.Empty<TradingStatus>() : Observable.Never<TradingStatus>(),
        };
        foreach (var leg in port.Initial.Trade?.Legs ?? []) Believe(leg.ClientOrderId, leg.Instrument, leg.Side, leg.SizeLots);
        return events.Routes(new(_setting.Instruments), Parameters, () => _differentialBps, state => Situation(scheduler), port, scheduler).Do(Sent);
    });

    private RouteSituation Situation(IScheduler scheduler)
    {
        _setting.Now = Timestamp.From(scheduler.Now);
        return _setting.Situation();
    }

    private void Heard(OrderUpdate update) => _setting.Live = LiveOrders.Step(_setting.Live, update);

    private void Sent(RouteStep step)
    {
        foreach (var order in step.Orders)
            if (order.Kind == OrderIntentKind.Place) Believe(order.ClientOrderId, order.Instrument, order.Side, order.SizeLots);
    }

    private void Believe(string id, InstrumentId instrument, Side side, long lots)
    {
        _setting.Ids = _setting.Ids.Next();
        var order = new LiveOrder(id, instrument, side, 1, lots, OrderStatus.PendingNew, _setting.Now);
        _setting.Live = _setting.Live with { Orders = _setting.Live.Orders.Add(order with { TimeInForce = TimeInForce.ImmediateOrCancel }) };
    }

    private static string Text(RouteStep step)
    {
        var orders = step.Orders.Select(o => $"{o.Kind} {o.ClientOrderId}");
        return $"{string.Join(' ', step.Decisions.Select(d => d.GetType().Name))} {string.Join(' ', orders)}".TrimStart();
    }

    private static OrderUpdate Update(OrderStatus status, long remainingLots) => new()
    {
        Instrument = RouteSetting.West, ClientOrderId = "dsimx0x1", Status = status, Side = Side.Sell, PriceTicks = 10028,
        RemainingLots = remainingLots, Reason = "",
    };

    private static Fill Fill(decimal quantity) => new()
    {
        Instrument = RouteSetting.West, TradeId = "t", ClientOrderId = "dsimx0x1", Side = Side.Sell, Price = 1.0028m, Quantity = quantity, Fee = 0,
        FeeAsset = "USDT", IsMaker = false, VenueTime = default,
    };
}
