using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sources;

/// <summary>
/// Our orders and fills without a loss: after each login, and after a gap in a stream's numbers, what was missed is fetched by cursor. Meanwhile
/// a fill
/// of the stream only says that there is more to fetch, so that fills enter in the venue's order and the last one recorded is always a cursor
/// behind which
/// nothing is missing; an order's status goes on, because it only rises. Outlives sessions; thread-safe.
/// </summary>
internal sealed class PrivateStream(
    IOrderVenue venue, string lastTradeId, Backoff backoff, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private string _lastTradeId = lastTradeId;
    private bool _isResyncing = true;
    private bool _knowsOrders;
    private long _orderLast;
    private long _fillLast;

    // What the streams said since the resync began.
    private long _orderFirstHeard;
    private long _orderLastHeard;
    private long _fillLastHeard;

    /// <summary>
    /// A session begins: what the streams said in the one before is not known to be complete until <see cref="ResyncAsync"/> has ended.
    /// </summary>
    public void Interrupt()
    {
        lock (_lock) (_isResyncing, _orderFirstHeard, _orderLastHeard, _fillLastHeard) = (true, 0, 0, 0);
    }

    /// <summary>Takes the number of an order message, which is to be handed on in any case; true when a resync must begin.</summary>
    public bool TakeOrder(long sequence)
    {
        lock (_lock)
        {
            if (!_isResyncing && sequence <= _orderLast + 1)
            {
                _orderLast = Math.Max(_orderLast, sequence);
                return false;
            }

            if (_orderFirstHeard == 0 || sequence > _orderLastHeard + 1) _orderFirstHeard = sequence;
            _orderLastHeard = Math.Max(_orderLastHeard, sequence);
            return Begin();
        }
    }

    /// <summary>Takes a fill by its number, and hands it on when it is the next; true when a resync must begin.</summary>
    public async ValueTask<bool> TakeFillAsync(long sequence, Fill fill, CancellationToken cancellation)
    {
        string former;
        lock (_lock)
        {
            if (!_isResyncing && sequence <= _fillLast) return false;
            if (_isResyncing || sequence != _fillLast + 1)
            {
                _fillLastHeard = Math.Max(_fillLastHeard, sequence);
                return Begin();
            }

            former = _lastTradeId;
            (_fillLast, _lastTradeId) = (sequence, fill.TradeId);
        }

        try
        {
            await write(new Input(fill), cancellation);
        }
        catch
        {
            // A session that ends takes its word back: the next one must still find the fill.
            lock (_lock) (_fillLast, _lastTradeId) = (sequence - 1, former);
            throw;
        }

        return false;
    }

    /// <summary>Takes a fill that came beside the stream, numbered as there; ends once it has been handed on, with all before it.</summary>
    public async Task TakePostedAsync(long sequence, Fill fill, CancellationToken cancellation)
    {
        await TakeFillAsync(sequence, fill, cancellation);
        bool isKnown;
        lock (_lock) isKnown = sequence <= _fillLast;
        // The stream may be away: its next session would fetch it, but nobody knows when that is.
        if (!isKnown) await ResyncAsync(cancellation);
    }

    /// <summary>Fetches what was missed, until the streams join on; a failure is tried again.</summary>
    public async Task ResyncAsync(CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation);
        try
        {
            await FetchAllAsync(cancellation);
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task FetchAllAsync(CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            if (await FetchOrdersAsync(cancellation) && await FetchBalancesAsync(cancellation) && await FetchFillsAsync(cancellation) && HasJoined()) return;
            await Task.Delay(backoff.Delay(failures, chance()), time, cancellation);
        }
    }

    private bool Begin()
    {
        if (_isResyncing) return false;
        _isResyncing = true;
        return true;
    }

    private bool HasJoined()
    {
        lock (_lock)
        {
            if (_fillLastHeard > _fillLast || (_orderFirstHeard > 0 && _orderLast < _orderFirstHeard - 1)) return false;
            _orderLast = Math.Max(_orderLast, _orderLastHeard);
            (_isResyncing, _orderFirstHeard, _orderLastHeard, _fillLastHeard) = (false, 0, 0, 0);
            return true;
        }
    }

    private async Task<bool> FetchOrdersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // The first time there is no cursor: what is open is all that can concern us.
            var since = Volatile.Read(ref _orderLast);
            var reply = await (_knowsOrders ? venue.FetchOrdersSinceAsync(since, cancellation) : venue.FetchOpenOrdersAsync("", cancellation));
            if (reply is not VenueReply<OrderPage>.Accepted { Value: var page }) return false;
            foreach (var order in page.Orders) await write(new Input(order), cancellation);
            Volatile.Write(ref _orderLast, page.Cursor);
            var isLast = !_knowsOrders || page.Orders.IsEmpty || page.Cursor <= since;
            _knowsOrders = true;
            if (isLast) return true;
        }
    }

    private async Task<bool> FetchBalancesAsync(CancellationToken cancellation)
    {
        if (await venue.FetchBalancesAsync(cancellation) is not VenueReply<ImmutableArray<BalanceReport>>.Accepted { Value: var balances }) return false;
        foreach (var balance in balances) await write(new Input(balance), cancellation);
        return true;
    }

    private async Task<bool> FetchFillsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (await venue.FetchFillsSinceAsync(_lastTradeId, cancellation) is not VenueReply<FillPage>.Accepted { Value: var page }) return false;
            foreach (var fill in page.Fills)
            {
                await write(new Input(fill), cancellation);
                _lastTradeId = fill.TradeId;
            }

            if (!page.Fills.IsEmpty) continue;
            lock (_lock)
            {
                _fillLast = page.Sequence;
                if (_fillLastHeard <= _fillLast) return true;
            }
        }
    }
}
