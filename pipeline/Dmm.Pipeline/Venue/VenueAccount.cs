using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// The one account of the venue: what became of its orders, its fills, and what it holds. Memory is bounded: ended orders and fills are forgotten,
/// the oldest first, and with an order its id, which could then be used again.
/// </summary>
/// <param name="baseAsset">What is traded.</param>
/// <param name="ordersKept">Orders at least kept; an open one always is.</param>
/// <param name="fillsKept">Fills at least kept.</param>
internal sealed class VenueAccount(string baseAsset, int ordersKept = VenueAccount.DefaultKept, int fillsKept = VenueAccount.DefaultKept)
{
    public const int DefaultKept = 100_000;

    private readonly Dictionary<string, LinkedListNode<Changed>> _orders = new(StringComparer.Ordinal);

    // By last change, the oldest first.
    private readonly LinkedList<Changed> _changes = new();
    private readonly List<(long TradeId, Fill Fill)> _fills = [];

    private readonly record struct Changed(OrderUpdate Order, long Sequence);

    /// <summary>Number of the last order message.</summary>
    public long OrderSequence { get; private set; }

    /// <summary>Number of the last fill.</summary>
    public long FillSequence { get; private set; }

    public decimal Base { get; private set; } = VenueListing.OpeningBase;

    public decimal Quote { get; private set; } = VenueListing.OpeningQuote;

    /// <summary>An order that was placed and is not forgotten, as it now is; null when there is none.</summary>
    public OrderUpdate? Find(string clientOrderId) => _orders.GetValueOrDefault(clientOrderId)?.Value.Order;

    /// <summary>Notes what an order has become; returns the message's number.</summary>
    public long Take(OrderUpdate order)
    {
        if (_orders.TryGetValue(order.ClientOrderId, out var former)) _changes.Remove(former);
        _orders[order.ClientOrderId] = _changes.AddLast(new Changed(order, ++OrderSequence));
        if (_orders.Count > ordersKept) ForgetOldestEnded();
        return OrderSequence;
    }

    /// <summary>Notes a fill and moves the balances; returns its number.</summary>
    /// <param name="fill">Its trade id is a number above that of the fill before.</param>
    public long Take(Fill fill)
    {
        Base += fill.Side.Sign() * fill.Quantity;
        Quote -= fill.Side.Sign() * fill.Quantity * fill.Price;
        if (fill.FeeAsset == baseAsset) Base -= fill.Fee;
        else Quote -= fill.Fee;
        _fills.Add((long.Parse(fill.TradeId, CultureInfo.InvariantCulture), fill));
        // A tenth at a time, so that the list is not moved for every fill.
        if (_fills.Count > fillsKept + fillsKept / 10) _fills.RemoveRange(0, _fills.Count - fillsKept);
        return ++FillSequence;
    }

    /// <summary>Orders that changed after that message, each once, as it now is, in the order of their last changes.</summary>
    public OrderPage OrdersAfter(long sequence, int limit)
    {
        var first = _changes.Last;
        while (first is not null && first.Value.Sequence > sequence) first = first.Previous;
        List<OrderUpdate> orders = [];
        var node = first is null ? _changes.First : first.Next;
        // What the page leaves out lies behind its last order; a full list reaches to the present.
        var reaches = OrderSequence;
        for (; node is not null; node = node.Next)
        {
            if (orders.Count == limit) break;
            orders.Add(node.Value.Order);
            reaches = node.Next is null ? OrderSequence : node.Value.Sequence;
        }

        return new([.. orders], reaches);
    }

    /// <summary>Fills whose trade ids are above that one, oldest first.</summary>
    public FillPage FillsAfter(long tradeId, int limit)
    {
        var (low, high) = (0, _fills.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_fills[middle].TradeId <= tradeId) low = middle + 1;
            else high = middle;
        }

        return new([.. _fills.Skip(low).Take(limit).Select(f => f.Fill)], FillSequence);
    }

    private void ForgetOldestEnded()
    {
        var node = _changes.First;
        while (node is not null && node.Value.Order.Status < OrderStatus.Filled) node = node.Next;
        if (node is null) return;
        _changes.Remove(node);
        _orders.Remove(node.Value.Order.ClientOrderId);
    }
}
