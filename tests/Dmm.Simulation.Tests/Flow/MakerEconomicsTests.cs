using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

/// <summary>What the markets are for: who quotes plainly in them earns, or loses, what their names promise.</summary>
public sealed class MakerEconomicsTests
{
    private const double MakerFeeBps = 2;
    private const int Hours = 4;

    private static readonly Dictionary<(string, long), PlainMaker> Runs = [];

    public static TheoryData<long> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Calm_FillsAMakerEveryFewSeconds_AndPaysIt(long seed)
    {
        var maker = Run(MarketScenarios.Calm, seed);
        maker.Volatilities.Skip(120).Average().ShouldBeInRange(8, 11);
        maker.HalfSpreads.Average().ShouldBeInRange(4.5, 7);
        maker.MarketSpreads.Average().ShouldBeInRange(15, 30);
        (Hours * 3600.0 / maker.Fills.Count).ShouldBeInRange(5, 30);
        Markout(maker).ShouldBeGreaterThan(MakerFeeBps + 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Toxic_MovesAgainstAMakerAfterItsFills(long seed) => Markout(Run(MarketScenarios.Toxic, seed)).ShouldBeLessThan(-MakerFeeBps);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Volatile_WidensAMaker_AndStillFillsIt(long seed)
    {
        var maker = Run(MarketScenarios.Volatile, seed);
        maker.Volatilities.Skip(120).Average().ShouldBeInRange(22, 35);
        (Hours * 3600.0 / maker.Fills.Count).ShouldBeInRange(5, 30);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Thin_FillsAMakerLessThanHalfAsOftenAsCalm(long seed)
    {
        var (thin, calm) = (Run(MarketScenarios.Thin, seed), Run(MarketScenarios.Calm, seed));
        thin.Fills.Count.ShouldBeLessThan(calm.Fills.Count * 6 / 10);
        Volume(thin).ShouldBeLessThan(Volume(calm) / 2);
        thin.MarketSpreads.Average().ShouldBeGreaterThan(2 * calm.MarketSpreads.Average());
    }

    [Fact]
    public void Trending_LoadsAMakerWithInventory() =>
        Enumerable.Range(1, 3).Sum(seed => LargestPosition(Run(MarketScenarios.Trending, seed)))
            .ShouldBeGreaterThan(1.5 * Enumerable.Range(1, 3).Sum(seed => LargestPosition(Run(MarketScenarios.Calm, seed))));

    private static double Volume(PlainMaker maker) => maker.Fills.Sum(f => f.Quantity);

    /// <summary>Mean by volume, bps.</summary>
    private static double Markout(PlainMaker maker)
    {
        var known = maker.Fills.Where(f => f.MarkoutBps is not null).ToArray();
        return known.Sum(f => f.Quantity * f.MarkoutBps!.Value) / known.Sum(f => f.Quantity);
    }

    private static double LargestPosition(PlainMaker maker)
    {
        var (position, largest) = (0.0, 0.0);
        foreach (var fill in maker.Fills) largest = Math.Max(largest, Math.Abs(position += fill.Side.Sign() * fill.Quantity));
        return largest;
    }

    /// <summary>From four to eight in the morning: hours of average activity.</summary>
    private static PlainMaker Run(MarketScenario scenario, long seed)
    {
        if (Runs.TryGetValue((scenario.Name, seed), out var known)) return known;
        PlainMaker? maker = null;
        var start = FlowSamples.At(4 * 3600);
        var (queue, exchange, _) = FlowSamples.Begun(scenario, seed, receive: Tell, start: start);
        maker = new(queue, exchange);
        maker.Start();
        queue.RunTo(start + TimeSpan.FromHours(Hours));
        return Runs[(scenario.Name, seed)] = maker;

        void Tell(in Input input) => maker?.Take(input);
    }
}
