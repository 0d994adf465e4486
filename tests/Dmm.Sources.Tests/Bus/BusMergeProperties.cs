using System.Globalization;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sources.Bus;
using Dmm.Wire.Bus;
using static Dmm.Sources.Tests.Bus.BusFeed;

namespace Dmm.Sources.Tests.Bus;

/// <summary>
/// Collectors that lose, delay and repeat, over one market: whatever they do, the reader has the market as one feed without a loss would give it,
/// as long as one of them published each item.
/// </summary>
public sealed class BusMergeProperties
{
    private const int Items = 300;
    private const int DelayMaxMs = 200;

    [Theory]
    [InlineData(BookSequenceRule.ContiguousRange)]
    [InlineData(BookSequenceRule.PreviousId)]
    public void EachItemPublishedByOne_BookAndTradesEqualTheLosslessFeed(BookSequenceRule rule) =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 60], Gen.Int[0, int.MaxValue]).Sample((collectors, lossPercent, seed) =>
        {
            var chance = new Random(seed);
            var market = Market(rule, chance);
            var data = new BusMarketData(new([Instrument(rule)]), Start);
            var (book, trades) = Read(data, Published(market, collectors, lossPercent, chance, losesForAll: false), rule);
            var (expected, expectedTrades) = Lossless(market, rule);
            data.Counters.Gaps.ShouldBe(0);
            book.Counters.Gaps.ShouldBe(0);
            Text(book).ShouldBe(Text(expected));
            trades.Order().ShouldBe(expectedTrades.Order());
        }, threads: 1, iter: 400);

    [Theory]
    [InlineData(BookSequenceRule.ContiguousRange)]
    [InlineData(BookSequenceRule.PreviousId)]
    public void ItemsPublishedByNone_NothingIsMadeUpAndTheLastSnapshotRepairs(BookSequenceRule rule) =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 60], Gen.Int[0, int.MaxValue]).Sample((collectors, lossPercent, seed) =>
        {
            var chance = new Random(seed);
            var market = Market(rule, chance);
            var data = new BusMarketData(new([Instrument(rule)]), Start);
            var (book, trades) = Read(data, Published(market, collectors, lossPercent, chance, losesForAll: true), rule);
            var (expected, expectedTrades) = Lossless(market, rule);
            Text(book).ShouldBe(Text(expected));
            trades.Count.ShouldBe(trades.Distinct().Count());
            trades.Except(expectedTrades).ShouldBeEmpty();
        }, threads: 1, iter: 400);

    /// <summary>Deltas, trades and now and then a snapshot, a millisecond apart.</summary>
    private static List<MarketMessage> Market(BookSequenceRule rule, Random chance)
    {
        List<MarketMessage> market = [Snapshot(100, 0, new(99, 5), new(101, 5))];
        var book = new OrderBook(Instrument(rule), OrderBookState.Empty);
        book.Apply(market[0].Input.Book);
        for (var (i, last, trade) = (1, 100L, 0L); i <= Items; i++)
        {
            if (chance.Next(4) == 0)
            {
                market.Add(Trade(++trade, at: i));
                continue;
            }

            var (first, previous) = rule == BookSequenceRule.PreviousId ? (last + chance.Next(1, 3), last) : (last + 1, -1);
            last = first + chance.Next(3);
            BookLevel[] levels = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => new BookLevel(chance.Next(80, 120), chance.Next(4)))];
            market.Add(Delta(first, last, previous, at: i, levels));
            book.Apply(market[^1].Input.Book);
            if (chance.Next(20) == 0) market.Add(SnapshotOf(book));
        }

        market.Add(SnapshotOf(book));
        return market;
    }

    private static MarketMessage SnapshotOf(OrderBook book)
    {
        BookLevel[] bids = new BookLevel[64], asks = new BookLevel[64];
        var (bidCount, askCount) = (book.CopyLevels(Side.Buy, bids), book.CopyLevels(Side.Sell, asks));
        return new()
        {
            Kind = BusKind.Book,
            Input = new(new BookUpdate
            {
                Instrument = new(0), IsSnapshot = true, VenueTime = book.Top.VenueTime, ReceiveTime = book.Top.VenueTime,
                FirstUpdateId = book.Top.LastUpdateId, LastUpdateId = book.Top.LastUpdateId, PreviousUpdateId = -1, BidCount = bidCount,
                Levels = (BookLevel[])[.. bids[..bidCount], .. asks[..askCount]],
            }),
        };
    }

    /// <summary>What each collector publishes and when it arrives: in its own order, between collectors in any.</summary>
    private static IEnumerable<(string Source, MarketMessage Message, Timestamp At)> Published(
        List<MarketMessage> market, int collectors, int lossPercent, Random chance, bool losesForAll)
    {
        List<(string Source, MarketMessage Message, double At)> all = [];
        var arrival = new double[collectors];
        // A collector that is started anew has a new name; what it would have published meanwhile is lost.
        var generation = new int[collectors];
        var awayUntil = new int[collectors];
        for (var c = 0; c < collectors; c++) Start(c, 0);
        for (var i = 0; i < market.Count; i++)
        {
            var isLast = i >= market.Count - 1;
            var keeper = losesForAll && !isLast ? -1 : chance.Next(collectors);
            for (var c = 0; c < collectors; c++)
            {
                if (chance.Next(100) == 0 && c != keeper) (generation[c], awayUntil[c]) = (generation[c] + 1, i + chance.Next(30));
                if (awayUntil[c] == i && generation[c] > 0) Start(c, i);
                if (c != keeper && (awayUntil[c] > i || chance.Next(100) < lossPercent)) continue;
                if (awayUntil[c] > i)
                {
                    awayUntil[c] = i;
                    Start(c, i);
                }

                arrival[c] = Math.Max(arrival[c], i + chance.NextDouble() * DelayMaxMs * chance.Next(2));
                all.Add((Name(c), market[i], arrival[c]));
            }
        }

        return all.OrderBy(one => one.At).Select(one => (one.Source, one.Message, BusFeed.At(one.At)));

        string Name(int c) => string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + c)}{generation[c]}");

        void Start(int c, int at)
        {
            arrival[c] = Math.Max(arrival[c], at);
            all.Add((Name(c), Listing(Instrument(RuleOf(market))), arrival[c]));
        }
    }

    private static BookSequenceRule RuleOf(List<MarketMessage> market) =>
        market.Any(m => m.Kind == BusKind.Book && m.Input.Book is { IsSnapshot: false, PreviousUpdateId: >= 0 })
            ? BookSequenceRule.PreviousId
            : BookSequenceRule.ContiguousRange;

    private static (OrderBook Book, List<long> Trades) Read(
        BusMarketData data, IEnumerable<(string Source, MarketMessage Message, Timestamp At)> published, BookSequenceRule rule)
    {
        var book = new OrderBook(Instrument(rule), OrderBookState.Empty);
        List<long> trades = [];
        var end = Start;
        foreach (var (source, message, at) in published)
        {
            data.Take(source, message, at).ShouldBeNull();
            TakeInputs();
            data.Watch(end = at);
            TakeInputs();
        }

        data.Watch(end + BookMerge.Patience);
        TakeInputs();
        return (book, trades);

        void TakeInputs()
        {
            foreach (var input in data.Inputs)
            {
                if (input.Kind == InputKind.Book) book.Apply(input.Book);
                else if (input.Kind == InputKind.Trade) trades.Add(input.Trade.TradeId);
            }
        }
    }

    private static (OrderBook Book, List<long> Trades) Lossless(List<MarketMessage> market, BookSequenceRule rule)
    {
        var book = new OrderBook(Instrument(rule), OrderBookState.Empty);
        foreach (var message in market.Where(m => m.Kind == BusKind.Book)) book.Apply(message.Input.Book);
        return (book, [.. market.Where(m => m.Kind == BusKind.Trade).Select(m => m.Input.Trade.TradeId)]);
    }

    private static string Text(OrderBook book)
    {
        var levels = new BookLevel[64];
        string Side(Side side) => string.Join(' ', levels[..book.CopyLevels(side, levels)].Select(l => $"{l.PriceTicks}×{l.SizeLots}"));
        return $"{book.Status} {book.Top.LastUpdateId} | {Side(Core.Side.Buy)} | {Side(Core.Side.Sell)}";
    }
}
