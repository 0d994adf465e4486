using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The calls of <see cref="IOrderVenue"/> as signed REST requests to one product of Bybit. Answers to orders are receipts. Keeps nothing between
/// calls
/// but the request limits; thread-safe.
/// </summary>
public sealed class BybitOrders : IOrderVenue
{
    private readonly RestClient _rest;
    private readonly BybitWire _wire;
    private readonly BybitRequests _requests;
    private readonly BybitLists _lists;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="time">For time stamps, timeouts and limits.</param>
    public BybitOrders(HttpClient client, BybitOptions options, BybitWire wire, TimeProvider time)
    {
        (_rest, _wire, _time) = (Rest(client, options, time), wire, time);
        _requests = new(options, wire.Instruments);
        _lists = new(_rest, options, wire, _requests, time);
        DeadManSwitch = new BybitDeadMan(_rest, _requests);
    }

    public string Venue => _rest.Venue;

    /// <summary>The venue's disconnection protection; for accounts declared dedicated alone.</summary>
    public IDeadManSwitch DeadManSwitch { get; }

    /// <summary>The pages of the venue's instruments, for <see cref="BybitInstruments"/>: needed before there is a wire.</summary>
    public static async Task<VenueReply<ImmutableArray<ReadOnlyMemory<byte>>>> FetchInstrumentsAsync(
        HttpClient client, BybitOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var rest = Rest(client, options, time);
        var requests = new BybitRequests(options, []);
        var pages = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (var cursor = ""; pages.Count < BybitLists.PagesMax;)
        {
            var reply = await rest.SendAsync(requests.Instruments(cursor), cancellation);
            if (reply is not VenueReply<ReadOnlyMemory<byte>>.Accepted page)
                return reply.As<ReadOnlyMemory<byte>, ImmutableArray<ReadOnlyMemory<byte>>>();
            pages.Add(page.Value);
            try
            {
                cursor = BybitInstruments.NextCursor(options.Venue, page.Value);
            }
            catch (FormatException malformed)
            {
                return new VenueReply<ImmutableArray<ReadOnlyMemory<byte>>>.Unknown(malformed.Message);
            }

            if (cursor.Length == 0) break;
        }

        return new VenueReply<ImmutableArray<ReadOnlyMemory<byte>>>.Accepted(pages.ToImmutable());
    }

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Place(Of(placement.Instrument), placement), body => BybitReceipts.One(body.Span, placement), cancellation);

    /// <summary>Asks first what has been executed, because the venue counts an order's size from its beginning.</summary>
    public async Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation)
    {
        var open = await _lists.ExecutedAsync(_requests.Order(amendment.ClientOrderId), cancellation);
        if (open is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var executed })
            return open.As<IReadOnlyDictionary<string, long>, OrderUpdate>();
        return executed.TryGetValue(amendment.ClientOrderId, out var lots)
            ? await _rest.AskAsync(
                _requests.Amend(Of(amendment.Instrument), amendment, lots), body => BybitReceipts.One(body.Span, amendment), cancellation)
            : NotOpen(amendment);
    }

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Cancel(Of(cancel.Instrument), cancel.ClientOrderId), body => BybitReceipts.One(body.Span, cancel), cancellation);

    public int BatchMax(OrderIntentKind kind) => _requests.BatchMax(kind);

    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        switch (intents[0].Kind)
        {
            case OrderIntentKind.Place:
                return await SendAsync(_requests.PlaceBatch([.. intents.Select(i => (Of(i.Instrument), i))]), intents, cancellation);
            case OrderIntentKind.Cancel:
                return await SendAsync(_requests.CancelBatch([.. intents.Select(i => (Of(i.Instrument), i.ClientOrderId))]), intents, cancellation);
        }

        var open = await _lists.ExecutedAsync(Of(intents[0].Instrument), cancellation);
        if (open is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var executed })
            return [.. intents.Select(_ => open.As<IReadOnlyDictionary<string, long>, OrderUpdate>())];
        ImmutableArray<OrderIntent> known = [.. intents.Where(i => executed.ContainsKey(i.ClientOrderId))];
        if (known.IsEmpty) return [.. intents.Select(NotOpen)];
        var request = _requests.AmendBatch([.. known.Select(i => (Of(i.Instrument), i, executed[i.ClientOrderId]))]);
        var replies = await SendAsync(request, known, cancellation);
        return [.. intents.Select(i => known.IndexOf(i) is >= 0 and var at ? replies[at] : NotOpen(i))];
    }

    /// <summary>
    /// The venue cancels all orders or none: ours are listed, and cancelled in batches. Where a batch is refused the rest is left to the next call.
    /// </summary>
    public async Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation)
    {
        var open = await FetchOpenOrdersAsync(prefix, cancellation);
        if (open is not VenueReply<OrderPage>.Accepted { Value.Orders: var orders }) return open.As<OrderPage, int>();
        var cancelled = 0;
        foreach (var part in orders.Chunk(BatchMax(OrderIntentKind.Cancel)))
        {
            var cancels = part.Select(CancelOf).ToImmutableArray();
            var replies = await SendBatchAsync(cancels, cancellation);
            cancelled += replies.Count(r => r is VenueReply<OrderUpdate>.Accepted);
            if (replies.All(r => r is not VenueReply<OrderUpdate>.Accepted) && cancelled == 0)
                return replies[0].As<OrderUpdate, int>();
        }

        return new VenueReply<int>.Accepted(cancelled);
    }

    public async Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation)
    {
        var recent = await _lists.OrderAsync(_requests.Order(clientOrderId), clientOrderId, cancellation);
        return recent is VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder }
            ? await _lists.OrderAsync(_requests.OldOrder(clientOrderId), clientOrderId, cancellation)
            : recent;
    }

    public async Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation)
    {
        var open = await _lists.OrdersAsync(_requests.OpenOrders, Timestamp.None, cancellation);
        if (open is not VenueReply<OrderPage>.Accepted { Value: var page }) return open;
        return new VenueReply<OrderPage>.Accepted(
            page with { Orders = [.. page.Orders.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal))] });
    }

    /// <summary>The open orders, and of the last 500 that ended those that changed since; one that ended meanwhile counts as ended.</summary>
    public async Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation)
    {
        var since = Timestamp.FromUnixMilliseconds(cursor);
        // In this order: asked the other way round, an order that ends in between would be in neither.
        var open = await _lists.OrdersAsync(_requests.OpenOrders, since, cancellation);
        if (open is not VenueReply<OrderPage>.Accepted { Value: var first }) return open;
        var ended = await _lists.OrdersAsync(_requests.EndedOrders, since, cancellation);
        if (ended is not VenueReply<OrderPage>.Accepted { Value: var second }) return ended;
        var stillOpen = first.Orders.Where(o => second.Orders.All(e => e.ClientOrderId != o.ClientOrderId));
        return new VenueReply<OrderPage>.Accepted(new([.. stillOpen, .. second.Orders], Math.Max(first.Cursor, second.Cursor)));
    }

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        _lists.FillsAsync(tradeId, cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Book(instrument),
        body => ReplyReading.One(body, (text, batch) => _wire.ParseSnapshot(instrument, text.Span, Now(), batch), i => i.Book),
        cancellation);

    public async Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation)
    {
        var trades = await _rest.AskAsync(
            _requests.Trades(instrument),
            body => ReplyReading.All(body, (text, batch) => _wire.ParseTrades(instrument, text.Span, Now(), batch), i => i.Trade),
            cancellation);
        return trades is VenueReply<ImmutableArray<Trade>>.Accepted { Value: var newestFirst }
            ? new VenueReply<ImmutableArray<Trade>>.Accepted([.. newestFirst.Reverse()])
            : trades;
    }

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => _lists.BalancesAsync(cancellation);

    public Task<VenueReply<ImmutableArray<PositionReport>>> FetchPositionsAsync(CancellationToken cancellation) =>
        _lists.PositionsAsync(cancellation);

    public Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation) => _lists.AccountFaultAsync(cancellation);

    private static RestClient Rest(HttpClient client, BybitOptions options, TimeProvider time) =>
        new(client, new BybitProtocol(options), options.Limits.ByBucket, options.RequestTimeout, time);

    private async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendAsync(
        VenueRequest request, ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        var reply = await _rest.SendAsync(request, cancellation);
        return reply is VenueReply<ReadOnlyMemory<byte>>.Accepted body
            ? BybitReceipts.All(body.Value.Span, intents)
            : [.. intents.Select(_ => reply.As<ReadOnlyMemory<byte>, OrderUpdate>())];
    }

    private static VenueReply<OrderUpdate> NotOpen(OrderIntent amendment) =>
        new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, $"{amendment.ClientOrderId} is not open"));

    private static OrderIntent CancelOf(OrderUpdate order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };

    private Instrument Of(InstrumentId id) =>
        _wire.Instruments.FirstOrDefault(i => i.Id == id)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"instrument {id.Index} is not one of {Venue}"), nameof(id));

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
