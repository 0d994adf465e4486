using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The calls of <see cref="IOrderVenue"/> as requests to OKX, and its dead-man's switch. What the venue answers to placing, amending and cancelling
/// is a receipt. Keeps nothing between calls but the request limits; thread-safe.
/// </summary>
/// <remarks>
/// | Call | Beside the request itself |
/// |---|---|
/// | amend | the order is asked for first: the venue counts what was filled into the new size; what fills meanwhile makes what is left smaller |
/// | cancel all of a prefix | the open orders are listed, whatever their instruments, and those of the prefix cancelled in batches |
/// | one order | asked for on each instrument in turn, because the venue finds it by its instrument only |
/// </remarks>
public sealed class OkxOrders : IOrderVenue, IDeadManSwitch
{
    private readonly RestClient _rest;
    private readonly OkxWire _wire;
    private readonly OkxRequests _requests;
    private readonly OkxLists _lists;
    private readonly OkxCommands _commands;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the venue's instruments.</param>
    /// <param name="time">For time stamps, timeouts and limits.</param>
    public OkxOrders(HttpClient client, OkxOptions options, OkxWire wire, TimeProvider time)
    {
        (_rest, _wire, _requests, _time) = (Rest(client, options, time), wire, new(options), time);
        _lists = new(_rest, wire, time);
        _commands = new(_rest);
    }

    public string Venue => _rest.Venue;

    public TimeSpan WindowMin => OkxRequests.SwitchWindowMin;

    public TimeSpan WindowMax => OkxRequests.SwitchWindowMax;

    /// <summary>The body of the venue's listing of that type, for <see cref="OkxInstruments"/>: needed before there is a wire.</summary>
    /// <param name="client">As for the constructor.</param>
    /// <param name="options">Checked.</param>
    /// <param name="instrumentType">As <see cref="OkxInstruments.TypeOf(string)"/> gives it.</param>
    /// <param name="time">As for the constructor.</param>
    /// <param name="cancellation">Ends the request.</param>
    public static Task<VenueReply<ReadOnlyMemory<byte>>> FetchInstrumentsAsync(
        HttpClient client, OkxOptions options, string instrumentType, TimeProvider time, CancellationToken cancellation) =>
        Rest(client, options, time).SendAsync(OkxRequests.Instruments(instrumentType), cancellation);

    public int BatchMax(OrderIntentKind kind) => OkxRequests.BatchMax;

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        _commands.SendAsync(_requests.Place(Of(placement.Instrument), placement), placement, cancellation);

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        _commands.SendAsync(OkxRequests.Cancel(new OkxOrderName(Of(cancel.Instrument).Symbol, cancel.ClientOrderId)), cancel, cancellation);

    public async Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation)
    {
        var instrument = Of(amendment.Instrument);
        var request = OkxRequests.Order(instrument, amendment.ClientOrderId);
        var known = await _rest.AskAsync(request, body => OkxLists.Filled(instrument, body), cancellation);
        return (await _commands.AmendAsync(instrument, [amendment], known, cancellation))[0];
    }

    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        var instrument = Of(intents[0].Instrument);
        return intents[0].Kind switch
        {
            OrderIntentKind.Place => await _commands.SendAsync(_requests.Place(instrument, intents), intents, cancellation),
            OrderIntentKind.Cancel => await _commands.SendAsync(
                OkxRequests.Cancel([.. intents.Select(i => new OkxOrderName(instrument.Symbol, i.ClientOrderId))]), intents, cancellation),
            _ => await _commands.AmendAsync(instrument, intents, await _lists.FilledAsync(instrument, cancellation), cancellation),
        };
    }

    public async Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) =>
        await _lists.OpenNamesAsync(cancellation) switch
        {
            VenueReply<ImmutableArray<OkxOrderName>>.Accepted { Value: var open } =>
                await _commands.CancelAsync([.. open.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal))], cancellation),
            VenueReply<ImmutableArray<OkxOrderName>>.Refused refused => new VenueReply<int>.Refused(refused.Refusal),
            var unknown => new VenueReply<int>.Unknown(unknown.Fault),
        };

    public async Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation)
    {
        VenueReply<OrderUpdate> unknown = new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, "not found"));
        foreach (var instrument in _wire.Instruments)
        {
            var reply = await _rest.AskAsync(OkxRequests.Order(instrument, clientOrderId), body => ReplyReading.One(
                body, (text, batch) => _wire.ParseOrders(text.Span, changedFrom: 0, batch, out _), i => (OrderUpdate)i.Control), cancellation);
            if (reply is not VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder }) return reply;
            unknown = reply;
        }

        return unknown;
    }

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        _lists.OpenAsync(prefix, cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        _lists.ChangedSinceAsync(cursor, cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        _lists.FillsSinceAsync(tradeId, cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        OkxRequests.Book(instrument),
        body => ReplyReading.One(body, (text, batch) => _wire.ParseSnapshot(instrument, text.Span, Now(), batch), i => i.Book),
        cancellation);

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => _rest.AskAsync(
        OkxRequests.Trades(instrument),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseTrades(instrument, text.Span, Now(), batch), i => i.Trade) switch
        {
            VenueReply<ImmutableArray<Trade>>.Accepted { Value: var newestFirst } =>
                new VenueReply<ImmutableArray<Trade>>.Accepted([.. newestFirst.Reverse()]),
            var unread => unread,
        },
        cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => _rest.AskAsync(
        OkxRequests.Balances(),
        body => ReplyReading.All(body, (text, batch) => _wire.ParseBalances(text.Span, batch), i => (BalanceReport)i.Control),
        cancellation);

    public async Task<VenueReply<ImmutableArray<PositionReport>>> FetchPositionsAsync(CancellationToken cancellation)
    {
        List<PositionReport> listed = [];
        foreach (var type in OkxInstruments.Types(_wire.Instruments.Where(i => i.Kind != ContractKind.Spot)))
        {
            var reply = await _rest.AskAsync(
                OkxRequests.Positions(type),
                body => ReplyReading.All(body, (text, batch) => _wire.ParsePositions(text.Span, batch), i => (PositionReport)i.Control),
                cancellation);
            if (reply is not VenueReply<ImmutableArray<PositionReport>>.Accepted { Value: var some }) return reply;
            listed.AddRange(some);
        }

        return new VenueReply<ImmutableArray<PositionReport>>.Accepted(ContractPositions.OfEach(_wire.Instruments, listed));
    }

    public async Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation)
    {
        if (_wire.Instruments.All(i => i.Kind == ContractKind.Spot)) return new VenueReply<string>.Accepted("");
        return await _rest.AskAsync<string>(
            OkxRequests.AccountSettings(),
            body => new VenueReply<string>.Accepted(OkxReceipts.SettingsFault(_wire.Instruments, body.Span) ?? ""),
            cancellation);
    }

    /// <summary>The venue's clock.</summary>
    public Task<VenueReply<Timestamp>> FetchServerTimeAsync(CancellationToken cancellation) => _rest.AskAsync<Timestamp>(
        OkxRequests.ServerTime(),
        body => OkxReceipts.ServerTime(body.Span) is { } at
            ? new VenueReply<Timestamp>.Accepted(at)
            : new VenueReply<Timestamp>.Unknown("the reply does not hold the venue's time"),
        cancellation);

    public Task<VenueReply<TimeSpan>> ArmAsync(TimeSpan window, CancellationToken cancellation) => SwitchAsync(window, cancellation);

    public Task<VenueReply<TimeSpan>> DisarmAsync(CancellationToken cancellation) => SwitchAsync(TimeSpan.Zero, cancellation);

    private Task<VenueReply<TimeSpan>> SwitchAsync(TimeSpan window, CancellationToken cancellation) => _rest.AskAsync<TimeSpan>(
        _requests.CancelAllAfter(window), _ => new VenueReply<TimeSpan>.Accepted(window), cancellation);

    private Instrument Of(InstrumentId id) =>
        _wire.Instruments.FirstOrDefault(i => i.Id == id)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"instrument {id.Index} is not one of {Venue}"), nameof(id));

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());

    private static RestClient Rest(HttpClient client, OkxOptions options, TimeProvider time) =>
        new(client, new OkxProtocol(options), options.Limits, options.RequestTimeout, time);
}
