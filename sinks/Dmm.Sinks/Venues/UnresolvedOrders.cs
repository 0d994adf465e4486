using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>Orders of which nobody knows what became of them, in the order in which that was noticed. Thread-safe.</summary>
internal sealed class UnresolvedOrders
{
    private readonly Lock _lock = new();
    private readonly List<Unresolved> _orders = [];

    /// <param name="Intent">The last that was sent of the order.</param>
    /// <param name="WantsCancel">It is to be cancelled, should it turn out to be open.</param>
    /// <param name="CertainFrom">After this time stamp of the clock the venue would refuse what was sent: if it does not know the order then, it
    /// never will.</param>
    internal sealed record Unresolved(OrderIntent Intent, bool WantsCancel, long CertainFrom);

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _orders.Count == 0;
        }
    }

    /// <summary>Adds the order, or adds the wish to cancel it to what is there.</summary>
    public void Add(OrderIntent intent, bool wantsCancel, long certainFrom)
    {
        lock (_lock)
        {
            var at = _orders.FindIndex(o => o.Intent.ClientOrderId == intent.ClientOrderId);
            if (at < 0) _orders.Add(new(intent, wantsCancel, certainFrom));
            else _orders[at] = new(_orders[at].Intent, wantsCancel || _orders[at].WantsCancel, Math.Max(certainFrom, _orders[at].CertainFrom));
        }
    }

    /// <summary>The order is settled; false when something was added to it meanwhile, so that it is not.</summary>
    public bool TrySettle(Unresolved order)
    {
        lock (_lock) return _orders.Remove(order);
    }

    public Unresolved[] ToArray()
    {
        lock (_lock) return [.. _orders];
    }
}
