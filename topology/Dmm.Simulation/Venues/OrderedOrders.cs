using System.Collections;

namespace Dmm.Simulation;

/// <summary>Open orders: found by client order id, enumerated in the order in which they came.</summary>
internal sealed class OrderedOrders : IReadOnlyCollection<OwnOrder>
{
    private readonly OrderedDictionary<string, OwnOrder> _orders = new(StringComparer.Ordinal);

    public int Count => _orders.Count;

    public OwnOrder? Find(string clientOrderId) => _orders.GetValueOrDefault(clientOrderId);

    public void Add(OwnOrder order) => _orders.Add(order.ClientOrderId, order);

    public void Remove(OwnOrder order) => _orders.Remove(order.ClientOrderId);

    public IEnumerator<OwnOrder> GetEnumerator() => _orders.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
