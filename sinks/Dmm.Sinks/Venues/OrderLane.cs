using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>
/// Intents that wait to be sent, and which of them may go now. Thread-safe.
/// </summary>
/// <remarks>
/// What concerns one order goes in its order, one request at a time. A cancel waits for nothing else: it overtakes what is queued of other orders. A
/// placement or an amendment waits for every cancel of its instrument that came before it, because what that frees (room under a limit, funds, the
/// other
/// side of a price) may be what it needs; besides, no more than a number of them are under way. While the path is closed they wait for nothing: they
/// are
/// to be refused at once.
/// </remarks>
/// <param name="capacity">Intents that may wait.</param>
/// <param name="inFlightMax">Requests to place and to amend under way at once.</param>
/// <param name="batchMax">Intents that one request may carry.</param>
/// <param name="isOpen">Whether placements are sent at all.</param>
internal sealed class OrderLane(int capacity, int inFlightMax, Func<OrderIntentKind, int> batchMax, Func<bool> isOpen)
{
    private readonly Lock _lock = new();
    private readonly List<OrderIntent> _waiting = [];
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly Dictionary<InstrumentId, int> _cancelling = [];
    private int _inFlight;
    private bool _hasEnded;

    /// <summary>False when it is full or has ended.</summary>
    public bool TryAdd(OrderIntent intent)
    {
        lock (_lock)
        {
            if (_hasEnded || _waiting.Count == capacity) return false;
            _waiting.Add(intent);
            return true;
        }
    }

    /// <summary>Nothing is taken any more.</summary>
    public void End()
    {
        lock (_lock) _hasEnded = true;
    }

    /// <summary>The next request: intents of one kind and instrument, as many as are ready and fit; empty when nothing may go now.</summary>
    public ImmutableArray<OrderIntent> Next()
    {
        lock (_lock)
        {
            var taken = Ready();
            if (taken.IsEmpty) return taken;
            foreach (var intent in taken)
            {
                _waiting.Remove(intent);
                _busy.Add(intent.ClientOrderId);
            }

            if (taken[0].Kind == OrderIntentKind.Cancel) Cancelling(taken[0].Instrument, by: 1);
            else _inFlight++;
            return taken;
        }
    }

    /// <summary>The request has been dealt with.</summary>
    public void Done(ImmutableArray<OrderIntent> request)
    {
        lock (_lock)
        {
            foreach (var intent in request) _busy.Remove(intent.ClientOrderId);
            if (request[0].Kind == OrderIntentKind.Cancel) Cancelling(request[0].Instrument, by: -1);
            else _inFlight--;
        }
    }

    private ImmutableArray<OrderIntent> Ready()
    {
        if (_waiting.Count == 0) return [];
        var taken = ImmutableArray.CreateBuilder<OrderIntent>();
        HashSet<string> behind = new(StringComparer.Ordinal);
        HashSet<InstrumentId> cancels = [];
        var isClosed = !isOpen();
        foreach (var intent in _waiting)
        {
            var isFree = !_busy.Contains(intent.ClientOrderId) && behind.Add(intent.ClientOrderId);
            var isCancel = intent.Kind == OrderIntentKind.Cancel;
            if (isFree && (isCancel || isClosed || MayFollow(intent.Instrument, cancels)))
            {
                if (taken.Count == 0 || (taken[0].Kind == intent.Kind && taken[0].Instrument == intent.Instrument)) taken.Add(intent);
                if (taken.Count == batchMax(taken[0].Kind)) break;
            }

            if (isCancel) cancels.Add(intent.Instrument);
        }

        return taken.ToImmutable();
    }

    private bool MayFollow(InstrumentId instrument, HashSet<InstrumentId> cancels) =>
        _inFlight < inFlightMax && !_cancelling.ContainsKey(instrument) && !cancels.Contains(instrument);

    private void Cancelling(InstrumentId instrument, int by)
    {
        var count = _cancelling.GetValueOrDefault(instrument) + by;
        if (count == 0) _cancelling.Remove(instrument);
        else _cancelling[instrument] = count;
    }
}
