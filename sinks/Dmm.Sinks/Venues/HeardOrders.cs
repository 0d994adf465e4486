using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>
/// Our orders as the engine has heard of them: which may be open, and how far each has come, so that an older view by REST is not told after a newer
/// event of the stream. Orders that ended are remembered for a while. Thread-safe.
/// </summary>
internal sealed class HeardOrders(TimeProvider time)
{
    private const int EndedMax = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (OrderIntent Sent, OrderUpdate? Heard)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _endedAt = new(StringComparer.Ordinal);
    private readonly Queue<string> _endedInOrder = new();

    /// <summary>Of this moment on the order may be open at the venue.</summary>
    public void Sent(OrderIntent intent)
    {
        lock (_lock)
        {
            if (_endedAt.ContainsKey(intent.ClientOrderId)) return;
            var heard = _open.TryGetValue(intent.ClientOrderId, out var before) ? before.Heard : null;
            _open[intent.ClientOrderId] = (intent, heard);
        }
    }

    public void Take(OrderUpdate update)
    {
        lock (_lock)
        {
            if (update.Status >= OrderStatus.Filled)
            {
                _open.Remove(update.ClientOrderId);
                if (!_endedAt.TryAdd(update.ClientOrderId, time.GetTimestamp())) return;
                _endedInOrder.Enqueue(update.ClientOrderId);
                if (_endedInOrder.Count > EndedMax) _endedAt.Remove(_endedInOrder.Dequeue());
            }
            else if (Rests(update) && _open.TryGetValue(update.ClientOrderId, out var order))
            {
                // A reason is of the answer, not of the order.
                _open[update.ClientOrderId] = order with { Heard = update with { Reason = "" } };
            }
        }
    }

    /// <summary>False for a view that is older than what was heard: the order has ended, or more of it was filled.</summary>
    public bool IsNews(OrderUpdate view)
    {
        if (view.Status >= OrderStatus.Filled) return true;
        lock (_lock)
        {
            if (_endedAt.ContainsKey(view.ClientOrderId)) return false;
            if (!Rests(view) || !_open.TryGetValue(view.ClientOrderId, out var order) || order.Heard is not { } heard) return true;
            return view.Status >= heard.Status && view.RemainingLots <= heard.RemainingLots;
        }
    }

    /// <summary>What the view says beyond what was heard is not nothing.</summary>
    public bool Differs(OrderUpdate view)
    {
        lock (_lock) return !_open.TryGetValue(view.ClientOrderId, out var order) || order.Heard != view;
    }

    /// <summary>Sent by this path and not known to have ended.</summary>
    public bool MayBeOpen(string clientOrderId)
    {
        lock (_lock) return _open.ContainsKey(clientOrderId);
    }

    /// <summary>It had ended before that time stamp of the clock.</summary>
    public bool HadEnded(string clientOrderId, long at)
    {
        lock (_lock) return _endedAt.TryGetValue(clientOrderId, out var endedAt) && endedAt <= at;
    }

    /// <summary>Orders that the venue has reported as open, by what was sent of them last.</summary>
    public OrderIntent[] Resting()
    {
        lock (_lock) return [.. _open.Values.Where(o => o.Heard is not null).Select(o => o.Sent)];
    }

    private static bool Rests(OrderUpdate update) => update.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;
}
