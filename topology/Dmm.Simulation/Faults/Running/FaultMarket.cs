using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>Other traders at both venues: one efficient price, around which each venue has makers and takers of its own; where the router
/// has to have work, makers of one venue do not look at the other.</summary>
internal sealed class FaultMarket
{
    /// <summary>At the start, USDT.</summary>
    public const double InitialPrice = 1;

    private static readonly FlowParameters Flow = new()
    {
        Price = new() { InitialPrice = InitialPrice, VolatilityBps = 0.8, JumpsPerHour = 60, JumpSizeBps = 8 },
        Providers = new() { Count = 2, Levels = 4, HalfSpreadBps = 12, Size = 150 },
        Takers = new()
        {
            BaseRate = 0.5, BranchingRatio = 0.3, Decay = 2, ArrivalSensitivity = 0.08, Size = 30, InformedShare = 0.1, InformedSize = 60,
        },
        DailyAmplitude = 0,
    };

    private readonly List<LiquidityProvider> _providers = [];
    private readonly List<TakerFlow> _takers = [];

    public FaultMarket(long seed, SimulationQueue queue, IEnumerable<IOrderFlowTarget> books)
    {
        var price = new JumpDiffusion(Flow.Price, new(Flow.DailyAmplitude), queue.Now, seed, "price");
        foreach (var book in books)
        {
            var venue = book.Instrument.Venue;
            Func<Timestamp, double> seen = FaultSettings.IsRouted(seed)
                ? new PartedPrice(price, new() { DistanceBps = 70, Stay = TimeSpan.FromSeconds(5) }, SeededRandom.For(seed, $"{venue}/parting")).At : price.At;
            var own = Enumerable.Range(0, Flow.Providers.Count)
                .Select(i => new LiquidityProvider(i, Flow.Providers, seen, queue, book, SeededRandom.For(seed, $"{venue}/provider/{i}"))).ToArray();
            _providers.AddRange(own);
            var takerSeed = (long)SeededRandom.For(seed, $"{venue}/takers").NextBits();
            foreach (var side in (Side[])[Side.Buy, Side.Sell])
                _takers.Add(new(side, Flow, price, () => own[0].Centre, queue, book, takerSeed));
        }
    }

    /// <summary>Puts the books up, and begins.</summary>
    public void Start()
    {
        foreach (var provider in _providers) provider.Start();
        foreach (var takers in _takers) takers.Start();
    }
}
