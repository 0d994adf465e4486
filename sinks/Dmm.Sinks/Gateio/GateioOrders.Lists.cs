using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

// Orders and fills as lists: page by page, and market by market, because the venue lists each for itself.
public sealed partial class GateioOrders
{
    public async Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation)
    {
        // The id alone does not say in which market it was placed.
        VenueReply<OrderUpdate>? unknown = null;
        foreach (var instrument in Asked())
        {
            var reply = await _rest.AskAsync(_requests.Order(instrument, clientOrderId), Order, cancellation);
            if (reply is not VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder }) return reply;
            unknown = reply;
        }

        foreach (var instrument in _wire.Instruments)
        {
            var ended = await PagesAsync(
                page => _requests.EndedOrders(instrument, Now() - EndedWithin, page), GateioRequests.OrdersMax, cancellation);
            if (ended is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var orders })
                return NotDone<OrderUpdate, ImmutableArray<OrderUpdate>>(ended);
            if (orders.FirstOrDefault(o => o.ClientOrderId == clientOrderId) is { } found) return new VenueReply<OrderUpdate>.Accepted(found);
        }

        return unknown!;
    }

    public async Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation)
    {
        // Before the lists: what changes while they are read has changed since.
        var cursor = await CursorAsync(cancellation);
        if (cursor is not VenueReply<long>.Accepted { Value: var at }) return NotDone<OrderPage, long>(cursor);
        var open = await OpenAsync(cancellation);
        return open is VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var orders }
            ? new VenueReply<OrderPage>.Accepted(new([.. orders.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal))], at))
            : NotDone<OrderPage, ImmutableArray<OrderUpdate>>(open);
    }

    /// <summary>The cursor is the venue's time in Unix milliseconds: the open orders, and those that ended since, a few seconds over.</summary>
    public async Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation)
    {
        var next = await CursorAsync(cancellation);
        if (next is not VenueReply<long>.Accepted { Value: var at }) return NotDone<OrderPage, long>(next);
        // Ended ones last: an order that ends between the two lists must not seem open.
        var open = await OpenAsync(cancellation);
        if (open is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var orders })
            return NotDone<OrderPage, ImmutableArray<OrderUpdate>>(open);
        var latest = new OrderedDictionary<string, OrderUpdate>(StringComparer.Ordinal);
        foreach (var order in orders) latest[order.ClientOrderId] = order;
        var since = Timestamp.FromUnixMilliseconds(Math.Max(0, cursor)) - Overlap;
        foreach (var instrument in _wire.Instruments)
        {
            var ended = await PagesAsync(page => _requests.EndedOrders(instrument, since, page), GateioRequests.OrdersMax, cancellation);
            if (ended is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var some })
                return NotDone<OrderPage, ImmutableArray<OrderUpdate>>(ended);
            foreach (var order in some)
                if (!latest.TryGetValue(order.ClientOrderId, out var known) || order.Status > known.Status)
                    latest[order.ClientOrderId] = order;
        }

        return new VenueReply<OrderPage>.Accepted(new([.. latest.Values], at));
    }

    /// <summary>The venue has no cursor for fills: those of each market since that trade's time, in one order (time, market, number).</summary>
    public async Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation)
    {
        var fills = new List<Placed>();
        var since = Now() - Kept;
        Placed? last = null;
        var isKnown = GateioIds.TryReadTradeId(tradeId, out var symbol, out _);
        // The trade's own market first: it tells from when on the others are to be read.
        foreach (var instrument in _wire.Instruments.OrderBy(i => isKnown && i.Symbol == symbol ? 0 : 1).ThenBy(i => i.Id.Index))
        {
            var read = await FillsAsync(instrument, since, last is null && isKnown ? tradeId : "", cancellation);
            if (read is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var some }) return NotDone<FillPage, ImmutableArray<Fill>>(read);
            foreach (var fill in some)
            {
                var placed = Placed.Of(fill, instrument.Symbol);
                if (fill.TradeId == tradeId) last = placed;
                fills.Add(placed);
            }

            if (last is not null) since = last.Value.At - Overlap;
        }

        ImmutableArray<Fill> later =
        [
            .. fills.Where(f => last is null || f.CompareTo(last.Value) > 0).DistinctBy(f => f.Fill.TradeId).Order().Select(f => f.Fill),
        ];
        return new VenueReply<FillPage>.Accepted(new(later, Sequence: 0));
    }

    /// <summary>
    /// Fills of one market, read from the newest back to that trade or that time. Spot filters its list by when an order ended, and could leave out what
    /// an open order has traded: there the last days are read without a filter, and what is older with one beside.
    /// </summary>
    private async Task<VenueReply<ImmutableArray<Fill>>> FillsAsync(
        Instrument instrument, Timestamp since, string tradeId, CancellationToken cancellation)
    {
        if (_wire.Product != GateioProduct.Spot) return await FillPagesAsync(instrument, since, since, tradeId, cancellation);
        var recent = await FillPagesAsync(instrument, Timestamp.None, since, tradeId, cancellation);
        if (recent is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var some }) return recent;
        if (since >= Now() - ListedUnasked || some.Any(f => f.TradeId == tradeId)) return recent;
        var older = await FillPagesAsync(instrument, since, since, tradeId, cancellation);
        return older is VenueReply<ImmutableArray<Fill>>.Accepted { Value: var more }
            ? new VenueReply<ImmutableArray<Fill>>.Accepted([.. some, .. more])
            : older;
    }

    private async Task<VenueReply<ImmutableArray<Fill>>> FillPagesAsync(
        Instrument instrument, Timestamp filter, Timestamp since, string tradeId, CancellationToken cancellation)
    {
        var fills = ImmutableArray.CreateBuilder<Fill>();
        for (var page = 0; page < PagesMax; page++)
        {
            var count = 0;
            var reply = await _rest.AskAsync(
                _requests.Fills(instrument, filter, page),
                body => ReplyReading.All(body, (text, batch) => _wire.ParseFills(instrument, text.Span, batch, out count), i => (Fill)i.Control),
                cancellation);
            if (reply is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var some }) return reply;
            fills.AddRange(some);
            if (count < GateioRequests.FillsMax || some.Any(f => f.TradeId == tradeId || f.VenueTime < since))
                return new VenueReply<ImmutableArray<Fill>>.Accepted(fills.ToImmutable());
        }

        return TooMany<Fill>(instrument);
    }

    private async Task<VenueReply<ImmutableArray<OrderUpdate>>> OpenAsync(CancellationToken cancellation)
    {
        var open = ImmutableArray.CreateBuilder<OrderUpdate>();
        foreach (var instrument in _wire.Instruments)
        {
            var reply = await PagesAsync(page => _requests.OpenOrders(instrument, page), GateioRequests.OrdersMax, cancellation);
            if (reply is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var some }) return reply;
            open.AddRange(some);
        }

        return new VenueReply<ImmutableArray<OrderUpdate>>.Accepted(open.ToImmutable());
    }

    /// <summary>All pages of a list of orders; an order that moved from one page to the next while they were read comes once.</summary>
    private async Task<VenueReply<ImmutableArray<OrderUpdate>>> PagesAsync(Func<int, VenueRequest> request, int size, CancellationToken cancellation)
    {
        var orders = new OrderedDictionary<string, OrderUpdate>(StringComparer.Ordinal);
        for (var page = 0; page < PagesMax; page++)
        {
            var count = 0;
            var reply = await _rest.AskAsync(
                request(page),
                body => ReplyReading.All(body, (text, batch) => _wire.ParseOrders(text.Span, batch, out count), i => (OrderUpdate)i.Control),
                cancellation);
            if (reply is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var some }) return reply;
            foreach (var order in some) orders[order.ClientOrderId] = order;
            if (count < size) return new VenueReply<ImmutableArray<OrderUpdate>>.Accepted([.. orders.Values]);
        }

        return TooMany<OrderUpdate>(_wire.Instruments[0]);
    }

    private async Task<VenueReply<IReadOnlyDictionary<string, long>>> FilledAsync(Instrument instrument, CancellationToken cancellation)
    {
        var all = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var page = 0; page < PagesMax; page++)
        {
            var count = 0;
            var reply = await _rest.AskAsync(
                _requests.OpenOrders(instrument, page),
                body =>
                {
                    ReplyReading.All(body, (text, batch) => _wire.ParseOrders(text.Span, batch, out count), i => (OrderUpdate)i.Control);
                    return Filled(body);
                },
                cancellation);
            if (reply is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var some }) return reply;
            foreach (var (id, lots) in some) all[id] = lots;
            if (count < GateioRequests.OrdersMax) return new VenueReply<IReadOnlyDictionary<string, long>>.Accepted(all);
        }

        return NotDone<IReadOnlyDictionary<string, long>, ImmutableArray<OrderUpdate>>(TooMany<OrderUpdate>(instrument));
    }

    private Task<VenueReply<long>> CursorAsync(CancellationToken cancellation) => _rest.AskAsync<long>(
        GateioRequests.Time(),
        body => GateioWire.ParseTime(body.Span) is { IsKnown: true } time
            ? new VenueReply<long>.Accepted(time.ToDateTimeOffset().ToUnixTimeMilliseconds())
            : new VenueReply<long>.Unknown("the reply with the venue's time cannot be read"),
        cancellation);

    // Contracts are asked for without naming one.
    private IEnumerable<Instrument> Asked() => _wire.Product == GateioProduct.Spot ? _wire.Instruments : _wire.Instruments.Take(1);

    private VenueReply<ImmutableArray<T>> TooMany<T>(Instrument instrument) =>
        new VenueReply<ImmutableArray<T>>.Unknown($"{Venue} lists more than {PagesMax} pages of {instrument.Symbol}");

    /// <summary>A fill in the one order of all markets.</summary>
    private readonly record struct Placed(Timestamp At, string Symbol, long Number, Fill Fill) : IComparable<Placed>
    {
        public static Placed Of(Fill fill, string symbol)
        {
            GateioIds.TryReadTradeId(fill.TradeId, out _, out var number);
            return new(fill.VenueTime, symbol, number, fill);
        }

        public int CompareTo(Placed other)
        {
            var byTime = At.CompareTo(other.At);
            if (byTime != 0) return byTime;
            var bySymbol = string.CompareOrdinal(Symbol, other.Symbol);
            if (bySymbol != 0) return bySymbol;
            var byNumber = Number.CompareTo(other.Number);
            return byNumber != 0 ? byNumber : string.CompareOrdinal(Fill.TradeId, other.Fill.TradeId);
        }
    }
}
