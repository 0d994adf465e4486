using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>Our orders of one side: best price first, at one price in the order in which they came there.</summary>
internal sealed class QueuedSide(Side side)
{
    private readonly List<QueuedOrder> _orders = [];

    public Side Side => side;

    public int Count => _orders.Count;

    public QueuedOrder this[int index] => _orders[index];

    public void Join(OwnOrder order, long levelLots)
    {
        var at = 0;
        while (at < _orders.Count && Reach(at, order.PriceTicks) >= 0) at++;
        _orders.Insert(at, new(order, levelLots));
    }

    public void Leave(OwnOrder order)
    {
        for (var i = _orders.Count - 1; i >= 0; i--)
            if (_orders[i].Order == order) _orders.RemoveAt(i);
    }

    public void RemoveAt(int index) => _orders.RemoveAt(index);

    /// <summary>How far, in ticks, the order's price is more generous than that price; 0 at it, below 0 when it is less.</summary>
    public long Reach(int index, long priceTicks) => side.Sign() * (_orders[index].Order.PriceTicks - priceTicks);
}
