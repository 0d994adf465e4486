using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// The venue's own record of an account: its orders as they stand, whatever anybody was told, and its fills. What the invariants are judged by.
/// </summary>
public sealed class VenueRecord
{
    private const int PageMax = 20;

    private readonly Dictionary<string, (OrderUpdate Order, long Change)> _orders = new(StringComparer.Ordinal);
    private readonly List<string> _changes = [];
    private readonly List<Fill> _fills = [];
    private readonly Dictionary<string, int> _fillIndex = new(StringComparer.Ordinal);

    /// <summary>Placements that were sent and may still arrive, in the order of sending.</summary>
    public OrderedDictionary<string, OrderIntent> UnderWay { get; } = new(StringComparer.Ordinal);

    /// <summary>Every fill that there was, oldest first.</summary>
    public IReadOnlyList<Fill> Fills => _fills;

    /// <summary>What was bought less what was sold, base asset.</summary>
    public decimal Position { get; private set; }

    /// <summary>Number of the last change of an order.</summary>
    public long Changes => _changes.Count;

    /// <summary>The order as it stands or ended; null when it never arrived, or was refused.</summary>
    public OrderUpdate? Find(string clientOrderId) => _orders.TryGetValue(clientOrderId, out var known) ? known.Order : null;

    public bool HasFill(string tradeId) => _fillIndex.ContainsKey(tradeId);

    /// <summary>Takes an order's new state; false when its remaining size has risen.</summary>
    public bool Take(OrderUpdate order)
    {
        var hasRisen = Find(order.ClientOrderId) is { } before && order.RemainingLots > before.RemainingLots;
        _changes.Add(order.ClientOrderId);
        _orders[order.ClientOrderId] = (order, _changes.Count);
        return !hasRisen;
    }

    public void Take(Fill fill)
    {
        _fillIndex[fill.TradeId] = _fills.Count;
        _fills.Add(fill);
        Position += fill.Side.Sign() * fill.Quantity;
    }

    /// <summary>The orders that changed after the cursor, each once, in the order of their last change.</summary>
    public OrderPage OrdersSince(long cursor)
    {
        var orders = ImmutableArray.CreateBuilder<OrderUpdate>();
        for (; cursor < _changes.Count && orders.Count < PageMax; cursor++)
            if (_orders[_changes[(int)cursor]] is var (order, change) && change == cursor + 1) orders.Add(order);
        return new(orders.DrainToImmutable(), cursor);
    }

    /// <summary>The open orders whose ids begin so, in the order in which they came.</summary>
    public OrderPage Open(string prefix, IReadOnlyCollection<OwnOrder> resting) => new(
        [.. resting.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal)).Select(o => _orders[o.ClientOrderId].Order)], Changes);

    /// <summary>A page of the fills after that trade; from the first one where it is empty.</summary>
    public FillPage FillsSince(string tradeId)
    {
        var from = tradeId.Length == 0 ? 0 : _fillIndex[tradeId] + 1;
        return new([.. _fills.Skip(from).Take(PageMax)], _fills.Count);
    }
}
