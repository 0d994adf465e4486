using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Topology.Tests;

/// <summary>
/// The router in the wired pipeline, on two order books that part by 60 bps: alpha asks 1.0001, beta bids 1.0059. They are equally deep, so that it
/// buys at alpha first.
/// </summary>
public sealed class RouterTests
{
    private static readonly TimeSpan Warm = S(130);

    private static readonly RouterParameters Router = new() { ThresholdBps = 10, TradeNotionalMax = 100, UnhedgedNotionalMax = 150 };

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void BooksThatPart_AreTradedAtTheSameInstantAndTheSecondLegFollowsTheFirst()
    {
        using var desk = Parted();
        var first = Legs(desk).ShouldHaveSingleItem();
        // 100/1.0059 = 99.41
        (first.Instrument.Index, first.Side, first.SizeLots, first.TimeInForce).ShouldBe((0, Side.Buy, 994, TimeInForce.ImmediateOrCancel));
        var decision = desk.Decisions.Single(d => d.Body is RouteIntent);
        (decision.Cause.At, decision.Cause.Timer).ShouldBe((Desk.Start + Warm, "router"));

        Fill(desk, Warm + S(0.02), first, 99.4m);
        Told(desk, Warm + S(0.021), first, OrderStatus.Filled);
        desk.AdvanceTo(Warm + S(0.0211));
        var second = Legs(desk).Last();
        (second.Instrument.Index, second.Side, second.SizeLots).ShouldBe((1, Side.Sell, 994));
        Fill(desk, Warm + S(0.04), second, 99.4m);
        Told(desk, Warm + S(0.041), second, OrderStatus.Filled);
        desk.AdvanceTo(Warm + S(0.0411));
        var outcome = desk.Of<RouteOutcome>().ShouldHaveSingleItem().Body;
        (outcome.Result, outcome.Bought, outcome.Sold).ShouldBe((RouteResult.Done, 99.4m, 99.4m));
        desk.Of<InventorySnapshot>().Last().Body.Total.ShouldBe(desk.Parameters.Inventory.Starting);
    }

    [Fact]
    public void IntentIsOnRecordBeforeItsLeg_AndTheLegBeforeItsOrder()
    {
        using var desk = Parted();
        desk.Decisions.Where(d => d.Body is RouteIntent or RouteLegSent or OrderIntent { TimeInForce: TimeInForce.ImmediateOrCancel })
            .Select(d => d.Body.GetType()).ShouldBe([typeof(RouteIntent), typeof(RouteLegSent), typeof(OrderIntent)]);
    }

    [Fact]
    public void QuotesLeaveALegAlone()
    {
        using var desk = Parted();
        var leg = Legs(desk).Single().ClientOrderId;
        desk.Quiet(Warm + S(0.1), Warm + S(1.9));
        desk.Of<OrderIntent>().Where(i => i.Body.ClientOrderId == leg).ShouldHaveSingleItem();
    }

    [Fact]
    public void FillOfALeg_CountsAsHeldAndNotAsAQuote()
    {
        using var desk = Parted();
        Fill(desk, Warm + S(0.02), Legs(desk).Single(), 50m);
        desk.Quiet(Warm + S(0.1), Warm + S(8));
        desk.Of<Markout>().ShouldBeEmpty();
        desk.Of<InventorySnapshot>().Last().Body.Total.ShouldBe(desk.Parameters.Inventory.Starting + 50m);
    }

    /// <summary>The cap of 500 is taken up by quotes on each side: they go first, and the leg leaves once the venues have said so.</summary>
    [Fact]
    public void CapTakenUpByQuotes_IsFreedBeforeTheFirstLeg()
    {
        using var desk = Parted(cap: 500m);
        Legs(desk).ShouldBeEmpty();
        desk.LastQuote().Withheld.ShouldBe("quotes make way for trade 1 of the router");
        var cancelled = Cancelled(desk);
        cancelled.Count.ShouldBe(12);
        for (var i = 0; i < cancelled.Count; i++)
        {
            Legs(desk).ShouldBeEmpty();
            Told(desk, Warm + S(0.02 + 0.001 * i), cancelled[i], OrderStatus.Cancelled);
            desk.AdvanceTo(Warm + S(0.0201 + 0.001 * i));
        }

        Legs(desk).ShouldHaveSingleItem().Instrument.Index.ShouldBe(0);
    }

    [Fact]
    public void QuotesComeBack_OnceTheTradeIsOver()
    {
        using var desk = Parted(cap: 500m);
        var cancelled = Cancelled(desk);
        foreach (var order in cancelled) Told(desk, Warm + S(0.02), order, OrderStatus.Cancelled);
        desk.AdvanceTo(Warm + S(0.0201));
        Told(desk, Warm + S(0.04), Legs(desk).Single(), OrderStatus.Cancelled);
        desk.AdvanceTo(Warm + S(0.0401));
        desk.Of<RouteOutcome>().Single().Body.Result.ShouldBe(RouteResult.Missed);
        desk.LastQuote(0).Bids.ShouldNotBeEmpty();
        desk.LastQuote(1).Asks.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(OperatorAction.Kill)]
    [InlineData(OperatorAction.Pause)]
    public void Stopped_NoTradeBegins(OperatorAction action)
    {
        using var desk = Live(2_000m);
        desk.Take(Warm - S(0.2), new OperatorCommand(action, "ann", "test"));
        Part(desk, Warm);
        Legs(desk).ShouldBeEmpty();
    }

    [Fact]
    public void KilledBetweenTheLegs_SendsNothingMoreAndTellsPeople()
    {
        using var desk = Parted();
        var first = Legs(desk).Single();
        Fill(desk, Warm + S(0.02), first, 99.4m);
        desk.Take(Warm + S(0.021), new OperatorCommand(OperatorAction.Kill, "ann", "test"));
        Told(desk, Warm + S(0.022), first, OrderStatus.Filled);
        desk.AdvanceTo(Warm + S(20));
        Legs(desk).ShouldHaveSingleItem();
        desk.Of<RouteOutcome>().Single().Body.Result.ShouldBe(RouteResult.LeftOpen);
        desk.Of<Alert>().Single(a => a.Body.Subject == "router").Body.Level.ShouldBe(AlertLevel.Critical);
    }

    [Fact]
    public void RestartedBetweenTheLegs_GoesOnWithTheSecond()
    {
        using var desk = Parted();
        var first = Legs(desk).Single();
        Fill(desk, Warm + S(0.02), first, 60m);
        desk.Restart();
        Told(desk, Warm + S(0.021), first, OrderStatus.Cancelled);
        desk.AdvanceTo(Warm + S(0.0211));
        (Legs(desk).Count, Legs(desk)[^1].SizeLots, Legs(desk)[^1].Side).ShouldBe((2, 600, Side.Sell));
    }

    [Fact]
    public void SwitchedOffBetweenTheLegs_FinishesAndBeginsNoOther()
    {
        using var desk = Parted();
        var first = Legs(desk).Single();
        Fill(desk, Warm + S(0.02), first, 99.4m);
        desk.Restart(desk.Parameters with { Router = null });
        Told(desk, Warm + S(0.021), first, OrderStatus.Filled);
        desk.AdvanceTo(Warm + S(0.0211));
        var second = Legs(desk)[^1];
        Fill(desk, Warm + S(0.03), second, 99.4m);
        Told(desk, Warm + S(0.031), second, OrderStatus.Filled);
        for (var at = Warm + S(1); at < Warm + S(4); at += S(0.5)) Part(desk, at, spread: 2 + 2 * (int)(at.TotalSeconds * 2 % 2));
        Legs(desk).Count.ShouldBe(2);
        desk.Of<RouteOutcome>().Single().Body.Result.ShouldBe(RouteResult.Done);
    }

    [Fact]
    public void SwitchedOffBeforeItsFirstTrade_BeginsNone()
    {
        using var desk = Live(2_000m);
        desk.Restart(desk.Parameters with { Router = null });
        Part(desk, Warm);
        desk.AdvanceTo(Warm + S(0.1));
        Legs(desk).ShouldBeEmpty();
        desk.QuotesAt(Warm).ShouldNotBeEmpty();
    }

    [Fact]
    public void InShadow_LegsTakeNothing()
    {
        var market = ScenarioMarket.TwoVenues().With(p => p with { Router = Router });
        using var desk = new Desk(market.Instruments, market.Parameters);
        desk.Quiet(S(0.1), Warm - S(0.2));
        Part(desk, Warm);
        desk.AdvanceTo(Warm + S(0.1));
        desk.Of<RouteOutcome>().Single().Body.Result.ShouldBe(RouteResult.Missed);
    }

    [Fact]
    public void Topology_HasTheRouterWhereItIsOnAlone()
    {
        var market = ScenarioMarket.TwoVenues();
        Names(market.Parameters).ShouldNotContain(n => n.Contains("router") || n == "quote-fills");
        Names(market.Parameters with { Router = Router }).ShouldContain("router");

        List<string> Names(QuotingParameters parameters)
        {
            var topology = new QuotingTopology(market.Instruments, parameters, Core.Kernels.OrderIdState.Fresh("t", 0), TradingMode.Live);
            return [.. topology.Describe().Streams.Select(s => s.Name)];
        }
    }

    [Fact]
    public void ParametersOutOfRange_AreNamedAllAtOnce()
    {
        var market = ScenarioMarket.TwoVenues();
        var parameters = market.Parameters with { Router = new() { ThresholdBps = 0, UnhedgedNotionalMax = 10, UnwindTries = 0 } };
        var faults = Should.Throw<ParameterException>(() => parameters.Validated(market.Instruments)).Faults;
        faults.Select(f => f.Split(' ')[0]).ShouldBe(["router.thresholdBps", "router.unhedgedNotionalMax", "router.unwindTries"]);
    }

    private static List<OrderIntent> Legs(Desk desk) => [.. desk.Of<OrderIntent>().Select(i => i.Body)
        .Where(i => i is { Kind: OrderIntentKind.Place, TimeInForce: TimeInForce.ImmediateOrCancel })];

    private static List<OrderIntent> Cancelled(Desk desk) =>
        [.. desk.Of<OrderIntent>().Where(i => i.At == Desk.Start + Warm && i.Body.Kind == OrderIntentKind.Cancel).Select(i => i.Body)];

    private static Desk Live(decimal cap)
    {
        var market = ScenarioMarket.TwoVenues().With(p => p with
        {
            Router = Router, Venues = [.. p.Venues.Select(v => v with { OutstandingNotionalPerSide = cap })],
        });
        var desk = new Desk(market.Instruments, market.Parameters, TradingMode.Live);
        desk.Quiet(S(0.1), Warm - S(0.4));
        foreach (var order in desk.Resting().Values) Told(desk, Warm - S(0.3), order, OrderStatus.Live);
        return desk;
    }

    private static Desk Parted(decimal cap = 2_000m)
    {
        var desk = Live(cap);
        Part(desk, Warm);
        // What follows at the same instant is done before the next one.
        desk.AdvanceTo(Warm + S(0.0001));
        return desk;
    }

    private static void Part(Desk desk, TimeSpan at, int spread = 2)
    {
        desk.Snapshot(at - S(0.01), 0, 10_000, spread);
        desk.Snapshot(at, 1, 10_060, spread);
    }

    private static void Fill(Desk desk, TimeSpan at, OrderIntent leg, decimal quantity) => desk.Take(at, new Fill
    {
        Instrument = leg.Instrument, TradeId = $"leg{at.Ticks}", ClientOrderId = leg.ClientOrderId, Side = leg.Side, Fee = 0, FeeAsset = "USDT",
        Price = desk.Instruments[leg.Instrument].Prices.ToDecimal(leg.PriceTicks), Quantity = quantity, IsMaker = false, VenueTime = Desk.Start + at,
    });

    private static void Told(Desk desk, TimeSpan at, OrderIntent order, OrderStatus status) => desk.Take(at, new OrderUpdate
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = status >= OrderStatus.Filled ? 0 : order.SizeLots, Reason = "",
    });
}
