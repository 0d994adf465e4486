using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>Follows our orders as the pipeline does, by intents and by what venues say of them, and counts what became of them.</summary>
/// <param name="opening">Orders that may rest as the run begins.</param>
internal sealed class OrderBoard(LiveOrdersState opening)
{
    // Only what comes within one cause can come early: far more than the orders of one ladder.
    private const int EarlyMaximum = 256;

    // An order that fills in parts does so among the latest few.
    private const int FilledIdsKept = 1_024;

    private readonly Dictionary<string, OrderUpdate> _early = [];
    private readonly Queue<string> _filledInOrder = new();
    private readonly HashSet<string> _filled = [];
    private LiveOrdersState _live = opening;

    public long Placed { get; private set; }

    public long Amended { get; private set; }

    /// <summary>Ended without being filled to the last lot, mostly by our own cancel; or expired.</summary>
    public long Cancelled { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Orders with at least one fill.</summary>
    public long Filled { get; private set; }

    public ImmutableArray<LiveOrder> At(InstrumentId instrument) => _live.Orders.RemoveAll(order => order.Instrument != instrument);

    public int Open => _live.Orders.Length;

    public void Take(OrderIntent intent, Timestamp at)
    {
        _live = LiveOrders.Step(_live, intent, at, halfSpreadBps: 0);
        if (intent.Kind == OrderIntentKind.Amend) Amended++;
        if (intent.Kind != OrderIntentKind.Place) return;
        Placed++;
        if (_early.Remove(intent.ClientOrderId, out var update)) Take(update);
    }

    /// <summary>
    /// In shadow mode the update enters before the intent it answers has left: it is kept until then, without growing when it never comes.
    /// </summary>
    public void Take(OrderUpdate update)
    {
        if (_live.Find(update.ClientOrderId) is null)
        {
            if (update.Status >= OrderStatus.Filled) return;
            if (_early.Count == EarlyMaximum) _early.Clear();
            _early[update.ClientOrderId] = update;
            return;
        }

        _live = LiveOrders.Step(_live, update);
        if (update.Status is OrderStatus.Cancelled or OrderStatus.Expired) Cancelled++;
        if (update.Status == OrderStatus.Rejected) Rejected++;
    }

    public void Take(Fill fill)
    {
        _live = LiveOrders.Step(_live, fill);
        if (fill.ClientOrderId.Length == 0 || !_filled.Add(fill.ClientOrderId)) return;
        Filled++;
        _filledInOrder.Enqueue(fill.ClientOrderId);
        if (_filledInOrder.Count > FilledIdsKept) _filled.Remove(_filledInOrder.Dequeue());
    }
}
