using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sources;

/// <summary>
/// Our orders and fills at a venue: everything is fetched by cursor after each login, and fills again every so often, because what a stream lost
/// shows only where the venue numbers its private messages. Outlives sessions; thread-safe.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | interrupted | fills of the stream are held back, and handed on once those before them have been fetched |
/// | fill of the stream, in sync | handed on, unless it was already |
/// | order of the stream | handed on at once: a status only rises |
/// | its number says that one before it is missing | as interrupted, and the caller is to resync |
/// | fill that came beside the stream | handed on, unless it was already; where its number says that one before it is missing, fills are swept |
/// | resync | orders since the cursor, fills since the cursor, then balances and positions; a failure is tried again |
/// | sweep | fills from one sweep further back than the cursor, so that one which the venue listed late is found; then balances and positions |
/// | an order listed as open that the stream ended meanwhile | not handed on |
/// </remarks>
internal sealed class AccountStream(
    IOrderVenue venue, string lastTradeId, Backoff backoff, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
{
    private const int SeenMax = 20_000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private readonly HashSet<(InstrumentId Instrument, Side Side, string TradeId)> _seen = [];
    private readonly Queue<(InstrumentId Instrument, Side Side, string TradeId)> _seenInOrder = new();
    private readonly HashSet<string> _endedMeanwhile = new(StringComparer.Ordinal);
    private List<Fill> _held = [];
    private NumberedRun _orders;
    private NumberedRun _fills;
    private long _fillReach;
    private bool _isInSync;
    private long _interruptions;
    private long? _orderCursor;
    private string _fillCursor = lastTradeId;
    private string _sweepFrom = lastTradeId;

    /// <summary>What the stream says is not known to be complete until <see cref="ResyncAsync"/> has ended.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            _isInSync = false;
            _interruptions++;
            _orders.Interrupt();
            _fills.Interrupt();
        }
    }

    /// <summary>Takes an order of the stream; true when one before it is missing, so that a resync must begin.</summary>
    /// <param name="update">What the venue says.</param>
    /// <param name="number">As in <see cref="Wire.VenueFrame.Number"/>.</param>
    /// <param name="cancellation">Ends the wait to be let in.</param>
    public async ValueTask<bool> TakeAsync(OrderUpdate update, long number, CancellationToken cancellation)
    {
        bool isMissing;
        lock (_lock)
        {
            if (update.Status >= OrderStatus.Filled) _endedMeanwhile.Add(update.ClientOrderId);
            isMissing = IsMissing(ref _orders, number);
        }

        await write(new Input(update), cancellation);
        return isMissing;
    }

    /// <inheritdoc cref="TakeAsync(OrderUpdate, long, CancellationToken)"/>
    public async ValueTask<bool> TakeAsync(Fill fill, long number, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var isMissing = IsMissing(ref _fills, number);
            if (!_isInSync)
            {
                _held.Add(fill);
                return isMissing;
            }
        }

        await HandOnAsync(fill, cancellation);
        return false;
    }

    /// <summary>
    /// Takes a fill that came beside the stream, numbered as there, and whatever the stream does; false when those before it are missing and the venue
    /// did not list them.
    /// </summary>
    public async Task<bool> TakePostedAsync(Fill fill, long number, CancellationToken cancellation)
    {
        await HandOnAsync(fill, cancellation);
        bool isMissing;
        // While the stream is away nobody knows when its next session will fetch them.
        lock (_lock) isMissing = !_isInSync || _fills.IsBeyond(number);
        return !isMissing || await SweepAsync(cancellation);
    }

    /// <summary>Fetches what was missed, then hands on what the stream brought meanwhile; a failure is tried again.</summary>
    public async Task ResyncAsync(CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            if (await TryResyncAsync(cancellation)) return;
            await Task.Delay(backoff.Delay(failures, chance()), time, cancellation);
        }
    }

    /// <summary>Fetches fills, balances and positions again; false when the venue did not answer.</summary>
    public async Task<bool> SweepAsync(CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation);
        try
        {
            var from = _fillCursor;
            var isSwept = await FetchFillsAsync(_sweepFrom, isSweep: true, cancellation) && await FetchHoldingsAsync(cancellation);
            if (isSwept) _sweepFrom = from;
            return isSwept;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task<bool> TryResyncAsync(CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation);
        try
        {
            long interruptions;
            lock (_lock)
            {
                interruptions = _interruptions;
                _endedMeanwhile.Clear();
            }

            return await FetchOrdersAsync(cancellation) && await FetchFillsAsync(_fillCursor, isSweep: false, cancellation)
                && await FetchHoldingsAsync(cancellation) && await JoinAsync(interruptions, cancellation);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>Hands on what was held back; false when there was another interruption.</summary>
    private async Task<bool> JoinAsync(long interruptions, CancellationToken cancellation)
    {
        while (true)
        {
            List<Fill> held;
            lock (_lock)
            {
                if (_interruptions != interruptions || !_orders.Joins(_orderCursor!.Value) || !_fills.Joins(_fillReach)) return false;
                (held, _held) = (_held, []);
                if (held.Count == 0)
                {
                    _orders.Join(_orderCursor.Value);
                    _fills.Join(_fillReach);
                    _isInSync = true;
                    return true;
                }
            }

            foreach (var fill in held) await HandOnAsync(fill, cancellation);
        }
    }

    private async Task<bool> FetchOrdersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // The first time there is no cursor: what is open is all that can concern us.
            var since = _orderCursor;
            var reply = since is { } cursor
                ? await venue.FetchOrdersSinceAsync(cursor, cancellation)
                : await venue.FetchOpenOrdersAsync("", cancellation);
            if (reply is not VenueReply<OrderPage>.Accepted { Value: var page }) return false;
            foreach (var order in page.Orders)
                if (!IsOutdated(order)) await write(new Input(order), cancellation);
            _orderCursor = page.Cursor;
            if (since is null || page.Orders.IsEmpty || page.Cursor <= since) return true;
        }
    }

    private bool IsOutdated(OrderUpdate order)
    {
        lock (_lock) return order.Status < OrderStatus.Filled && _endedMeanwhile.Contains(order.ClientOrderId);
    }

    private async Task<bool> FetchFillsAsync(string since, bool isSweep, CancellationToken cancellation)
    {
        while (true)
        {
            if (await venue.FetchFillsSinceAsync(since, cancellation) is not VenueReply<FillPage>.Accepted { Value: { Fills: var fills } page })
                return false;
            foreach (var fill in fills)
                if (await HandOnAsync(fill, cancellation) && isSweep) FeedMetrics.Missed(venue.Venue);
            // A page that ends where it began would be asked for for ever.
            if (fills.IsEmpty || fills[^1].TradeId == since)
            {
                _fillReach = page.Sequence;
                return true;
            }

            _fillCursor = since = fills[^1].TradeId;
        }
    }

    private async Task<bool> FetchHoldingsAsync(CancellationToken cancellation)
    {
        var counted = await venue.FetchBalancesAsync(cancellation);
        if (counted is not VenueReply<ImmutableArray<BalanceReport>>.Accepted { Value: var balances }) return false;
        foreach (var balance in balances) await write(new Input(balance), cancellation);
        var held = await venue.FetchPositionsAsync(cancellation);
        if (held is not VenueReply<ImmutableArray<PositionReport>>.Accepted { Value: var positions }) return false;
        foreach (var position in positions) await write(new Input(position), cancellation);
        return true;
    }

    /// <summary>Notes a number of the stream's; true when it shows for the first time that one before it is missing.</summary>
    private bool IsMissing(ref NumberedRun run, long number)
    {
        if (_isInSync && !run.Take(number)) return false;
        var isNew = _isInSync;
        if (isNew) Interrupt();
        run.Keep(number);
        return isNew;
    }

    private async ValueTask<bool> HandOnAsync(Fill fill, CancellationToken cancellation)
    {
        lock (_lock)
            if (!IsNew(fill)) return false;
        try
        {
            await write(new Input(fill), cancellation);
        }
        catch
        {
            // A session that ends takes its word back: the next one must still find the fill.
            lock (_lock) _seen.Remove(Key(fill));
            throw;
        }

        return true;
    }

    private static (InstrumentId Instrument, Side Side, string TradeId) Key(Fill fill) => (fill.Instrument, fill.Side, fill.TradeId);

    private bool IsNew(Fill fill)
    {
        var key = Key(fill);
        if (!_seen.Add(key)) return false;
        _seenInOrder.Enqueue(key);
        if (_seenInOrder.Count > SeenMax) _seen.Remove(_seenInOrder.Dequeue());
        return true;
    }
}
