using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Topology.Tests;

/// <summary>Swaps on their way to a pool, as quotes see them.</summary>
public sealed class PendingSwapTests
{
    private const int Alpha = 0, Pool = 2;

    private static readonly TimeSpan Warm = S(125.25);

    [Fact]
    public void SwapIsSeen_TheThreatenedSideKeepsOffAtThatVeryInstant_AtEveryMarket()
    {
        using var desk = Standing();
        var calm = desk.Instruments.All.Select(i => desk.LastQuote(i.Id.Index)).ToArray();
        var stamp = desk.Take(Warm, Seen("a", Side.Buy, 100));
        foreach (var before in calm)
        {
            var quote = desk.Of<QuoteTarget>().Where(q => q.At == stamp.At && q.Body.Instrument == before.Instrument).ShouldHaveSingleItem().Body;
            Added(quote, before).ShouldBe((100, 0));
            quote.Bids.ShouldBe(before.Bids);
            (quote.Asks[0].PriceTicks - before.Asks[0].PriceTicks).ShouldBeInRange(
                (long)(before.Asks[0].PriceTicks * 0.0099), (long)(before.Asks[0].PriceTicks * 0.0101));
            quote.Asks.Select(a => a.SizeLots).ShouldBe(before.Asks.Select(a => a.SizeLots));
        }
    }

    [Fact]
    public void Pressure_DecaysAtExactInstants_AndItsEndRestoresTheQuote()
    {
        using var desk = Standing();
        var calm = desk.LastQuote(Alpha);
        var seen = desk.Take(Warm, Seen("a", Side.Sell, 80));
        foreach (var (second, bps) in new[] { (1, 67.271713), (2, 56.568542), (3, 47.568285), (4, 40) })
        {
            Live(desk, S(1), steps: 2);
            desk.AdvanceTo(seen.At + S(second) - Desk.Start - TimeSpan.FromTicks(1));
            desk.LastQuote(Alpha).Terms.PendingDownBps.ShouldBeGreaterThan(bps);
            desk.AdvanceTo(seen.At + S(second) - Desk.Start);
            Added(desk.LastQuote(Alpha), calm).ShouldBe((0, bps));
            desk.Of<QuoteTarget>().Last().At.ShouldBe(seen.At + S(second));
        }

        var gone = desk.Take(desk.Now + TimeSpan.FromTicks(1) - Desk.Start, new PendingSwapGone("a", "taken back"));
        desk.Of<QuoteTarget>().Where(q => q.At == gone.At).Select(q => q.Body.Instrument.Index).ShouldBe([0, 1, 2]);
        var after = desk.LastQuote(Alpha);
        (after.Terms, after.FairValue).ShouldBe((calm.Terms, calm.FairValue));
        (after.Bids.AsSpan().SequenceEqual(calm.Bids.AsSpan()), after.Asks.AsSpan().SequenceEqual(calm.Asks.AsSpan())).ShouldBe((true, true));
    }

    [Fact]
    public void SwapThatIsCarriedOut_MovesTheBookAndNoLongerThreatens()
    {
        using var desk = Standing();
        desk.Take(Warm, Seen("a", Side.Buy, 60));
        desk.LastQuote(Pool).Terms.PendingUpBps.ShouldBe(60);
        desk.Snapshot(Warm + S(0.1), Pool, 33_333 + 200);
        var gone = desk.Take(Warm + S(0.2), new PendingSwapGone("a", "carried out"));
        var quote = desk.Of<QuoteTarget>().Last(q => q.At == gone.At && q.Body.Instrument.Index == Pool).Body;
        (quote.Terms.PendingUpBps, quote.Terms.PendingDownBps).ShouldBe((0, 0));
        quote.FairValue.ShouldBeGreaterThan(0.33333);
    }

    [Fact]
    public void SwapsAtSeveralPools_CountAsTheLargestOfThem_AndThoseOfAnotherAssetNot()
    {
        var market = ScenarioMarket.TwoVenuesAndPool();
        var toy = ScenarioMarket.TonPool(4) with { Venue = "toypool", Symbol = "TOY/TON", BaseAsset = "TOY" };
        InstrumentCatalog catalog = new([.. market.Instruments.All, ScenarioMarket.TonPool(3) with { Venue = "dedust" }, toy]);
        using var desk = new Desk(catalog, QuotingParameters.Dct(catalog.All.Select(ScenarioMarket.Quoting)));
        desk.Quiet(S(0.1), Warm - S(0.25));
        desk.Take(Warm, Seen("a", Side.Buy, 60));
        desk.Take(Warm + S(0.1), Seen("a", Side.Buy, 90, pool: 3));
        desk.LastQuote(Alpha).Terms.PendingUpBps.ShouldBe(90);
        desk.Take(Warm + S(0.2), Seen("b", Side.Buy, 150, pool: 4));
        (desk.LastQuote(Alpha).Terms.PendingUpBps, desk.LastQuote(4).Terms.PendingUpBps).ShouldBe((90, 150));
    }

    [Fact]
    public void RestartMidway_GoesOnAtTheSameInstants()
    {
        using var desk = Standing();
        var seen = desk.Take(Warm, Seen("a", Side.Buy, 80));
        desk.AdvanceTo(Warm + S(0.5));
        desk.Restart();
        desk.LastQuote(Alpha).Terms.PendingUpBps.ShouldBe(80);
        desk.AdvanceTo(seen.At + S(1) - Desk.Start);
        desk.LastQuote(Alpha).Terms.PendingUpBps.ShouldBe(67.271713);
        desk.Of<QuoteTarget>().Last().At.ShouldBe(seen.At + S(1));
    }

    /// <summary>Far from the market on one side, the other side's quote is made anew as soon as ever.</summary>
    [Fact]
    public void MarketThatMoves_WhileOneSideKeepsOff_RequotesAtOnce()
    {
        using var desk = Standing();
        desk.Take(Warm, Seen("a", Side.Buy, 200));
        var at = Warm + S(0.1);
        desk.Snapshot(at, Alpha, 10_000 - 3);
        desk.QuotesAt(at).Select(q => q.Instrument.Index).ShouldContain(Alpha);
    }

    [Fact]
    public void DeskWithoutAPool_HasNoSuchStreamAndNoSuchState()
    {
        Names(ScenarioMarket.TwoVenues()).ShouldNotContain("pending-pressures");
        var names = Names(ScenarioMarket.TwoVenuesAndPool());
        names.ShouldContain("pending-pressures");
        names.IndexOf("pending-pressures").ShouldBeLessThan(names.IndexOf("quotes"));
        using var desk = Desk.OneVenue();
        desk.Quiet(S(0.1), S(3));
        desk.Take(S(3), Seen("a", Side.Buy, 100, pool: 0));
        desk.LastQuote().Terms.PendingUpBps.ShouldBe(0);

        static List<string> Names(ScenarioMarket market)
        {
            var topology = new QuotingTopology(market.Instruments, market.Parameters, OrderIdState.Fresh("t", 0), TradingMode.Live);
            return [.. topology.Describe().Streams.Select(s => s.Name)];
        }
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Warm and standing still, a moment after its last refresh.</summary>
    private static Desk Standing()
    {
        var desk = Desk.ThreeMarkets();
        desk.Quiet(S(0.1), Warm - S(0.25));
        return desk;
    }

    /// <summary>The same books again, so that none is stale.</summary>
    private static void Live(Desk desk, TimeSpan within, int steps)
    {
        for (var i = 1; i < steps; i++)
        {
            var at = desk.Now - Desk.Start + within / steps / 2;
            desk.Quiet(at, at + TimeSpan.FromTicks(1));
        }
    }

    private static (double UpBps, double DownBps) Added(QuoteTarget quote, QuoteTarget calm) =>
        (Quantised.Bps(quote.Terms.AskBps - calm.Terms.AskBps), Quantised.Bps(calm.Terms.BidBps - quote.Terms.BidBps));

    private static PendingSwap Seen(string trace, Side side, double impactBps, int pool = Pool) => new()
    {
        Instrument = new(pool), Trace = trace, Side = side, ImpactBps = impactBps, ValidUntil = Timestamp.None,
    };
}
