namespace Dmm.Sinks;

/// <summary>
/// Placements that certainly did not take effect, so that a cancel which was under way from the engine meanwhile asks for nothing. The last so many;
/// thread-safe.
/// </summary>
internal sealed class RefusedOrders(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _inOrder = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public void Add(string clientOrderId)
    {
        lock (_lock)
        {
            if (_ids.Add(clientOrderId)) _inOrder.Enqueue(clientOrderId);
            if (_inOrder.Count > capacity) _ids.Remove(_inOrder.Dequeue());
        }
    }

    public bool Contains(string clientOrderId)
    {
        lock (_lock) return _ids.Contains(clientOrderId);
    }
}
