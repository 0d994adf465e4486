using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// The orders that really rested while a journal was recorded: its books show them. Follows a replay of it, and gives them as they stood at a time.
/// </summary>
internal sealed class RecordedOrders
{
    private readonly Queue<(Timestamp At, LiveOrdersState Orders)> _later = new();
    private LiveOrdersState _latest = LiveOrdersState.Empty;
    private LiveOrdersState _then = LiveOrdersState.Empty;

    /// <param name="states">Of the run that begins.</param>
    public void Begin(StateSet states)
    {
        _later.Clear();
        _then = _latest = states.Port("orders", new OrderStageState(LiveOrdersState.Empty, OrderIdState.Fresh("rec", epoch: 0))).Initial.Live;
    }

    public void OnInput(Timestamp at, in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        Learn(at, input.Control switch
        {
            OrderUpdate update => LiveOrders.Step(_latest, update),
            Fill fill => LiveOrders.Step(_latest, fill),
            _ => _latest,
        });
    }

    /// <param name="at">When it leaves.</param>
    /// <param name="intent">What leaves.</param>
    /// <param name="halfSpreadBps">δ of the quote that it realises.</param>
    public void OnIntent(Timestamp at, OrderIntent intent, double halfSpreadBps) => Learn(at, LiveOrders.Step(_latest, intent, at, halfSpreadBps));

    /// <summary>As they stood before that instant, which never falls.</summary>
    public LiveOrdersState Before(Timestamp at)
    {
        while (_later.TryPeek(out var next) && next.At < at) _then = _later.Dequeue().Orders;
        return _then;
    }

    private void Learn(Timestamp at, LiveOrdersState orders)
    {
        if (ReferenceEquals(orders, _latest)) return;
        _latest = orders;
        _later.Enqueue((at, orders));
    }
}
