using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Screen;
using HdrHistogram;

namespace Dmm.Pipeline.Running;

/// <summary>
/// From a frame of market data being read to the request that answers it leaving for the venue. Only orders that a frame led to at its own instant count,
/// not those of a refresh.
/// </summary>
/// <param name="time">The clock by which frames are stamped.</param>
internal sealed class OrderLatency(TimeProvider time)
{
    private const long HighestMicroseconds = 60_000_000;

    private readonly LongHistogram _microseconds = new(1, HighestMicroseconds, 3);
    private readonly ConcurrentDictionary<string, Timestamp> _awaited = new(StringComparer.Ordinal);
    private Stamp _stamp;
    private Timestamp _receivedAt;

    /// <summary>Told of each input, on the engine's thread.</summary>
    public void OnInput(in Stamp stamp, in Input input)
    {
        if (input.Kind == InputKind.Control) return;
        _stamp = stamp;
        _receivedAt = input.Kind switch
        {
            InputKind.Book => input.Book.ReceiveTime,
            InputKind.Top => input.Top.ReceiveTime,
            _ => input.Trade.ReceiveTime,
        };
    }

    /// <summary>Told of each order as it leaves the engine, on the engine's thread.</summary>
    public void OnIntent(in Cause cause, OrderIntent intent)
    {
        if (cause.Sequence == _stamp.Sequence && cause.At == _stamp.At) _awaited[intent.ClientOrderId] = _receivedAt;
    }

    /// <summary>The request for that order leaves now.</summary>
    public void OnRequest(string clientOrderId)
    {
        if (!_awaited.TryRemove(clientOrderId, out var receivedAt)) return;
        var microseconds = (Timestamp.From(time.GetUtcNow()) - receivedAt).Ticks / TimeSpan.TicksPerMicrosecond;
        lock (_microseconds) _microseconds.RecordValue(Math.Clamp(microseconds, 1, HighestMicroseconds));
    }

    /// <summary>Three quantiles and how many orders they are of; nothing when no order was led to by a frame.</summary>
    public IEnumerable<RunFact> Facts()
    {
        lock (_microseconds)
        {
            if (_microseconds.TotalCount == 0) yield break;
            yield return new("frameToOrderCount", "orders that a frame led to", _microseconds.TotalCount);
            yield return new("frameToOrderP50Us", "frame in to order out, p50, µs", _microseconds.GetValueAtPercentile(50));
            yield return new("frameToOrderP99Us", "frame in to order out, p99, µs", _microseconds.GetValueAtPercentile(99));
            yield return new("frameToOrderP999Us", "frame in to order out, p99.9, µs", _microseconds.GetValueAtPercentile(99.9));
        }
    }
}

/// <summary>A venue that is told on, request by request, before the request leaves.</summary>
internal sealed class TimedOrderVenue(IOrderVenue venue, OrderLatency latency) : IOrderVenue
{
    public string Venue => venue.Venue;

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation)
    {
        latency.OnRequest(placement.ClientOrderId);
        return venue.SubmitOrderAsync(placement, cancellation);
    }

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation)
    {
        latency.OnRequest(amendment.ClientOrderId);
        return venue.AmendOrderAsync(amendment, cancellation);
    }

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation)
    {
        latency.OnRequest(cancel.ClientOrderId);
        return venue.CancelOrderAsync(cancel, cancellation);
    }

    public int BatchMax(OrderIntentKind kind) => venue.BatchMax(kind);

    public Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        foreach (var intent in intents) latency.OnRequest(intent.ClientOrderId);
        return venue.SendBatchAsync(intents, cancellation);
    }

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => venue.CancelAllAsync(prefix, cancellation);

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) =>
        venue.FetchOrderAsync(clientOrderId, cancellation);

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        venue.FetchOpenOrdersAsync(prefix, cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        venue.FetchOrdersSinceAsync(cursor, cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        venue.FetchFillsSinceAsync(tradeId, cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) =>
        venue.FetchOrderBookAsync(instrument, cancellation);

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) =>
        venue.FetchTradesAsync(instrument, cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => venue.FetchBalancesAsync(cancellation);

    public Task<VenueReply<ImmutableArray<PositionReport>>> FetchPositionsAsync(CancellationToken cancellation) =>
        venue.FetchPositionsAsync(cancellation);

    public Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation) => venue.FetchAccountFaultAsync(cancellation);
}
