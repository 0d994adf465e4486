using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The calls of <see cref="IOrderVenue"/> as signed REST requests to an HMAC venue. A request for which the limit leaves no tokens is refused
/// here, as
/// the venue would refuse it. Keeps nothing between calls but that limit; thread-safe.
/// </summary>
/// <remarks>
/// The client must not follow redirections (a signed request would go elsewhere) nor have a timeout of its own below
/// <see cref="HmacVenueOptions.RequestTimeout"/>.
/// </remarks>
public sealed class HmacVenueRest : IOrderVenue
{
    private readonly HttpClient _client;
    private readonly HmacVenueOptions _options;
    private readonly HmacVenueWire _wire;
    private readonly HmacVenueRequests _requests;
    private readonly HmacSignature? _signature;
    private readonly RequestBudget _budget;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller.</param>
    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="time">For time stamps, timeouts and the limit.</param>
    public HmacVenueRest(HttpClient client, HmacVenueOptions options, HmacVenueWire wire, TimeProvider time)
    {
        (_client, _options, _wire, _time) = (client, options, wire, time);
        _requests = new(options.Endpoints);
        _signature = options.Credentials is { } credentials ? new(options.Signing, credentials, options.ReceiveWindow) : null;
        _budget = new(options.Requests, time);
    }

    public string Venue => _options.Venue;

    /// <summary>The body of the venue's instruments reply, for <see cref="HmacVenueInstruments"/>: needed before there is a wire.</summary>
    public static async Task<VenueReply<ReadOnlyMemory<byte>>> FetchInstrumentsAsync(
        HttpClient client, HmacVenueOptions options, TimeProvider time, CancellationToken cancellation) =>
        await new RestExchange(client, options, signature: null, new(options.Requests, time), time)
            .SendAsync(new HmacVenueRequests(options.Endpoints).Instruments(), cancellation);

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        AskAsync(_requests.Place(Of(placement.Instrument), placement), Order, cancellation);

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) =>
        AskAsync(_requests.Amend(Of(amendment.Instrument), amendment), Order, cancellation);

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        AskAsync(_requests.Cancel(cancel.ClientOrderId), Order, cancellation);

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) =>
        AskAsync(_requests.Order(clientOrderId), Order, cancellation);

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => AskAsync<int>(
        _requests.CancelAll(prefix),
        body => HmacVenueWire.ParseCancelled(body.Span) is { } count
            ? new VenueReply<int>.Accepted(count)
            : new VenueReply<int>.Unknown("the reply to cancel-all holds no count"),
        cancellation);

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        AskAsync(_requests.OpenOrders(prefix), Orders, cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        AskAsync(_requests.OrdersSince(cursor), Orders, cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        AskAsync(_requests.FillsSince(tradeId), Fills, cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => AskAsync(
        _requests.Book(instrument),
        body => One(body, (text, batch) => _wire.ParseSnapshot(instrument, text.Span, Now(), batch), i => i.Book),
        cancellation);

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => AskAsync(
        _requests.Trades(instrument), body => All(body, (text, batch) => _wire.ParseTrades(text.Span, Now(), batch), i => i.Trade), cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => AskAsync(
        _requests.Balances(), body => All(body, (text, batch) => _wire.ParseBalances(text.Span, batch), i => (BalanceReport)i.Control), cancellation);

    private async Task<VenueReply<T>> AskAsync<T>(
        HmacVenueRequest request, Func<ReadOnlyMemory<byte>, VenueReply<T>> read, CancellationToken cancellation) =>
        await new RestExchange(_client, _options, _signature, _budget, _time).SendAsync(request, cancellation) switch
        {
            VenueReply<ReadOnlyMemory<byte>>.Accepted reply => read(reply.Value),
            VenueReply<ReadOnlyMemory<byte>>.Refused refused => new VenueReply<T>.Refused(refused.Refusal),
            var unknown => new VenueReply<T>.Unknown(unknown.Fault),
        };

    private VenueReply<OrderUpdate> Order(ReadOnlyMemory<byte> body) =>
        One(body, (text, batch) => _wire.ParseOrder(text.Span, batch), i => (OrderUpdate)i.Control);

    private VenueReply<OrderPage> Orders(ReadOnlyMemory<byte> body)
    {
        long sequence = 0;
        var all = All(body, (text, batch) => _wire.ParseOrders(text.Span, batch, out sequence), i => (OrderUpdate)i.Control);
        return all is VenueReply<ImmutableArray<OrderUpdate>>.Accepted orders
            ? new VenueReply<OrderPage>.Accepted(new(orders.Value, sequence))
            : new VenueReply<OrderPage>.Unknown(all.Fault);
    }

    private VenueReply<FillPage> Fills(ReadOnlyMemory<byte> body)
    {
        long sequence = 0;
        var all = All(body, (text, batch) => _wire.ParseFills(text.Span, batch, out sequence), i => (Fill)i.Control);
        return all is VenueReply<ImmutableArray<Fill>>.Accepted fills
            ? new VenueReply<FillPage>.Accepted(new(fills.Value, sequence))
            : new VenueReply<FillPage>.Unknown(all.Fault);
    }

    private static VenueReply<T> One<T>(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, MessageBatch, ParseStatus> parse, Func<Input, T> take) =>
        All(body, parse, take) switch
        {
            VenueReply<ImmutableArray<T>>.Accepted { Value: [var one] } => new VenueReply<T>.Accepted(one),
            VenueReply<ImmutableArray<T>>.Accepted several => new VenueReply<T>.Unknown($"the reply holds {several.Value.Length} messages: expected one"),
            var unknown => new VenueReply<T>.Unknown(unknown.Fault),
        };

    // A batch of its own for each call: what points into it belongs to the caller.
    private static VenueReply<ImmutableArray<T>> All<T>(
        ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, MessageBatch, ParseStatus> parse, Func<Input, T> take)
    {
        var batch = new MessageBatch();
        if (parse(body, batch) == ParseStatus.Rejected)
        {
            var reason = Enumerable.Range(0, batch.Count).Select(i => batch[i]).Where(i => i.Kind == InputKind.Control).Select(i => i.Control)
                .OfType<Rejected>().First().Reason;
            return new VenueReply<ImmutableArray<T>>.Unknown($"the reply cannot be read: {reason}");
        }

        return new VenueReply<ImmutableArray<T>>.Accepted([.. Enumerable.Range(0, batch.Count).Select(i => take(batch[i]))]);
    }

    private Instrument Of(InstrumentId id) =>
        _wire.Instruments.FirstOrDefault(i => i.Id == id)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"instrument {id.Index} is not one of {Venue}"), nameof(id));

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
