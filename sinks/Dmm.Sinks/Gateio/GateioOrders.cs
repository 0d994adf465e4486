using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The calls of <see cref="IOrderVenue"/> as requests to Gate, spot or USDT perpetuals. Where the venue has no such call several requests make one:
/// an amendment asks first what has traded, lists are read page by page and market by market, and cancelling by prefix lists and cancels. Keeps
/// nothing
/// between calls but the request limits; thread-safe.
/// </summary>
/// <remarks>
/// A client order id is no guard against placing twice here: what became of a placement that was not answered is settled by asking for the order. An
/// order that the venue does not find by that id may have ended a while ago: it is then looked for in the list of those that ended within the day.
/// </remarks>
public sealed partial class GateioOrders : IOrderVenue, IDeadManSwitch
{
    // Lists know a second, and clocks differ: what is read twice does no harm.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndedWithin = TimeSpan.FromDays(1);

    // The venue lists what is no older.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(29);

    // Spot lists the fills of seven days where no time is named.
    private static readonly TimeSpan ListedUnasked = TimeSpan.FromDays(6);

    private const int PagesMax = 50;

    private readonly RestClient _rest;
    private readonly GateioWire _wire;
    private readonly GateioRequests _requests;
    private readonly int _bookDepth;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="time">For time stamps, timeouts and limits.</param>
    public GateioOrders(HttpClient client, GateioOptions options, GateioWire wire, TimeProvider time)
    {
        _rest = new RestClient(client, new GateioProtocol(options), options.Limits, options.RequestTimeout, time);
        (_wire, _requests, _bookDepth, _time) = (wire, new(options.Product, options.SelfTradePrevention), options.BookDepth, time);
    }

    public string Venue => _rest.Venue;

    /// <summary>Published: at least five seconds.</summary>
    public TimeSpan WindowMin => TimeSpan.FromSeconds(5);

    /// <summary>The venue names none; longer is of no use.</summary>
    public TimeSpan WindowMax => TimeSpan.FromMinutes(5);

    /// <summary>The body of the venue's instruments reply, for <see cref="GateioInstruments"/>: needed before there is a wire.</summary>
    public static Task<VenueReply<ReadOnlyMemory<byte>>> FetchInstrumentsAsync(
        HttpClient client, GateioOptions options, TimeProvider time, CancellationToken cancellation) =>
        new RestClient(client, new GateioProtocol(options), options.Limits, options.RequestTimeout, time)
            .SendAsync(new GateioRequests(options.Product).Instruments(), cancellation);

    public int BatchMax(OrderIntentKind kind) => (kind, _wire.Product) switch
    {
        (OrderIntentKind.Place, _) => GateioRequests.BulkMax,
        (OrderIntentKind.Amend, GateioProduct.UsdtPerpetual) => GateioRequests.BulkMax,
        (OrderIntentKind.Cancel, GateioProduct.Spot) => GateioRequests.BulkCancelMax,
        _ => 1,
    };

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Place(Of(placement.Instrument), placement), Order, cancellation);

    public async Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation)
    {
        var instrument = Of(amendment.Instrument);
        var filled = await _rest.AskAsync(_requests.Order(instrument, amendment.ClientOrderId), Filled, cancellation);
        if (filled is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var lots })
            return NotDone<OrderUpdate, IReadOnlyDictionary<string, long>>(filled);
        return lots.TryGetValue(amendment.ClientOrderId, out var already)
            ? await _rest.AskAsync(_requests.Amend(instrument, amendment, already), Order, cancellation)
            : new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, $"{Venue} knows another order by the id {amendment.ClientOrderId}"));
    }

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        _rest.AskAsync(_requests.Cancel(Of(cancel.Instrument), cancel.ClientOrderId), Order, cancellation);

    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        var instrument = Of(intents[0].Instrument);
        var request = intents[0].Kind switch
        {
            OrderIntentKind.Place => _requests.PlaceMany(instrument, intents),
            OrderIntentKind.Cancel => _requests.CancelMany(instrument, intents.Select(i => i.ClientOrderId)),
            _ => default,
        };
        if (intents[0].Kind == OrderIntentKind.Amend)
        {
            var filled = await FilledAsync(instrument, cancellation);
            if (filled is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var lots })
                return [.. intents.Select(_ => NotDone<OrderUpdate, IReadOnlyDictionary<string, long>>(filled))];
            // One that is not among the open ones could come to the wrong size: it is left out, and refused.
            var open = intents.Where(i => lots.ContainsKey(i.ClientOrderId)).ToImmutableArray();
            if (open.IsEmpty) return [.. intents.Select(i => NotOpen(i))];
            var answers = await AskManyAsync(_requests.AmendMany(instrument, open, lots), open, cancellation);
            return [.. intents.Select(i => open.IndexOf(i) is >= 0 and var at ? answers[at] : NotOpen(i))];
        }

        return await AskManyAsync(request, intents, cancellation);
    }

    /// <summary>Lists the open orders, and cancels those of the prefix one after the other; the first that fails ends it, and is told.</summary>
    public async Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation)
    {
        var open = await FetchOpenOrdersAsync(prefix, cancellation);
        if (open is not VenueReply<OrderPage>.Accepted { Value: var page }) return NotDone<int, OrderPage>(open);
        var cancelled = 0;
        VenueReply<int>? fault = null;
        foreach (var orders in page.Orders.GroupBy(o => o.Instrument).SelectMany(g => g.Chunk(BatchMax(OrderIntentKind.Cancel))))
        {
            ImmutableArray<OrderIntent> cancels = [.. orders.Select(Cancel)];
            var answers = cancels.Length == 1 ? [await CancelOrderAsync(cancels[0], cancellation)] : await SendBatchAsync(cancels, cancellation);
            foreach (var answer in answers)
            {
                // One that ended by itself meanwhile is as good as cancelled, and not counted.
                if (answer is VenueReply<OrderUpdate>.Accepted) cancelled++;
                else if (answer is not VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder })
                    fault ??= NotDone<int, OrderUpdate>(answer);
            }
        }

        return fault ?? new VenueReply<int>.Accepted(cancelled);
    }

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Book(instrument, _bookDepth),
        body => ReplyReading.One(body, (text, batch) => _wire.ParseSnapshot(instrument, text.Span, Now(), batch), i => i.Book),
        cancellation);

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        _requests.Trades(instrument),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseTrades(instrument, text.Span, Now(), batch), i => i.Trade) switch
        {
            VenueReply<ImmutableArray<Trade>>.Accepted trades => new VenueReply<ImmutableArray<Trade>>.Accepted([.. trades.Value.OrderBy(t => t.TradeId)]),
            var unknown => unknown,
        },
        cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => _rest.AskAsync(
        _requests.Balances(),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseBalances(text.Span, Now(), batch), i => (BalanceReport)i.Control),
        cancellation);

    public async Task<VenueReply<ImmutableArray<PositionReport>>> FetchPositionsAsync(CancellationToken cancellation)
    {
        if (_wire.Product == GateioProduct.Spot) return new VenueReply<ImmutableArray<PositionReport>>.Accepted([]);
        List<PositionReport> listed = [];
        for (var page = 0; page < PagesMax; page++)
        {
            var count = 0;
            var reply = await _rest.AskAsync(
                _requests.Positions(page),
                body => ReplyReading.All(
                    body, (text, batch) => _wire.ParsePositions(text.Span, Now(), batch, out count), i => (PositionReport)i.Control),
                cancellation);
            if (reply is not VenueReply<ImmutableArray<PositionReport>>.Accepted { Value: var some }) return reply;
            listed.AddRange(some);
            // One that moved from a page to the next meanwhile is on both.
            if (count < GateioRequests.OrdersMax)
            {
                return new VenueReply<ImmutableArray<PositionReport>>.Accepted(
                    ContractPositions.OfEach(_wire.Instruments, [.. listed.DistinctBy(p => p.Instrument)]));
            }
        }

        return new VenueReply<ImmutableArray<PositionReport>>.Unknown("the list of positions has no end");
    }

    public async Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation) => _wire.Product == GateioProduct.Spot
        ? new VenueReply<string>.Accepted("")
        : await _rest.AskAsync<string>(
            _requests.Balances(), body => new VenueReply<string>.Accepted(GateioWire.PositionModeFault(body.Span) ?? ""), cancellation);

    public Task<VenueReply<TimeSpan>> ArmAsync(TimeSpan window, CancellationToken cancellation) => CountDownAsync(window, cancellation);

    public Task<VenueReply<TimeSpan>> DisarmAsync(CancellationToken cancellation) => CountDownAsync(TimeSpan.Zero, cancellation);

    private Task<VenueReply<TimeSpan>> CountDownAsync(TimeSpan window, CancellationToken cancellation)
    {
        // Whole seconds, so that the venue never waits longer than was asked for.
        var seconds = TimeSpan.FromSeconds(Math.Floor(window.TotalSeconds));
        return _rest.AskAsync(_requests.CancelAllAfter(seconds), _ => new VenueReply<TimeSpan>.Accepted(seconds), cancellation);
    }

    private async Task<ImmutableArray<VenueReply<OrderUpdate>>> AskManyAsync(
        VenueRequest request, ImmutableArray<OrderIntent> intents, CancellationToken cancellation) =>
        await _rest.SendAsync(request, cancellation) switch
    {
        VenueReply<ReadOnlyMemory<byte>>.Accepted reply => GateioBulk.Read(_wire, intents, reply.Value),
        var fault => [.. intents.Select(_ => NotDone<OrderUpdate, ReadOnlyMemory<byte>>(fault))],
    };

    private VenueReply<OrderUpdate> Order(ReadOnlyMemory<byte> body) =>
        ReplyReading.One(body, (text, batch) => _wire.ParseOrder(text.Span, batch), i => (OrderUpdate)i.Control);

    private VenueReply<IReadOnlyDictionary<string, long>> Filled(ReadOnlyMemory<byte> body) => _wire.ParseFilled(body.Span) is { } filled
        ? new VenueReply<IReadOnlyDictionary<string, long>>.Accepted(filled)
        : new VenueReply<IReadOnlyDictionary<string, long>>.Unknown("the reply cannot be read: expected an order, or an array of them");

    private VenueReply<OrderUpdate> NotOpen(OrderIntent intent) =>
        new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, $"{Venue} has no open order of the id {intent.ClientOrderId}"));

    private static OrderIntent Cancel(OrderUpdate order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };

    /// <summary>The same without a value, as the answer to another call.</summary>
    private static VenueReply<TOther> NotDone<TOther, T>(VenueReply<T> reply) => reply is VenueReply<T>.Refused refused
        ? new VenueReply<TOther>.Refused(refused.Refusal)
        : new VenueReply<TOther>.Unknown(reply.Fault);

    private Instrument Of(InstrumentId id) =>
        _wire.Instruments.FirstOrDefault(i => i.Id == id)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"instrument {id.Index} is not one of {Venue}"), nameof(id));

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
