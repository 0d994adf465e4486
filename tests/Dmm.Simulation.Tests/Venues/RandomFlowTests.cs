using CsCheck;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>Any flow: others' orders and ours, cancels, amendments, snapshots and lost time, in any order.</summary>
public sealed class RandomFlowTests
{
    private static readonly VenueRules Rules = TestVenue.Exact with { Jitter = TimeSpan.FromMilliseconds(4), RejectProbability = 0.05 };

    private static readonly Gen<Act> ActGen = Gen.Select(
        Gen.Frequency((10, Gen.Const(What.Submit)), (3, Gen.Const(What.Take)), (4, Gen.Const(What.Cancel)), (6, Gen.Const(What.Place)),
            (4, Gen.Const(What.Amend)), (3, Gen.Const(What.CancelOwn)), (1, Gen.Const(What.Snapshot)), (1, Gen.Const(What.Blink))),
        Gen.Bool, Gen.Int[-6, 3], Gen.Int[1, 40], Gen.Int[0, 40], Gen.Frequency((3, Gen.Const(0)), (5, Gen.Int[0, 12]), (1, Gen.Int[500, 1_500])),
        (what, isBuy, depth, lots, which, waitMs) => new Act(what, isBuy ? Side.Buy : Side.Sell, depth, lots, which, waitMs));

    [Fact]
    public void PublishedMessages_RebuildTheVenuesBookAsOfThen() => ActGen.Array[1, 120].Sample(acts =>
    {
        var venue = new TestVenue(Rules, seed: acts.Length);
        var built = new OrderBook(venue.Exchange.Instrument, OrderBookState.Empty);

        // The book at the end of each instant; of one in which the link went down, when it did.
        var asOf = new Dictionary<(Timestamp, int Connection), (BookLevel[] Bids, BookLevel[] Asks)>();
        var heard = 0;
        venue.OnInput = input =>
        {
            if (input is { Kind: InputKind.Control, Control: FeedStatus { State: FeedState.Connected } }) heard++;
            if (input.Kind != InputKind.Book) return;
            built.Apply(input.Book).ShouldBe(BookOutcome.Applied);
            built.Status.ShouldNotBe(BookStatus.Crossed);
            var (bids, asks) = asOf[(input.Book.VenueTime, heard)];
            Levels(built, Side.Buy).ShouldBe(bids);
            Levels(built, Side.Sell).ShouldBe(asks);
        };
        var (connection, wasConnected) = (0, false);
        venue.Do(0, e => e.Connect());
        Schedule(venue, acts);
        while (venue.Queue.RunNext(TestVenue.At(30_000)))
        {
            if (venue.Exchange.IsConnected && !wasConnected) connection++;
            wasConnected = venue.Exchange.IsConnected;
            if (wasConnected)
                asOf[(venue.Queue.Now, connection)] = (TestVenue.AllLevels(venue.Exchange, Side.Buy), TestVenue.AllLevels(venue.Exchange, Side.Sell));
        }

        venue.Books.Count.ShouldBeGreaterThan(0);
    }, iter: 400);

    [Fact]
    public void OurFills_AreThePublicTradesAgainstUsAndNoLotIsLost() => ActGen.Array[1, 120].Sample(acts =>
    {
        var venue = new TestVenue(Rules, seed: acts.Length);
        var trades = new Dictionary<string, Trade>();
        var sent = new Dictionary<string, long>();
        venue.OnInput = input =>
        {
            if (input.Kind == InputKind.Trade) trades.Add($"{input.Trade.TradeId}", input.Trade);
        };
        venue.Exchange.Connect();
        Schedule(venue, acts, sent);
        venue.RunTo(200_000);
        var instrument = venue.Exchange.Instrument;
        foreach (var fill in venue.Fills.Where(f => trades.ContainsKey(f.TradeId)))
        {
            var trade = trades[fill.TradeId];
            (trade.PriceTicks, trade.SizeLots).ShouldBe((instrument.Prices.ToSteps(fill.Price), instrument.Sizes.ToSteps(fill.Quantity)));
            (trade.Aggressor == fill.Side).ShouldBe(!fill.IsMaker);
        }

        // No trade has us on both sides, and each of our orders has traded and has left no more than it was sent with.
        venue.Fills.Select(f => f.TradeId).ShouldBeUnique();
        foreach (var (id, lots) in sent)
        {
            var traded = venue.Fills.Where(f => f.ClientOrderId == id).Sum(f => f.Quantity);
            (traded + (venue.Exchange.Orders.Find(id)?.RemainingLots ?? 0)).ShouldBeLessThanOrEqualTo(lots);
        }

        // The book holds of us what the desk says: every trade against us was told, and nothing else.
        var (all, ours) = (Lots(venue), venue.Exchange.OpenOrders.Sum(o => o.RemainingLots));
        foreach (var id in sent.Keys) venue.Cancel(200_000, id);
        venue.RunTo(201_000);
        venue.Exchange.OpenOrders.ShouldBeEmpty();
        Lots(venue).ShouldBe(all - ours);
    }, iter: 300);

    [Fact]
    public void OthersAlone_TradeAsInANaiveBook() => ActGen.Array[1, 150].Sample(acts =>
    {
        var venue = new TestVenue();
        var naive = new NaiveExchange();
        var numbers = new List<long>();
        foreach (var act in acts)
        {
            if (act.What == What.Cancel && numbers.Count > 0)
            {
                venue.Exchange.Cancel(numbers[act.Which % numbers.Count]);
                naive.Cancel(numbers[act.Which % numbers.Count]);
            }
            else
            {
                var force = act.What == What.Take ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled;
                var number = venue.Exchange.Submit(act.Side, act.PriceTicks, act.Lots, force);
                naive.Submit(act.Side, act.PriceTicks, act.Lots, force, number);
                if (number > 0) numbers.Add(number);
            }

            venue.Levels(Side.Buy).ShouldBe(naive.Levels(Side.Buy));
            venue.Levels(Side.Sell).ShouldBe(naive.Levels(Side.Sell));
        }

        var trades = new Trade[SimulatedExchange.TradesKept];
        var count = venue.Exchange.CopyTrades(trades);
        trades.Take(count).Reverse().Select(t => (t.PriceTicks, t.SizeLots)).ShouldBe(naive.Trades.TakeLast(count));
    }, iter: 200);

    [Fact]
    public void SameSeed_GivesTheSameMessages() => ActGen.Array[1, 80].Sample(acts => Said(acts).ShouldBe(Said(acts)), iter: 50);

    private static long Lots(TestVenue venue) =>
        TestVenue.AllLevels(venue.Exchange, Side.Buy).Concat(TestVenue.AllLevels(venue.Exchange, Side.Sell)).Sum(level => level.SizeLots);

    private static List<string> Said(Act[] acts)
    {
        var venue = new TestVenue(Rules, seed: 9);
        venue.Exchange.Connect();
        Schedule(venue, acts);
        return venue.RunTo(200_000).Lines;
    }

    private static void Schedule(TestVenue venue, Act[] acts, Dictionary<string, long>? sent = null)
    {
        var (ms, placed) = (1.0, 0);
        var numbers = new List<long>();
        foreach (var act in acts)
        {
            ms += act.WaitMs;
            var own = $"o{(placed == 0 ? 0 : act.Which % placed)}";
            switch (act.What)
            {
                case What.Submit:
                    venue.Do(ms, e => numbers.Add(e.Submit(act.Side, act.PriceTicks, act.Lots, TimeInForce.GoodTillCancelled)));
                    break;
                case What.Take:
                    venue.Submit(ms, act.Side, act.PriceTicks, act.Lots, TimeInForce.ImmediateOrCancel);
                    break;
                case What.Cancel:
                    venue.Do(ms, e =>
                    {
                        if (numbers.Count > 0) e.Cancel(numbers[act.Which % numbers.Count]);
                    });
                    break;
                case What.Place:
                    sent?.Add($"o{placed}", act.Lots);
                    venue.Place(ms, $"o{placed++}", act.Side, act.PriceTicks, act.Lots, act.Which % 2 == 0,
                        act.Which % 7 == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled);
                    break;
                case What.Amend:
                    venue.Amend(ms, own, act.PriceTicks, act.Lots);
                    break;
                case What.CancelOwn:
                    venue.Cancel(ms, own);
                    break;
                case What.Snapshot:
                    venue.Do(ms, e => e.RequestSnapshot());
                    break;
                default:
                    venue.Do(ms, e => e.Disconnect("blink")).Do(ms + act.Which, e => e.Connect());
                    break;
            }
        }
    }

    private static BookLevel[] Levels(OrderBook book, Side side)
    {
        var levels = new BookLevel[100];
        return levels[..book.CopyLevels(side, levels)];
    }

    private enum What
    {
        Submit,
        Take,
        Cancel,
        Place,
        Amend,
        CancelOwn,
        Snapshot,
        Blink,
    }

    private sealed record Act(What What, Side Side, int Depth, int Lots, int Which, int WaitMs)
    {
        /// <summary>Below 1,000 for a bid, above for an ask; a negative depth goes away from the middle, a positive one across.</summary>
        public long PriceTicks => 1_000 + Side.Sign() * Depth;
    }

    /// <summary>Orders in a list, in the order in which they came.</summary>
    private sealed class NaiveExchange
    {
        private readonly List<(long Number, Side Side, long Price, long Lots)> _orders = [];

        public List<(long, long)> Trades { get; } = [];

        public void Submit(Side side, long price, long lots, TimeInForce force, long number)
        {
            while (lots > 0)
            {
                var against = _orders.Where(o => o.Side != side && side.Sign() * (price - o.Price) >= 0).OrderBy(o => side.Sign() * o.Price).ToArray();
                if (against.Length == 0) break;
                var maker = against[0];
                var traded = Math.Min(lots, maker.Lots);
                lots -= traded;
                Trades.Add((maker.Price, traded));
                var index = _orders.IndexOf(maker);
                if (traded == maker.Lots) _orders.RemoveAt(index);
                else _orders[index] = maker with { Lots = maker.Lots - traded };
            }

            (number > 0).ShouldBe(lots > 0 && force == TimeInForce.GoodTillCancelled);
            if (number > 0) _orders.Add((number, side, price, lots));
        }

        public void Cancel(long number) => _orders.RemoveAll(o => o.Number == number);

        public string Levels(Side side) => string.Join(' ', _orders.Where(o => o.Side == side).GroupBy(o => o.Price)
            .OrderByDescending(g => side.Sign() * g.Key).Select(g => $"{g.Key}:{g.Sum(o => o.Lots)}"));
    }
}
