using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources.Bus;

/// <summary>
/// The last trades of one instrument, by id and exchange time: a venue whose ids start anew gives the same ids at other times. Allocates nothing once
/// it is full.
/// </summary>
internal sealed class TradeWindow
{
    public const int Length = 4_096;

    private readonly HashSet<(long Id, Timestamp At)> _known = new(Length);
    private readonly (long Id, Timestamp At)[] _ring = new (long, Timestamp)[Length];
    private int _next;

    /// <summary>True for a trade that is new; false for one known, or older than all known when there is no room to know it.</summary>
    public bool TryAdd(in Trade trade)
    {
        ref var oldest = ref _ring[_next];
        var isFull = _known.Count == Length;
        if (isFull && trade.VenueTime < oldest.At) return false;
        var one = (trade.TradeId, trade.VenueTime);
        if (_known.Contains(one)) return false;
        if (isFull) _known.Remove(oldest);
        _known.Add(one);
        oldest = one;
        _next = (_next + 1) % Length;
        return true;
    }
}
