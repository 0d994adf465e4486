using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>
/// Orders that have to be asked for: nobody knows what became of them, or a receipt has not been confirmed yet. In the order in which that was
/// noticed.
/// Thread-safe.
/// </summary>
internal sealed class UnresolvedOrders
{
    private readonly Lock _lock = new();
    private readonly List<Unresolved> _orders = [];

    /// <param name="Intent">The last that was sent of the order.</param>
    /// <param name="WantsCancel">It is to be cancelled, should it turn out to be open.</param>
    /// <param name="CertainFrom">After this time stamp of the clock the venue would refuse what was sent: if it does not know the order then, it
    /// never will.</param>
    /// <param name="AskFrom">Time stamp of the clock before which it is not asked for.</param>
    /// <param name="Refusal">Why the venue would not have the amendment that the intent is; empty where it did not say so.</param>
    /// <param name="Asked">How often it was, without a word that settles it.</param>
    internal sealed record Unresolved(OrderIntent Intent, bool WantsCancel, long CertainFrom, long AskFrom, string Refusal, int Asked = 0);

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _orders.Count == 0;
        }
    }

    /// <summary>The earliest time stamp at which one is to be asked for; null when there is none.</summary>
    public long? NextAt
    {
        get
        {
            lock (_lock) return _orders.Count == 0 ? null : _orders.Min(o => o.AskFrom);
        }
    }

    /// <summary>Adds the order, or adds the wish to cancel it to what is there.</summary>
    public void Add(OrderIntent intent, bool wantsCancel, long certainFrom, long askFrom, string refusal)
    {
        lock (_lock)
        {
            var at = Find(intent.ClientOrderId);
            if (at < 0)
            {
                _orders.Add(new(intent, wantsCancel, certainFrom, askFrom, refusal));
                return;
            }

            var before = _orders[at];
            // An amendment is confirmed by its price: what was sent last is what is looked for.
            var last = intent.Kind == OrderIntentKind.Cancel ? before.Intent : intent;
            _orders[at] = new(
                last, wantsCancel || before.WantsCancel, Math.Max(certainFrom, before.CertainFrom), Math.Min(askFrom, before.AskFrom),
                refusal.Length > 0 ? refusal : before.Refusal, before.Asked);
        }
    }

    public bool Contains(string clientOrderId)
    {
        lock (_lock) return Find(clientOrderId) >= 0;
    }

    /// <summary>The order is settled; false when something was added to it meanwhile, so that it is not.</summary>
    public bool TrySettle(Unresolved order)
    {
        lock (_lock) return _orders.Remove(order);
    }

    /// <summary>What the venue said by itself settles the order where that is all that was wanted.</summary>
    public void Settle(OrderUpdate heard)
    {
        lock (_lock)
        {
            var at = Find(heard.ClientOrderId);
            if (at < 0) return;
            var isSettled = heard.Status >= OrderStatus.Filled || (!_orders[at].WantsCancel && Confirms(heard, _orders[at].Intent));
            if (isSettled) _orders.RemoveAt(at);
        }
    }

    /// <summary>It was asked for in vain: again, but not before that.</summary>
    public void AskAgain(Unresolved order, long askFrom)
    {
        lock (_lock)
        {
            var at = _orders.IndexOf(order);
            if (at >= 0) _orders[at] = order with { AskFrom = askFrom, Asked = order.Asked + 1 };
        }
    }

    /// <summary>Those that are to be asked for now.</summary>
    public Unresolved[] Due(long now)
    {
        lock (_lock) return [.. _orders.Where(o => o.AskFrom <= now)];
    }

    /// <summary>An open order confirms a placement; an amendment only where it has the new price and not more than the new size.</summary>
    public static bool Confirms(OrderUpdate order, OrderIntent intent) => order.Status is OrderStatus.Live or OrderStatus.PartiallyFilled
        && (intent.Kind != OrderIntentKind.Amend || (order.PriceTicks == intent.PriceTicks && order.RemainingLots <= intent.SizeLots));

    private int Find(string clientOrderId) => _orders.FindIndex(o => o.Intent.ClientOrderId == clientOrderId);
}
