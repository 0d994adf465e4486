using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// The orders that really rested while a journal was recorded: its books show them. Goes along with a replay of it, whose order stage has them, and
/// gives them as they stood at a time.
/// </summary>
internal sealed class RecordedOrders
{
    private readonly Queue<(Timestamp At, LiveOrdersState Orders)> _later = new();
    private Func<LiveOrdersState>? _replayed;
    private Timestamp _at;
    private LiveOrdersState _latest = LiveOrdersState.Empty;
    private LiveOrdersState _then = LiveOrdersState.Empty;

    /// <summary>A run begins, and goes on with the orders of the one before.</summary>
    public void GoOn(Func<LiveOrdersState> replayed) => _replayed = replayed;

    /// <summary>A run begins with orders of its own.</summary>
    /// <param name="states">Recorded at its start.</param>
    public void Begin(StateSet states)
    {
        _later.Clear();
        _then = _latest = states.Port("orders", new OrderStageState(LiveOrdersState.Empty, OrderIdState.Fresh("rec", epoch: 0))).Initial.Live;
    }

    /// <summary>The replay has come to an input or a decision. What has changed since the one before came of that.</summary>
    public void Reach(Timestamp at)
    {
        Look();
        _at = at;
    }

    /// <summary>All that followed from what was reached last has been told.</summary>
    public void Look()
    {
        if (_replayed!() is var orders && ReferenceEquals(orders, _latest)) return;
        _latest = orders;
        _later.Enqueue((_at, orders));
    }

    /// <summary>As they stood before that instant, which never falls.</summary>
    public LiveOrdersState Before(Timestamp at)
    {
        while (_later.TryPeek(out var next) && next.At < at) _then = _later.Dequeue().Orders;
        return _then;
    }
}
