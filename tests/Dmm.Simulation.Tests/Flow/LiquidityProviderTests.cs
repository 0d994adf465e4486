using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

public sealed class LiquidityProviderTests
{
    private static readonly ProviderParameters Parameters = new()
    {
        Levels = 3, HalfSpreadBps = 10, LevelGapBps = 3, Size = 100, DepthDecay = Math.Log(2), Lag = TimeSpan.FromMilliseconds(200),
        Pause = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public void Start_PutsTheLadderUpAtOnce()
    {
        var (queue, book, provider) = Made(0, new() { InitialPrice = 1 });
        provider.Start();
        queue.Now.ShouldBe(FlowSamples.Start);
        book.Deeds.Select(d => (d.Side, d.PriceTicks)).ShouldBe([
            (Side.Sell, 10_010), (Side.Sell, 10_013), (Side.Sell, 10_016), (Side.Buy, 9_990), (Side.Buy, 9_987), (Side.Buy, 9_984),
        ]);
        provider.Centre.ShouldBe(1);
    }

    [Fact]
    public void LaterProvider_StandsAShareOfALevelWider()
    {
        var (_, book, provider) = Made(1, new() { InitialPrice = 1 });
        provider.Start();
        book.Deeds.Select(d => d.PriceTicks).ShouldBe([10_011, 10_014, 10_017, 9_989, 9_986, 9_983]);
    }

    [Fact]
    public void Sizes_FallOffExponentiallyFromLevelToLevel()
    {
        var (queue, book, provider) = Made(0, new() { InitialPrice = 1 });
        provider.Start();
        queue.RunTo(FlowSamples.At(10_000));
        var bids = book.Deeds.Where(d => d.Cancelled == 0 && d.Side == Side.Buy).ToArray();
        foreach (var (ticks, mean) in new[] { (9_990L, 100.0), (9_987, 50), (9_984, 25) })
        {
            var sizes = bids.Where(d => d.PriceTicks == ticks).Select(d => d.Lots * 0.1).ToArray();
            // Uniform between half and one and a half of the mean.
            sizes.Average().ShouldBe(mean, 5 * mean / Math.Sqrt(12 * sizes.Length));
            sizes.Min().ShouldBeGreaterThanOrEqualTo(0.5 * mean - 0.1);
            sizes.Max().ShouldBeLessThanOrEqualTo(1.5 * mean + 0.1);
        }
    }

    [Fact]
    public void Ladder_IsReplacedAroundThePriceOfALagAgo()
    {
        var price = new PriceParameters { InitialPrice = 1, DriftBps = 5 };
        var (queue, book, provider) = Made(0, price);
        provider.Start();
        queue.RunTo(FlowSamples.At(600));
        var replacements = book.Deeds.Where(d => d.Cancelled == 0).GroupBy(d => d.At).Skip(1).ToArray();
        // One lag and a pause of half a second to one and a half.
        replacements.Length.ShouldBeInRange((int)(600 / 1.7), (int)(600 / 0.7));
        foreach (var replacement in replacements)
        {
            var seenAt = Math.Floor(((replacement.Key - FlowSamples.Start).TotalSeconds - 0.2) * 10 + 1e-6) / 10;
            var ask = Math.Exp(seenAt * 5e-4) * 1.001 * 10_000;
            replacement.Min(d => d.Side == Side.Sell ? d.PriceTicks : long.MaxValue).ShouldBe((long)Math.Ceiling(ask));
        }
    }

    [Fact]
    public void NewQuotes_ComeBeforeTheOldOnesGo_AndTheSideThatMakesWayIsFirst()
    {
        var (queue, book, provider) = Made(0, new() { InitialPrice = 1, DriftBps = -10 });
        provider.Start();
        book.Deeds.Clear();
        queue.RunTo(FlowSamples.At(1.7));
        var deeds = book.Deeds.Take(12).ToArray();
        // The ladder of the start was numbered asks first: 1 to 3, then bids 4 to 6.
        deeds.Select(d => d.Cancelled).ShouldBe([0, 4, 0, 5, 0, 6, 0, 1, 0, 2, 0, 3]);
        deeds.Where(d => d.Cancelled == 0).Select(d => d.Side).ShouldBe([Side.Buy, Side.Buy, Side.Buy, Side.Sell, Side.Sell, Side.Sell]);
    }

    [Fact]
    public void StaleQuoteInTheWay_IsTakenBeforeTheLadderStands()
    {
        var (_, book, provider) = Made(0, new() { InitialPrice = 1 });
        book.Best = (new(10_011, 70), new(10_020, 70));
        provider.Start();
        book.Taken.Select(d => (d.Side, d.PriceTicks)).ShouldBe([(Side.Sell, 10_010)]);
        book.Deeds[0].IsTaking.ShouldBeTrue();
        book.Deeds.Count(d => !d.IsTaking).ShouldBe(6);
    }

    private static (SimulationQueue, ScriptedBook, LiquidityProvider) Made(int index, PriceParameters price)
    {
        var queue = new SimulationQueue(FlowSamples.Start);
        var book = new ScriptedBook(FlowSamples.Dct, queue);
        var path = new JumpDiffusion(price, FlowSamples.Even, FlowSamples.Start, 31, "price");
        return (queue, book, new(index, Parameters, path.At, queue, book, new(31)));
    }
}
