using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>
/// What we took of the recorded levels, which go on showing it: no lot is taken twice. A level that shrinks or ends takes ours along; what is
/// added to
/// it can be taken.
/// </summary>
internal sealed class TakenLots
{
    private readonly List<(Side Side, long PriceTicks, long Lots)> _taken = [];

    public long At(Side side, long priceTicks) => Find(side, priceTicks) is >= 0 and var at ? _taken[at].Lots : 0;

    public void Add(Side side, long priceTicks, long lots)
    {
        if (Find(side, priceTicks) is >= 0 and var at) _taken[at] = (side, priceTicks, _taken[at].Lots + lots);
        else _taken.Add((side, priceTicks, lots));
    }

    /// <summary>The book changed.</summary>
    public void Follow(OrderBook book)
    {
        for (var i = _taken.Count - 1; i >= 0; i--)
        {
            var (side, priceTicks, lots) = _taken[i];
            var shown = book.LotsAt(side, priceTicks);
            if (shown == 0) _taken.RemoveAt(i);
            else if (shown < lots) _taken[i] = (side, priceTicks, shown);
        }
    }

    private int Find(Side side, long priceTicks)
    {
        for (var i = 0; i < _taken.Count; i++)
            if (_taken[i].Side == side && _taken[i].PriceTicks == priceTicks) return i;
        return -1;
    }
}
