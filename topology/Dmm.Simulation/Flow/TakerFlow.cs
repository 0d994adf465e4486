using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// Takers whose arrivals excite one another: an uninformed one wants its side (or follows the drift), as far as it reaches from the price that
/// providers show; an informed one takes whichever side of the book lies beyond the efficient price, or nothing. All their orders are immediate or
/// cancel.
/// </summary>
internal sealed class TakerFlow
{
    private readonly Side _side;
    private readonly TakerParameters _parameters;
    private readonly JumpDiffusion _price;
    private readonly Func<double> _quotedPrice;
    private readonly SimulationQueue _queue;
    private readonly IOrderFlowTarget _book;
    private readonly HawkesArrivals _arrivals;
    private readonly SeededRandom _random;
    private readonly Action _arrive;

    /// <param name="side">What the uninformed of them do.</param>
    /// <param name="flow">How they behave, and when the market is busy.</param>
    /// <param name="price">The efficient price.</param>
    /// <param name="quotedPrice">The price that providers show.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="book">Where they trade.</param>
    /// <param name="seed">Of the whole simulation.</param>
    public TakerFlow(
        Side side, FlowParameters flow, JumpDiffusion price, Func<double> quotedPrice, SimulationQueue queue, IOrderFlowTarget book, long seed)
    {
        (_side, _parameters, _price, _quotedPrice, _queue, _book) = (side, flow.Takers, price, quotedPrice, queue, book);
        _arrivals = new(flow.Takers, new(flow.DailyAmplitude), queue.Now, SeededRandom.For(seed, $"takers/{side}/arrivals"));
        _random = SeededRandom.For(seed, $"takers/{side}/orders");
        _arrive = Arrive;
    }

    public void Start() => _queue.Schedule(_arrivals.Next(), _arrive);

    private void Arrive()
    {
        Start();
        // Drawn by all, even by those who then leave the book alone: what the next one wants must not depend on what stands in it.
        var size = _random.NextExponential(1);
        if (_random.NextBool(_parameters.InformedShare)) TakeMispriced(_parameters.InformedSize * size);
        else Take(UninformedSide(), _quotedPrice(), _random.NextExponential(_parameters.ArrivalSensitivity), _parameters.Size * size);
    }

    private Side UninformedSide()
    {
        _price.At(_queue.Now);
        if (_price.Trend == 0 || !_random.NextBool(_parameters.FollowingShare)) return _side;
        return _price.Trend > 0 ? Side.Buy : Side.Sell;
    }

    private void TakeMispriced(double size)
    {
        var (worth, (bid, ask)) = (_price.At(_queue.Now), _book.Best);
        var reachBps = -_parameters.InformedThresholdBps;
        if (ask.SizeLots > 0 && ask.PriceTicks <= _book.Instrument.Reach(Side.Buy, worth, reachBps))
            Take(Side.Buy, worth, reachBps, size);
        else if (bid.SizeLots > 0 && bid.PriceTicks >= _book.Instrument.Reach(Side.Sell, worth, reachBps))
            Take(Side.Sell, worth, reachBps, size);
    }

    private void Take(Side side, double price, double reachBps, double size)
    {
        var ticks = _book.Instrument.Reach(side, price, reachBps);
        if (ticks > 0) _book.Submit(side, ticks, _book.Instrument.Lots(size), TimeInForce.ImmediateOrCancel);
    }
}
