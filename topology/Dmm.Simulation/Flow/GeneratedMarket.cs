using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// A market made of seeded chance: providers and takers at an order book, or at two, the price of TON, and what gas costs. It schedules itself
/// without end, one pending event for each of its parts. Every part has a stream of chance of its own: a change of one leaves the others' as they
/// were.
/// </summary>
public sealed class GeneratedMarket
{
    private readonly SimulationQueue _queue;
    private readonly JumpDiffusion _price;
    private readonly LiquidityProvider[] _providers;
    private readonly LiquidityProvider[] _providersElsewhere = [];
    private readonly TakerFlow[] _takers;
    private readonly ReferenceFeed _reference;
    private readonly GasFeed _gas;

    /// <param name="seed">Of the whole simulation.</param>
    /// <param name="scenario">What kind of market.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="book">Where its traders trade.</param>
    /// <param name="second">The second book of a scenario that has one; null for every other.</param>
    /// <param name="deliver">Takes reference rates and gas prices, without latency.</param>
    /// <exception cref="ParameterException">The scenario has faults; all are named.</exception>
    public GeneratedMarket(long seed, MarketScenario scenario, SimulationQueue queue, IOrderFlowTarget book, InputReceiver deliver, IOrderFlowTarget? second = null)
    {
        var flow = scenario.Validated().Flow;
        var profile = new DailyProfile(flow.DailyAmplitude);
        _queue = queue;
        _price = new(flow.Price, profile, queue.Now, seed, "price");
        _providers = ProvidersOf(book, "");
        _takers = [TakersOf(Side.Buy, book, seed, () => QuotedPrice), TakersOf(Side.Sell, book, seed, () => QuotedPrice)];
        if (second is not null)
        {
            _providersElsewhere = ProvidersOf(second, "second/");
            var elsewhere = (long)SeededRandom.For(seed, "second/takers").NextBits();
            double Quoted() => MeanOf(_providersElsewhere);
            _takers = [.. _takers, TakersOf(Side.Buy, second, elsewhere, Quoted), TakersOf(Side.Sell, second, elsewhere, Quoted)];
        }

        _reference = new(new(scenario.Reference, profile, queue.Now, seed, "reference"), queue, deliver);
        _gas = new(scenario.Gas, queue, SeededRandom.For(seed, "gas"), deliver);

        TakerFlow TakersOf(Side side, IOrderFlowTarget at, long takerSeed, Func<double> quoted) => new(side, flow, _price, quoted, queue, at, takerSeed);

        LiquidityProvider[] ProvidersOf(IOrderFlowTarget at, string name)
        {
            Func<Timestamp, double> seen = scenario.Parting is { } parting
                ? new PartedPrice(_price, parting, SeededRandom.For(seed, $"{name}parting")).At : _price.At;
            return
            [
                .. Enumerable.Range(0, flow.Providers.Count)
                    .Select(i => new LiquidityProvider(i, flow.Providers, seen, queue, at, SeededRandom.For(seed, $"{name}provider/{i}"))),
            ];
        }
    }

    /// <summary>What the asset is worth now, quote asset per base asset.</summary>
    public double EfficientPrice => _price.At(_queue.Now);

    /// <summary>The price that providers of the first book show: the mean of those around which their ladders stand.</summary>
    public double QuotedPrice => MeanOf(_providers);

    /// <summary>TON in USDT now.</summary>
    public double TonPrice => _reference.Price;

    /// <summary>Puts the book up, says the first reference rate and gas price, and begins. Once.</summary>
    public void Start()
    {
        foreach (var provider in _providers) provider.Start();
        foreach (var provider in _providersElsewhere) provider.Start();
        foreach (var takers in _takers) takers.Start();
        _reference.Start();
        _gas.Start();
    }

    private static double MeanOf(LiquidityProvider[] providers)
    {
        var sum = 0.0;
        foreach (var provider in providers) sum += provider.Centre;
        return sum / providers.Length;
    }
}
