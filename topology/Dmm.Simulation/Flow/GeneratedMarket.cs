using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// A market made of seeded chance: providers and takers at an order book, the price of TON, and what gas costs. It schedules itself without end, one
/// pending event for each of its parts. Every part has a stream of chance of its own: a change of one leaves the others' as they were.
/// </summary>
public sealed class GeneratedMarket
{
    private readonly SimulationQueue _queue;
    private readonly JumpDiffusion _price;
    private readonly LiquidityProvider[] _providers;
    private readonly TakerFlow[] _takers;
    private readonly ReferenceFeed _reference;
    private readonly GasFeed _gas;

    /// <param name="seed">Of the whole simulation.</param>
    /// <param name="scenario">What kind of market.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="book">Where its traders trade.</param>
    /// <param name="deliver">Takes reference rates and gas prices, without latency.</param>
    /// <exception cref="ParameterException">The scenario has faults; all are named.</exception>
    public GeneratedMarket(long seed, MarketScenario scenario, SimulationQueue queue, IOrderFlowTarget book, InputReceiver deliver)
    {
        var flow = scenario.Validated().Flow;
        var profile = new DailyProfile(flow.DailyAmplitude);
        _queue = queue;
        _price = new(flow.Price, profile, queue.Now, seed, "price");
        _providers =
        [
            .. Enumerable.Range(0, flow.Providers.Count)
                .Select(i => new LiquidityProvider(i, flow.Providers, _price.At, queue, book, SeededRandom.For(seed, $"provider/{i}"))),
        ];
        _takers = [TakersOf(Side.Buy), TakersOf(Side.Sell)];
        _reference = new(new(scenario.Reference, profile, queue.Now, seed, "reference"), queue, deliver);
        _gas = new(scenario.Gas, queue, SeededRandom.For(seed, "gas"), deliver);

        TakerFlow TakersOf(Side side) => new(side, flow, _price, () => QuotedPrice, queue, book, seed);
    }

    /// <summary>What the asset is worth now, quote asset per base asset.</summary>
    public double EfficientPrice => _price.At(_queue.Now);

    /// <summary>The price that providers show: the mean of those around which their ladders stand.</summary>
    public double QuotedPrice
    {
        get
        {
            var sum = 0.0;
            foreach (var provider in _providers) sum += provider.Centre;
            return sum / _providers.Length;
        }
    }

    /// <summary>TON in USDT now.</summary>
    public double TonPrice => _reference.Price;

    /// <summary>Puts the book up, says the first reference rate and gas price, and begins. Once.</summary>
    public void Start()
    {
        foreach (var provider in _providers) provider.Start();
        foreach (var takers in _takers) takers.Start();
        _reference.Start();
        _gas.Start();
    }
}
