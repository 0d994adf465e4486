using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests.Driving;

/// <summary>Orders meet a market: the real pipeline, an exchange, and nothing but virtual time.</summary>
public sealed class SimulationDriverTests
{
    // Volatility is ready after the sample of 121 s; the ladder of that instant reaches the venue 15 ms later.
    private const double Warm = 125;

    [Fact]
    public void WarmPipeline_ItsLadderRestsAtTheVenueAndInItsOwnBook()
    {
        using var loop = new ClosedLoop().RunTo(Warm);
        var placed = loop.Decided<OrderIntent>().ToArray();
        placed.ShouldAllBe(i => i.At == ClosedLoop.At(121) && i.Body.Kind == OrderIntentKind.Place);
        loop.Exchange.OpenOrders.Select(o => (o.ClientOrderId, o.Side, o.PriceTicks, o.RemainingLots, o.AcceptedAt)).ShouldBe(
            placed.Select(i => (i.Body.ClientOrderId, i.Body.Side, i.Body.PriceTicks, i.Body.SizeLots, ClosedLoop.At(121.015))));
        loop.Exchange.OpenOrders.Count.ShouldBe(6);
        var acks = loop.Heard<OrderUpdate>().ToArray();
        acks.ShouldAllBe(a => a.Message.Status == OrderStatus.Live);

        // They arrive together, and are stamped one unit after the other.
        acks.Select(a => a.At).ShouldBe(Enumerable.Range(0, 6).Select(i => ClosedLoop.At(121.02) + i * Timestamp.Unit));
    }

    [Fact]
    public void TakerSweepsToOurBid_TheFillReachesThePositionAndTheNextQuotes()
    {
        using var loop = new ClosedLoop().RunTo(Warm);
        var bid = loop.Exchange.OpenOrders.Where(o => o.Side == Side.Buy).MaxBy(o => o.PriceTicks).ShouldNotBeNull();
        var (price, lots, id) = (bid.PriceTicks, bid.RemainingLots, bid.ClientOrderId);
        var ahead = (9_999 - price + 1) * 5_000;
        loop.Exchange.LotsAhead(id).ShouldBe(5_000);

        // All that stands before us, and our own order but for one lot.
        loop.Submit(Warm + 0.1, Side.Sell, price, ahead + lots - 1).RunTo(Warm + 0.2);
        var (filledAt, fill) = loop.Heard<Fill>().ShouldHaveSingleItem();
        filledAt.ShouldBe(ClosedLoop.At(Warm + 0.105));
        (fill.ClientOrderId, fill.Quantity, fill.Price, fill.IsMaker).ShouldBe(
            (id, ClosedLoop.Market.Sizes.ToDecimal(lots - 1), ClosedLoop.Market.Prices.ToDecimal(price), true));
        fill.VenueTime.ShouldBe(ClosedLoop.At(Warm + 0.1));
        var quote = loop.Decided<QuoteTarget>().First(q => q.At >= filledAt).Body;
        quote.Terms.InventoryRatio.ShouldBe((double)fill.Quantity / 10_000, 1e-9);
        loop.Exchange.Orders.Counts.Fills.ShouldBe(1);
    }

    [Fact]
    public void VenueEventAtTheInstantOfATimer_ComesAfterIt()
    {
        // Refreshes fall on each half second; the feed takes 10 ms.
        using var loop = new ClosedLoop().Submit(129.990, Side.Buy, 9_000, 10, TimeInForce.GoodTillCancelled).RunTo(131);
        var quotes = loop.Decisions.Where(d => d.Body is QuoteTarget && d.Cause.At == ClosedLoop.At(130)).ToArray();
        quotes.ShouldHaveSingleItem().Cause.Timer.ShouldNotBeNull();
        var book = loop.Inputs.Single(i => i.Kind == InputKind.Book && i.Stamp.At >= ClosedLoop.At(130) && i.Stamp.At < ClosedLoop.At(130.5));
        book.Stamp.At.ShouldBe(ClosedLoop.At(130) + Timestamp.Unit);
        quotes[0].Cause.Sequence.ShouldBe(book.Stamp.Sequence - 1);
    }

    [Fact]
    public void HowTheTimeIsSliced_ChangesNoStampAndNoDecision()
    {
        var whole = Traded(loop => loop.RunTo(180));
        var milliseconds = Traded(loop =>
        {
            // What trades lies after the warm-up.
            for (var ms = 120_000; ms <= 180_000; ms++) loop.RunTo(ms / 1_000.0);
        });
        var ragged = Traded(loop =>
        {
            var slices = new SeededRandom(11);
            for (var at = 0.0; at < 180; at = Math.Min(180, at + slices.NextExponential(3))) loop.RunTo(at);
            loop.RunTo(180);
        });
        whole.Count(line => line.Contains("Fill {")).ShouldBeGreaterThan(10);
        whole.Count(line => line.StartsWith("run at")).ShouldBe(2);
        milliseconds.ShouldBe(whole);
        ragged.ShouldBe(whole);
    }

    [Fact]
    public void SameSeed_GivesTheSameStampsAndDecisions() => Traded(loop => loop.RunTo(150)).ShouldBe(Traded(loop => loop.RunTo(150)));

    [Fact]
    public void FeedDown_CancelsAtOnceAndTheLadderComesBackWithTheSnapshot()
    {
        using var loop = new ClosedLoop().RunTo(Warm);
        loop.Queue.Schedule(ClosedLoop.At(Warm + 0.1), () => loop.Exchange.Disconnect("link lost"));
        loop.RunTo(Warm + 0.2);
        loop.Decided<OrderIntent>().Where(i => i.Body.Kind == OrderIntentKind.Cancel).Select(i => i.At)
            .ShouldBe(Enumerable.Repeat(ClosedLoop.At(Warm + 0.11), 6));
        loop.Exchange.OpenOrders.ShouldBeEmpty();
        loop.Queue.Schedule(ClosedLoop.At(Warm + 5), loop.Exchange.Connect);
        loop.RunTo(Warm + 6);
        loop.Exchange.OpenOrders.Count.ShouldBe(6);
    }

    [Fact]
    public void DroppedDelta_PullsQuotesUntilASnapshotIsAsked()
    {
        using var loop = new ClosedLoop().RunTo(Warm);
        loop.Exchange.DropNextDelta();
        loop.RunTo(Warm + 3);
        loop.Exchange.OpenOrders.ShouldBeEmpty();
        loop.Exchange.RequestSnapshot();
        loop.RunTo(Warm + 4);
        loop.Exchange.OpenOrders.Count.ShouldBe(6);
    }

    [Fact]
    public void HaltedOrders_NoneIsPlacedUntilTheVenueTakesThemAgain()
    {
        using var loop = new ClosedLoop().RunTo(Warm);
        loop.Exchange.Orders.Halt("maintenance");
        loop.RunTo(Warm + 1);
        loop.Exchange.OpenOrders.ShouldBeEmpty();
        loop.Exchange.Orders.Counts.Rejected.ShouldBe(0);
        loop.Exchange.Orders.Resume("maintenance is over");
        loop.RunTo(Warm + 2);
        loop.Exchange.OpenOrders.Count.ShouldBe(6);
    }

    [Fact]
    public void IntentsOfAnInstrument_GoToItsVenueNotBeforeTheQueuesTime()
    {
        var queue = new SimulationQueue(ClosedLoop.Start);
        var driver = new SimulationDriver(queue, new Unheard());
        var (first, second) = (new Mailbox(0), new Mailbox(1));
        driver.Connect(first);
        driver.Connect(second);
        queue.MoveTo(ClosedLoop.At(2));
        foreach (var (at, index) in ((double, int)[])[(1, 1), (3, 0), (3, 2)])
            driver.OnDecision(new(1, new(1, null, ClosedLoop.At(at)), Cancel(index)));
        first.Sent.ShouldBe([(Cancel(0), ClosedLoop.At(3))]);
        second.Sent.ShouldBe([(Cancel(1), ClosedLoop.At(2))]);
        driver.Venues.ShouldBe([first, second]);
    }

    [Fact]
    public void SecondVenueOfAnInstrument_IsRefused()
    {
        var driver = new SimulationDriver(new(ClosedLoop.Start), new Unheard());
        driver.Connect(new Mailbox(0));
        Should.Throw<ArgumentException>(() => driver.Connect(new Mailbox(0))).Message.ShouldContain("is connected already");
    }

    [Fact]
    public void WithoutAnEngine_NothingRuns() =>
        Should.Throw<InvalidOperationException>(() => new SimulationDriver(new(ClosedLoop.Start), new Unheard()).RunTo(ClosedLoop.At(1)));

    private static OrderIntent Cancel(int instrument) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = new(instrument), ClientOrderId = "a", Side = Side.Buy, PriceTicks = 1, SizeLots = 1, IsPostOnly = true,
    };

    private static List<string> Traded(Action<ClosedLoop> run)
    {
        using var loop = new ClosedLoop(new VenueRules { Jitter = TimeSpan.FromMilliseconds(5) }, seed: 7);
        var flow = new SeededRandom(7);

        // Takers that reach our rungs, and traders who fill the levels again behind them.
        for (var at = 120.0; at < 178; at += flow.NextExponential(4))
        {
            var side = flow.NextBool(0.5) ? Side.Buy : Side.Sell;
            loop.Submit(at, side, side == Side.Buy ? 10_030 : 9_970, 1 + flow.NextInt(60_000));
            loop.Submit(at + 0.2, Side.Buy, 9_990 + flow.NextInt(10), 1 + flow.NextInt(9_000), TimeInForce.GoodTillCancelled);
            loop.Submit(at + 0.2, Side.Sell, 10_001 + flow.NextInt(10), 1 + flow.NextInt(9_000), TimeInForce.GoodTillCancelled);
        }

        run(loop);
        return loop.Record;
    }

    private sealed class Unheard : IDecisionSink
    {
        public void OnDecision(in Decision decision)
        {
        }
    }

    private sealed class Mailbox(int index) : ISimulatedVenue
    {
        public Instrument Instrument { get; } = ClosedLoop.Market with { Id = new(index) };

        public List<(OrderIntent, Timestamp)> Sent { get; } = [];

        public IReadOnlyCollection<OwnOrder> OpenOrders => [];

        public void Send(OrderIntent intent, Timestamp at) => Sent.Add((intent, at));
    }
}
