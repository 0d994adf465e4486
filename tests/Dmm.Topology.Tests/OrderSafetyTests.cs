using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Topology.Tests;

/// <summary>What the wired pipeline does with its orders when venues are slow, drift, or are lost.</summary>
public sealed class OrderSafetyTests
{
    private static readonly TimeSpan Warm = S(130);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void LadderAtTheCap_MovesOnlyOnceItsCancelsAreConfirmedAndThenAtOnce()
    {
        // The whole ladder is worth 500 on each side: what moves up is worth more than before.
        using var desk = Live(market => market.With(p => p with { Venues = [p.Venues[0] with { OutstandingNotionalPerSide = 500m }] }));
        Acknowledge(desk, Warm);
        var asks = desk.Resting().Values.Where(o => o.Side == Side.Sell).ToList();
        var at = Warm + S(0.01);
        desk.Snapshot(at, 0, 10_030);
        var moved = desk.Of<OrderIntent>().Where(i => i.At >= Desk.Start + at && i.Body.Side == Side.Sell).Select(i => i.Body).ToList();
        moved.ShouldNotBeEmpty();
        moved.ShouldAllBe(i => i.Kind == OrderIntentKind.Cancel);

        desk.AdvanceTo(Warm + S(0.02));
        var placedBefore = Placed(desk).Count;
        foreach (var ask in asks) Told(desk, Warm + S(0.03), ask, OrderStatus.Cancelled);
        var placed = Placed(desk)[placedBefore..];
        placed.ShouldNotBeEmpty();
        placed.ShouldAllBe(order => order.Side == Side.Sell && order.PriceTicks > 10_030);
        desk.Decisions.Last(d => d.Body is OrderIntent { Kind: OrderIntentKind.Place }).Cause.Timer.ShouldBe("urgent");
    }

    [Fact]
    public void QuoteOlderThanTheTimeThatQuotesTakeToFill_IsCancelledAndQuotedAnewOnceThirtyHaveFilled()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var at = Warm;
        FillNearest(desk, ref at, times: 29);
        desk.Quiet(at, at + S(60));
        at += S(60);
        Cancelled(desk, at - S(40), at).ShouldBe(0);

        FillNearest(desk, ref at, times: 1);
        desk.Quiet(at, at + S(60));
        at += S(60);
        // Each took two seconds to fill or a little more; the far rungs, which never do, grow old as well.
        Cancelled(desk, at - S(30), at).ShouldBeGreaterThan(20);
        var placedAt = desk.Of<OrderIntent>().Where(i => i.Body.Kind == OrderIntentKind.Place).ToDictionary(i => i.Body.ClientOrderId, i => i.At);
        var resting = desk.Resting();
        resting.Count.ShouldBe(6);
        resting.Keys.ShouldAllBe(id => placedAt[id] > Desk.Start + at - S(10));
    }

    [Fact]
    public void SlippageOverHalfOfTheEdge_HalvesTheSizeUntilItNormalises()
    {
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), Warm);
        var full = Size(desk);
        // Filled at the mid, and the mid stays: nothing of the ten bps quoted came in. It takes a half-life of fills to tell.
        for (var i = 0; i < 5; i++) desk.Fill(Warm + S(0.01 * i), 0, i % 2 == 0 ? Side.Buy : Side.Sell, 1m, 1m, $"f{i}");
        desk.Quiet(Warm + S(0.1), Warm + S(6));
        Size(desk).ShouldBe(full / 2);

        var at = Warm + S(6);
        for (var i = 0; i < 40; i++, at += S(0.5))
        {
            var side = i % 2 == 0 ? Side.Buy : Side.Sell;
            desk.Fill(at, 0, side, side == Side.Buy ? 0.999m : 1.001m, 1m, $"g{i}");
            desk.Quiet(at + S(0.1), at + S(0.5));
        }

        desk.Quiet(at, at + S(6));
        Size(desk).ShouldBe(full);
    }

    [Fact]
    public void ClockOfAVenueBeyondTheLimit_IsAnAlarmAndStopsThatVenueUntilItIsBack()
    {
        using var desk = Desk.ThreeMarkets();
        desk.Quiet(S(0.1), Warm);
        desk.Take(Warm, new ClockOffset("beta", S(-2.5)));
        desk.Of<Alert>().Last().Body.ShouldBe(new(AlertLevel.Critical, "beta", "beta: its clock is -2.500 s from ours, limit 2 s: quotes are cancelled"));
        desk.Resting().Values.ShouldNotContain(o => o.Instrument.Index == 1);
        desk.Resting().Values.ShouldContain(o => o.Instrument.Index == 0);

        desk.Take(Warm + S(0.05), new ClockOffset("beta", TimeSpan.Zero));
        desk.Quiet(Warm + S(0.1), Warm + S(30));
        desk.LastQuote(1).State.ShouldBe(TradingState.Halted);
        desk.Quiet(Warm + S(30), Warm + S(31));
        desk.LastQuote(1).State.ShouldBe(TradingState.Active);
        desk.Resting().Values.Count(o => o.Instrument.Index == 1).ShouldBe(6);
    }

    [Fact]
    public void VenueCountsLessThanFillsExplain_WarnsThenStopsThatVenueUntilTheyAgree()
    {
        using var desk = Desk.ThreeMarkets();
        desk.Quiet(S(0.1), S(20));
        desk.Take(S(20), new BalanceReport("alpha", "DCT", 7_000m, Desk.Start + S(20)));
        desk.Quiet(S(20.1), Warm);
        desk.Fill(Warm, 0, Side.Buy, 0.9995m, 25m, "f1");
        desk.Quiet(Warm + S(0.1), Warm + S(10));
        // The stream lost a sale of 40.
        desk.Take(Warm + S(10), new BalanceReport("alpha", "DCT", 6_985m, Desk.Start + Warm + S(10)));
        desk.Quiet(Warm + S(10.1), Warm + S(15.5));
        desk.Of<Alert>().Last().Body.ShouldBe(new(AlertLevel.Warning, "alpha", "alpha counts 40 DCT less than fills explain"));
        desk.LastQuote(0).State.ShouldBe(TradingState.Active);

        desk.Quiet(Warm + S(15.5), Warm + S(41));
        desk.LastQuote(0).State.ShouldBe(TradingState.Halted);
        desk.LastQuote(1).State.ShouldBe(TradingState.Active);
        desk.Resting().Values.ShouldNotContain(o => o.Instrument.Index == 0);

        // A sweep of the fills finds it.
        desk.Fill(Warm + S(41), 0, Side.Sell, 1.0005m, 40m, "f2");
        desk.Quiet(Warm + S(41.1), Warm + S(71));
        desk.LastQuote(0).State.ShouldBe(TradingState.Halted);
        desk.Quiet(Warm + S(71), Warm + S(72));
        desk.LastQuote(0).State.ShouldBe(TradingState.Active);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1.25)]
    [InlineData(1, 1.5)]
    public void VenueLost_TheOthersTakeOverTheShareToldUntilItsFeedHasJoinedAgain(double takeOver, double expected)
    {
        using var desk = Desk.ThreeMarkets(p => p with { Quote = p.Quote with { LostVenueTakeOver = takeOver } });
        desk.Quiet(S(0.1), Warm);
        var (alpha, pool) = (Size(desk, 0), Size(desk, 2));
        desk.Take(Warm, new FeedStatus("beta", FeedState.Disconnected, "gone"));
        desk.Resting().Values.ShouldNotContain(o => o.Instrument.Index == 1);
        (Size(desk, 0) / alpha, Size(desk, 2) / pool).ShouldBe((expected, expected));

        // Data alone does not bring it back: the feed has to say that it has joined.
        desk.Quiet(Warm + S(0.1), Warm + S(2));
        desk.LastQuote(1).State.ShouldBe(TradingState.Halted);
        desk.Take(Warm + S(2), new FeedStatus("beta", FeedState.Connected, ""));
        desk.Quiet(Warm + S(2.1), Warm + S(3));
        desk.Resting().Values.Count(o => o.Instrument.Index == 1).ShouldBe(6);
        Size(desk, 0).ShouldBe(alpha);
    }

    [Fact]
    public void VenueRefusesToCancel_TheCancelIsSentAgainWithTheNextQuote()
    {
        using var desk = Live(market => market);
        Acknowledge(desk, Warm);
        desk.Take(Warm + S(0.01), new OperatorCommand(OperatorAction.Kill, "ann", "drill"));
        var cancel = desk.Of<OrderIntent>().Last().Body;
        cancel.Kind.ShouldBe(OrderIntentKind.Cancel);
        Told(desk, Warm + S(0.02), cancel, OrderStatus.Live, "busy");
        desk.AdvanceTo(Warm + S(1));
        desk.Of<OrderIntent>().Where(i => i.At > Desk.Start + Warm + S(0.02)).ShouldHaveSingleItem().Body.ShouldBe(cancel);
    }

    [Fact]
    public void VenueRefusesToAmend_TheOrderIsAmendedFromWhereItReallyStands()
    {
        using var desk = Live(market => market);
        Acknowledge(desk, Warm);
        var bid = desk.Resting().Values.Where(o => o.Side == Side.Buy).MaxBy(o => o.PriceTicks)!;
        desk.Snapshot(Warm + S(0.01), 0, 9_980);
        desk.Of<OrderIntent>().ShouldContain(i => i.Body.Kind == OrderIntentKind.Amend && i.Body.ClientOrderId == bid.ClientOrderId);
        Told(desk, Warm + S(0.02), bid, OrderStatus.Live, "not now");
        desk.AdvanceTo(Warm + S(0.6));
        desk.Of<OrderIntent>().Where(i => i.At > Desk.Start + Warm + S(0.02)).Select(i => i.Body)
            .ShouldContain(i => i.Kind == OrderIntentKind.Amend && i.ClientOrderId == bid.ClientOrderId && i.PriceTicks < 9_980);
    }

    private static Desk Live(Func<ScenarioMarket, ScenarioMarket> change)
    {
        var market = change(ScenarioMarket.OneVenue());
        var desk = new Desk(market.Instruments, market.Parameters, TradingMode.Live);
        desk.Quiet(S(0.1), Warm - S(0.5));
        return desk;
    }

    /// <summary>The venue has taken every order as it was sent.</summary>
    private static void Acknowledge(Desk desk, TimeSpan at)
    {
        foreach (var order in desk.Resting().Values) Told(desk, at, order, OrderStatus.Live);
    }

    private static void Told(Desk desk, TimeSpan at, OrderIntent order, OrderStatus status, string reason = "") => desk.Take(at, new OrderUpdate
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = status >= OrderStatus.Filled ? 0 : order.SizeLots, Reason = reason,
    });

    /// <summary>Every two seconds the nearest rung of a side in turn is filled whole, and quoted anew.</summary>
    private static void FillNearest(Desk desk, ref TimeSpan at, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var side = i % 2 == 0 ? Side.Buy : Side.Sell;
            var order = desk.Resting().Values.Where(o => o.Side == side).MaxBy(o => side.Sign() * o.PriceTicks)!;
            var instrument = desk.Instruments[order.Instrument];
            desk.Take(at, new Fill
            {
                Instrument = order.Instrument, TradeId = $"n{at.Ticks}", ClientOrderId = order.ClientOrderId, Side = side, Fee = 0, FeeAsset = "USDT",
                Price = instrument.Prices.ToDecimal(order.PriceTicks), Quantity = instrument.Sizes.ToDecimal(order.SizeLots), IsMaker = true,
                VenueTime = Desk.Start + at,
            });
            Told(desk, at, order, OrderStatus.Filled);
            desk.Ended(order.ClientOrderId);
            desk.Quiet(at + S(0.1), at + S(2));
            at += S(2);
        }
    }

    private static List<OrderIntent> Placed(Desk desk) => [.. desk.Of<OrderIntent>().Select(i => i.Body).Where(i => i.Kind == OrderIntentKind.Place)];

    private static int Cancelled(Desk desk, TimeSpan from, TimeSpan to) =>
        desk.Of<OrderIntent>().Count(i => i.Body.Kind == OrderIntentKind.Cancel && i.At >= Desk.Start + from && i.At < Desk.Start + to);

    private static double Size(Desk desk, int instrument = 0) => desk.LastQuote(instrument) is var quote ? quote.Bids.Concat(quote.Asks).Sum(l => l.SizeLots) : 0;
}
