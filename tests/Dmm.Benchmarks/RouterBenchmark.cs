using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Benchmarks;

/// <summary>
/// A change of a top at one of three markets whose tops do not differ enough: the look at all of them alone, and what the router adds to the whole
/// way of the change through the engine.
/// </summary>
internal static class RouterBenchmark
{
    private const int Changes = 200_000;

    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    // The volatility is known, and every control at rest.
    private static readonly Timestamp Warm = Start + TimeSpan.FromSeconds(130.1);

    public static void Run()
    {
        Report.Title("router: a change of a top, with two order books and a pool");
        var books = Enumerable.Range(0, 3).Select(i => (IBookView)Book(i)).ToArray();
        NetFactors[] factors = [.. Enumerable.Repeat(new NetFactors(0.0001 * 0.9995, 0.0001 * 1.0005), 3)];
        var sum = 0.0;
        var look = Measured.Of(() => 0, _ =>
        {
            for (var i = 0; i < Changes; i++) sum += ConsolidatedBook.TopDifferentialBps(books, factors);
        });
        Figure("the look at all tops alone", look);
        var (without, with) = (Engine(null), Engine(new()));
        Figure("a change through the engine, router off", without);
        Figure("a change through the engine, router on", with);
        Report.Figure("what the router adds, at best", 1e9 * (with.LeastSeconds - without.LeastSeconds) / Changes, "ns",
            beside: double.IsFinite(sum) ? "" : "the sum is not finite");
    }

    private static void Figure(string what, in Measured measured) => Report.Figure(what, 1e9 * measured.MedianSeconds / Changes, "ns",
        beside: FormattableString.Invariant($"best {1e9 * measured.LeastSeconds / Changes:0.#} ns; {measured.BytesPerItem(Changes):0.##} B"));

    private static Measured Engine(RouterParameters? router)
    {
        var market = ScenarioMarket.TwoVenuesAndPool().With(p => p with
        {
            Router = router, Venues = [.. p.Venues.Select(v => v.Instrument.StartsWith("pool", StringComparison.Ordinal) ? v with { Pool = new() } : v)],
        });
        return Measured.Of(
            () =>
            {
                var topology = new QuotingTopology(market.Instruments, market.Parameters, OrderIdState.Fresh("b", 0), TradingMode.Shadow);
                var engine = new Engine(topology, EngineStart.Fresh(Start), new CountingLog());
                for (var at = Start + TimeSpan.FromMilliseconds(1); at < Warm; at += TimeSpan.FromSeconds(0.5))
                {
                    for (var i = 0; i < 3; i++) engine.Take(at + TimeSpan.FromTicks(i), Snapshot(i, i == 2 ? 33_333 : 10_000, at));
                    engine.Take(at + TimeSpan.FromTicks(3), new Input(new ReferenceRate("TON", "USDT", 3m, at)));
                }

                return engine;
            },
            engine =>
            {
                BookLevel[] level = [new(9_999, 0)];
                for (var i = 0; i < Changes; i++)
                {
                    level[0] = new(9_999, 5_000 + (i & 1));
                    // Soon after the last books came: no refresh, no staleness, nothing else to do.
                    engine.Take(Warm + TimeSpan.FromTicks(i + 1), new Input(new BookUpdate
                    {
                        Instrument = new(0), IsSnapshot = false, VenueTime = Warm, ReceiveTime = Warm, FirstUpdateId = i + 2, LastUpdateId = i + 2,
                        PreviousUpdateId = -1, BidCount = 1, Levels = level,
                    }));
                }

                engine.Dispose();
            });
    }

    private static OrderBook Book(int index)
    {
        var book = new OrderBook(ScenarioMarket.OrderBook(index, "venue"), OrderBookState.Empty);
        book.Apply(Snapshot(index, 10_000, Start).Book);
        return book;
    }

    private static Input Snapshot(int index, long mid, Timestamp at) => new(new BookUpdate
    {
        Instrument = new(index), IsSnapshot = true, VenueTime = at, ReceiveTime = at, FirstUpdateId = 1, LastUpdateId = 1, PreviousUpdateId = -1,
        BidCount = 10,
        Levels = (BookLevel[])
        [
            .. Enumerable.Range(1, 10).Select(i => new BookLevel(mid - i, 5_000)), .. Enumerable.Range(1, 10).Select(i => new BookLevel(mid + i, 5_000)),
        ],
    });
}
