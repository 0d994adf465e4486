using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

/// <summary>A fill of a maker.</summary>
internal sealed record MakerFill(Side Side, double Price, double Quantity)
{
    /// <summary>Side·(mid − price) five seconds later, bps: positive is good for the maker; null before that.</summary>
    public double? MarkoutBps { get; set; }
}

/// <summary>
/// A maker without inventory control, to judge a market by: every half second three levels at δ × 1, 1.5 and 2.25 about the mid of the others' quotes, with
/// δ of the quote model at the volatility that it has estimated from that mid.
/// </summary>
internal sealed class PlainMaker
{
    private static readonly VolatilityParameters Volatility = new();
    private static readonly QuotingParameters Parameters = QuotingParameters.Dct();
    private static readonly (double Multiple, double Size)[] Levels = [(1, 125), (1.5, 250), (2.25, 125)];

    private readonly SimulationQueue _queue;
    private readonly SimulatedExchange _exchange;
    private readonly BookLevel[] _levels = new BookLevel[64];
    private EwmaVolatilityState _volatility;
    private long _ids;

    public PlainMaker(SimulationQueue queue, SimulatedExchange exchange) => (_queue, _exchange) = (queue, exchange);

    /// <summary>Of the others' quotes; stands still while one side of them is empty.</summary>
    public double Mid { get; private set; }

    public List<MakerFill> Fills { get; } = [];

    public int EmptyMoments { get; private set; }

    /// <summary>δ at each refresh, bps.</summary>
    public List<double> HalfSpreads { get; } = [];

    /// <summary>Others' full spread at each refresh, bps.</summary>
    public List<double> MarketSpreads { get; } = [];

    /// <summary>Volatility over 120 s at each second, bps.</summary>
    public List<double> Volatilities { get; } = [];

    public void Start()
    {
        Sample();
        Refresh();
    }

    public void Take(in Input input)
    {
        if (input.Kind != InputKind.Control || input.Control is not Fill fill) return;
        var made = new MakerFill(fill.Side, (double)fill.Price, (double)fill.Quantity);
        Fills.Add(made);
        _queue.Schedule(_queue.Now + TimeSpan.FromSeconds(5), () =>
        {
            UpdateMid();
            made.MarkoutBps = made.Side.Sign() * (Mid / made.Price - 1) * 1e4;
        });
    }

    private void Sample()
    {
        UpdateMid();
        _volatility = EwmaVolatility.Step(_volatility, _queue.Now, Mid, Volatility);
        Volatilities.Add(Snapshot().RawVolatilityBps);
        _queue.Schedule(_queue.Now + Volatility.Grid, Sample);
    }

    private void Refresh()
    {
        _queue.Schedule(_queue.Now + TimeSpan.FromSeconds(0.5), Refresh);
        var volatility = Snapshot();
        if (!volatility.IsReady) return;
        UpdateMid();
        var mid = Mid;
        var terms = new AvellanedaStoikov().Terms(0, Parameters.Quote.RiskAversion, volatility.VolatilityBps, Parameters);
        var halfSpread = terms.RiskTermBps + terms.ArrivalTermBps;
        HalfSpreads.Add(halfSpread);
        MarketSpreads.Add((Best(Side.Sell) - Best(Side.Buy)) / mid * 1e4);
        foreach (var order in _exchange.OpenOrders) _exchange.Orders.Cancel(order.ClientOrderId, _queue.Now);
        foreach (var (multiple, size) in Levels)
        {
            Place(Side.Buy, mid, multiple * halfSpread, size);
            Place(Side.Sell, mid, multiple * halfSpread, size);
        }
    }

    private void Place(Side side, double mid, double distanceBps, double size)
    {
        var instrument = _exchange.Instrument;
        var request = new OrderRequest($"m{++_ids}", side, instrument.Quote(side, mid, distanceBps), instrument.Lots(size), IsPostOnly: true, TimeInForce.GoodTillCancelled);
        _exchange.Orders.Place(request, _queue.Now);
    }

    private VolatilitySnapshot Snapshot() => EwmaVolatility.Snapshot(_volatility, _queue.Now, Volatility, TimeSpan.FromSeconds(120));

    private void UpdateMid()
    {
        var mid = (Best(Side.Buy) + Best(Side.Sell)) / 2;
        if (double.IsNaN(mid)) EmptyMoments++;
        else Mid = mid;
    }

    private double Best(Side side)
    {
        var count = _exchange.CopyLevels(side, _levels);
        for (var i = 0; i < count; i++)
        {
            var ticks = _levels[i].PriceTicks;
            var own = _exchange.OpenOrders.Where(o => o.Side == side && o.PriceTicks == ticks).Sum(o => o.RemainingLots);
            if (_levels[i].SizeLots > own) return _exchange.Instrument.Prices.ToDouble(ticks);
        }

        return double.NaN;
    }
}
