using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// Another market maker: looks at the efficient price, replaces its ladder a lag later, pauses, and looks again. In between its quotes are stale.
/// Whatever stands in the way of a new ladder, it takes: the ladder then stands whole.
/// </summary>
internal sealed class LiquidityProvider
{
    private const long Everything = long.MaxValue / 2;

    private readonly ProviderParameters _parameters;
    private readonly Func<Timestamp, double> _price;
    private readonly SimulationQueue _queue;
    private readonly IOrderFlowTarget _book;
    private readonly SeededRandom _random;
    private readonly double _shiftBps;
    private readonly long[] _bids;
    private readonly long[] _asks;
    private readonly Action _look;
    private readonly Action _replace;
    private double _seen;

    /// <param name="index">Which of the providers this is: later ones stand a little wider.</param>
    /// <param name="parameters">Of all providers.</param>
    /// <param name="price">What it takes for the price of an instant.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="book">Where it quotes.</param>
    /// <param name="random">This provider's own.</param>
    public LiquidityProvider(
        int index, ProviderParameters parameters, Func<Timestamp, double> price, SimulationQueue queue, IOrderFlowTarget book, SeededRandom random)
    {
        (_parameters, _price, _queue, _book, _random) = (parameters, price, queue, book, random);
        _shiftBps = parameters.LevelGapBps * index / parameters.Count;
        (_bids, _asks) = (new long[parameters.Levels], new long[parameters.Levels]);
        (_look, _replace) = (Look, Replace);
    }

    /// <summary>The price around which its present ladder was made.</summary>
    public double Centre { get; private set; }

    /// <summary>Puts the first ladder up at once, and goes on from there.</summary>
    public void Start()
    {
        _seen = _price(_queue.Now);
        Replace();
    }

    private void Look()
    {
        _seen = _price(_queue.Now);
        _queue.Schedule(_queue.Now + _parameters.Lag, _replace);
    }

    private void Replace()
    {
        // New quotes go in before old ones come out, so that the touch does not flicker; the side that makes way goes first, lest it meet itself.
        var first = _seen >= Centre ? Side.Sell : Side.Buy;
        Centre = _seen;
        Replace(first);
        Replace(first == Side.Sell ? Side.Buy : Side.Sell);
        _queue.Schedule(_queue.Now + _parameters.Pause * (0.5 + _random.NextDouble()), _look);
    }

    private void Replace(Side side)
    {
        var orders = side == Side.Buy ? _bids : _asks;
        TakeWhatStandsInTheWay(side);
        for (var level = 0; level < orders.Length; level++)
        {
            var ticks = Price(side, level);
            var size = _parameters.Size * Math.Exp(-_parameters.DepthDecay * level) * (0.5 + _random.NextDouble());
            var former = orders[level];
            orders[level] = ticks > 0 ? _book.Submit(side, ticks, _book.Instrument.Lots(size), TimeInForce.GoodTillCancelled) : 0;
            if (former != 0) _book.Cancel(former);
        }
    }

    private void TakeWhatStandsInTheWay(Side side)
    {
        var (limit, (bid, ask)) = (Price(side, 0), _book.Best);
        var isCrossed = side == Side.Buy ? ask.SizeLots > 0 && ask.PriceTicks <= limit : bid.SizeLots > 0 && bid.PriceTicks >= limit;
        if (isCrossed && limit > 0) _book.Submit(side, limit, Everything, TimeInForce.ImmediateOrCancel);
    }

    private long Price(Side side, int level) =>
        _book.Instrument.Quote(side, Centre, _parameters.HalfSpreadBps + _shiftBps + level * _parameters.LevelGapBps);
}
