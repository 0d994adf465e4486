using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Asks against bids, level by level, as far as the last unit earns enough.</summary>
internal ref struct RouteWalk(ReadOnlySpan<NetLevel> asks, ReadOnlySpan<NetLevel> bids, RouterParameters parameters, double gas)
{
    private readonly ReadOnlySpan<NetLevel> _asks = asks;
    private readonly ReadOnlySpan<NetLevel> _bids = bids;
    private readonly RouterParameters _parameters = parameters;
    private readonly double _gas = gas;

    /// <summary>Base asset.</summary>
    public double Quantity { get; private set; }

    /// <summary>The last ask taken.</summary>
    public long AskTicks { get; private set; }

    /// <summary>The last bid taken.</summary>
    public long BidTicks { get; private set; }

    private double _paid;
    private double _received;
    private double _lastBps;

    /// <summary>
    /// Takes the largest quantity whose last unit earns the threshold and that quantity's share of gas; false when there is none. The share falls
    /// as the quantity grows, so what is too little for the gas at one level may pay at the next.
    /// </summary>
    /// <param name="most">Base asset.</param>
    public bool Go(double most)
    {
        var (i, j, walked, paid, received) = (0, 0, 0.0, 0.0, 0.0);
        var (ask, bid) = (_asks.IsEmpty ? 0 : _asks[0].Quantity, _bids.IsEmpty ? 0 : _bids[0].Quantity);
        while (i < _asks.Length && j < _bids.Length && walked < most)
        {
            var edge = Edge(_asks[i].NetPrice, _bids[j].NetPrice);
            if (edge < _parameters.ThresholdBps) break;
            var take = Math.Min(Math.Min(ask, bid), most - walked);
            walked += take;
            paid += take * _asks[i].NetPrice;
            received += take * _bids[j].NetPrice;
            if (edge - GasBps(paid, received) >= _parameters.ThresholdBps)
            {
                (Quantity, AskTicks, BidTicks) = (walked, _asks[i].PriceTicks, _bids[j].PriceTicks);
                (_paid, _received, _lastBps) = (paid, received, edge);
            }

            ask -= take;
            bid -= take;
            if (ask <= 0 && ++i < _asks.Length) ask = _asks[i].Quantity;
            if (bid <= 0 && ++j < _bids.Length) bid = _bids[j].Quantity;
        }

        return Quantity > 0;
    }

    /// <summary>What so much of the quantity walked earns; its rounding to an order leaves the better part.</summary>
    public readonly RouteTerms Terms(RouteMarket buy, RouteMarket sell, double quantity)
    {
        if (quantity <= 0) return default;
        var (paid, received) = (_paid / Quantity * quantity, _received / Quantity * quantity);
        var mean = (paid + received) / 2;
        var (grossPaid, grossReceived) = (paid / buy.NetFactor(Side.Buy), received / sell.NetFactor(Side.Sell));
        var gasBps = GasBps(paid, received);
        var slippage = 2 * _parameters.SlippageBps;
        return new(
            Quantised.Bps((grossReceived - grossPaid) / mean * 1e4), Quantised.Bps((paid - grossPaid) / mean * 1e4),
            Quantised.Bps((grossReceived - received) / mean * 1e4), Quantised.Bps(gasBps), slippage,
            Quantised.Bps((received - paid) / mean * 1e4 - gasBps - slippage), Quantised.Bps(_lastBps - gasBps), _parameters.ThresholdBps);
    }

    private readonly double Edge(double ask, double bid) => Quantised.Bps((bid - ask) / ((ask + bid) / 2) * 1e4 - 2 * _parameters.SlippageBps);

    private readonly double GasBps(double paid, double received) => _gas / ((paid + received) / 2) * 1e4;
}
