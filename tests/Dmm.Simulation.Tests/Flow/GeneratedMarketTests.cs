using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

public sealed class GeneratedMarketTests
{
    public static TheoryData<string> Names => [.. MarketScenarios.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void SameSeed_GivesTheSameBytes_AndAnotherOthers(string name)
    {
        var scenario = MarketScenarios.Named(name);
        var first = Flow(scenario, seed: 51);
        Flow(scenario, seed: 51).ShouldBe(first);
        Flow(scenario, seed: 52).ShouldNotBe(first);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Start_FindsTheWholeBookStanding(string name)
    {
        var scenario = MarketScenarios.Named(name);
        var (queue, exchange, market) = FlowSamples.Begun(scenario, seed: 53);
        queue.Now.ShouldBe(FlowSamples.Start);
        var half = (long)Math.Ceiling(scenario.Flow.Providers.HalfSpreadBps);
        exchange.Best.Bid.PriceTicks.ShouldBe(10_000 - half);
        exchange.Best.Ask.PriceTicks.ShouldBe(10_000 + half);
        exchange.TradeCount.ShouldBe(0);
        (market.EfficientPrice, market.QuotedPrice, market.TonPrice).ShouldBe((1, 1, 3));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hour_KeepsBothSidesStanding_AndOneEventForEachPart(string name)
    {
        var scenario = MarketScenarios.Named(name);
        var (queue, exchange, _) = FlowSamples.Begun(scenario, seed: 54);
        // Providers, two sides of takers, reference and gas; the venue has at most its feed's flush, heartbeat and nothing else without orders of ours.
        var parts = scenario.Flow.Providers.Count + 4;
        while (queue.RunNext(FlowSamples.At(3_600)))
        {
            queue.Pending.ShouldBeLessThanOrEqualTo(parts);
            exchange.Best.Bid.SizeLots.ShouldBeGreaterThan(0);
            exchange.Best.Ask.SizeLots.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void OtherTakers_LeaveThePriceAndTheProvidersAsTheyWere()
    {
        var busy = MarketScenarios.Calm with { Flow = MarketScenarios.Calm.Flow with { Takers = new() { BaseRate = 3 } } };
        Quotes(busy).ShouldBe(Quotes(MarketScenarios.Calm));

        static IEnumerable<Deed> Quotes(MarketScenario scenario) => Run(scenario, 55).Deeds.Where(d => !d.IsTaking).ToArray();
    }

    [Fact]
    public void Arrivals_ComeAtTheirMeanRateOverADay()
    {
        // Over a whole day the activity is 1 on average.
        var scenario = MarketScenarios.Calm with { Flow = new() { Takers = new() { InformedShare = 0 } } };
        var taken = Run(scenario, 56, seconds: 86_400).Taken.Count();
        var rate = 2 * scenario.Flow.Takers.MeanRate * 86_400;
        ((double)taken).ShouldBe(rate, 5 * Math.Sqrt(rate) / (1 - scenario.Flow.Takers.BranchingRatio));
    }

    private static byte[] Flow(MarketScenario scenario, long seed)
    {
        var said = new List<ControlMessage>();
        var book = Run(scenario, seed, said: said);
        return [.. book.Bytes(), .. Encoding.UTF8.GetBytes(string.Join('\n', said))];
    }

    private static ScriptedBook Run(MarketScenario scenario, long seed, int seconds = 600, List<ControlMessage>? said = null)
    {
        var queue = new SimulationQueue(FlowSamples.Start);
        var book = new ScriptedBook(FlowSamples.Dct, queue);
        new GeneratedMarket(seed, scenario, queue, book, Keep).Start();
        queue.RunTo(FlowSamples.At(seconds));
        return book;

        void Keep(in Input input) => said?.Add(input.Control);
    }
}
