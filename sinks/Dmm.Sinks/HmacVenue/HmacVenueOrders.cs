using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The calls of <see cref="IOrderVenue"/> as signed REST requests to an HMAC venue. Keeps nothing between calls but the request limit; thread-safe.
/// </summary>
public sealed class HmacVenueOrders : IOrderVenue
{
    private readonly RestClient _rest;
    private readonly HmacVenueWire _wire;
    private readonly HmacVenueRequests _requests;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="time">For time stamps, timeouts and the limit.</param>
    public HmacVenueOrders(HttpClient client, HmacVenueOptions options, HmacVenueWire wire, TimeProvider time) =>
        (_rest, _wire, _requests, _time) = (Rest(client, options, time), wire, new(options.Endpoints), time);

    public string Venue => _rest.Venue;

    /// <summary>The body of the venue's instruments reply, for <see cref="HmacVenueInstruments"/>: needed before there is a wire.</summary>
    public static Task<VenueReply<ReadOnlyMemory<byte>>> FetchInstrumentsAsync(
        HttpClient client, HmacVenueOptions options, TimeProvider time, CancellationToken cancellation) =>
        Rest(client, options, time).SendAsync(new HmacVenueRequests(options.Endpoints).Instruments(), cancellation);

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Place(Of(placement.Instrument), placement), Order, cancellation);

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Amend(Of(amendment.Instrument), amendment), Order, cancellation);

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Cancel(cancel.ClientOrderId), Order, cancellation);

    public int BatchMax(OrderIntentKind kind) => HmacVenueRequests.BatchMax;

    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        var request = intents[0].Kind == OrderIntentKind.Cancel
            ? _requests.Cancel(intents.Select(i => i.ClientOrderId))
            : _requests.Batch(Of(intents[0].Instrument), intents);
        return await _rest.SendAsync(request, cancellation) switch
        {
            VenueReply<ReadOnlyMemory<byte>>.Accepted { Value: var body } => HmacBatch.Read(_wire, intents, body.Span),
            VenueReply<ReadOnlyMemory<byte>>.Refused { Refusal: var refusal } => [.. intents.Select(_ => new VenueReply<OrderUpdate>.Refused(refusal))],
            var unknown => [.. intents.Select(_ => new VenueReply<OrderUpdate>.Unknown(unknown.Fault))],
        };
    }

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Order(clientOrderId), Order, cancellation);

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => _rest.AskAsync<int>(
        _requests.CancelAll(prefix),
        body => HmacVenueWire.ParseCancelled(body.Span) is { } count
            ? new VenueReply<int>.Accepted(count)
            : new VenueReply<int>.Unknown("the reply to cancel-all holds no count"),
        cancellation);

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.OpenOrders(prefix), Orders, cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.OrdersSince(cursor), Orders, cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.FillsSince(tradeId), Fills, cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Book(instrument),
        body => ReplyReading.One(body, (text, batch) => _wire.ParseSnapshot(instrument, text.Span, Now(), batch), i => i.Book),
        cancellation);

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Trades(instrument),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseTrades(text.Span, Now(), batch), i => i.Trade),
        cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => _rest.AskAsync(
        _requests.Balances(),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseBalances(text.Span, batch), i => (BalanceReport)i.Control),
        cancellation);

    private static RestClient Rest(HttpClient client, HmacVenueOptions options, TimeProvider time) => new(
        client, new HmacVenueProtocol(options), new Dictionary<string, RequestLimits> { [HmacVenueRequests.Bucket] = options.Requests },
        options.RequestTimeout, time);

    private VenueReply<OrderUpdate> Order(ReadOnlyMemory<byte> body) =>
        ReplyReading.One(body, (text, batch) => _wire.ParseOrder(text.Span, batch), i => (OrderUpdate)i.Control);

    private VenueReply<OrderPage> Orders(ReadOnlyMemory<byte> body)
    {
        long sequence = 0;
        var all = ReplyReading.All(body, (text, batch) => _wire.ParseOrders(text.Span, batch, out sequence), i => (OrderUpdate)i.Control);
        return all is VenueReply<ImmutableArray<OrderUpdate>>.Accepted orders
            ? new VenueReply<OrderPage>.Accepted(new(orders.Value, sequence))
            : new VenueReply<OrderPage>.Unknown(all.Fault);
    }

    private VenueReply<FillPage> Fills(ReadOnlyMemory<byte> body)
    {
        long sequence = 0;
        var all = ReplyReading.All(body, (text, batch) => _wire.ParseFills(text.Span, batch, out sequence), i => (Fill)i.Control);
        return all is VenueReply<ImmutableArray<Fill>>.Accepted fills
            ? new VenueReply<FillPage>.Accepted(new(fills.Value, sequence))
            : new VenueReply<FillPage>.Unknown(all.Fault);
    }

    private Instrument Of(InstrumentId id) =>
        _wire.Instruments.FirstOrDefault(i => i.Id == id)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"instrument {id.Index} is not one of {Venue}"), nameof(id));

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
