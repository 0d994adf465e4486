using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>Bybit's lists of orders, fills, balances and positions, page after page, as the answers to one call each.</summary>
internal sealed class BybitLists(RestClient rest, BybitOptions options, BybitWire wire, BybitRequests requests, TimeProvider time)
{
    /// <summary>A list with more pages than that has no end: it is given up.</summary>
    public const int PagesMax = 500;

    // What the venue stamps an order with and what it stamps an answer with are two clocks, and lists are later than what they list.
    private static readonly TimeSpan CursorOverlap = TimeSpan.FromSeconds(2);

    // Fills that our clock takes for those of the future.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private delegate ParseStatus Parser(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page);

    /// <summary>The one order of a reply that is to hold no other.</summary>
    public Task<VenueReply<OrderUpdate>> OrderAsync(VenueRequest request, string clientOrderId, CancellationToken cancellation) =>
        rest.AskAsync<OrderUpdate>(request, body =>
        {
            var orders = ReplyReading.All(
                body, (text, batch) => wire.ParseOrders(text.Span, Timestamp.None, batch, out _), i => (OrderUpdate)i.Control);
            if (orders is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var found })
                return new VenueReply<OrderUpdate>.Unknown(orders.Fault);
            return found.FirstOrDefault(o => o.ClientOrderId == clientOrderId) is { } order
                ? new VenueReply<OrderUpdate>.Accepted(order)
                : new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, $"{options.Venue} lists no order {clientOrderId}"));
        }, cancellation);

    /// <summary>
    /// All orders of a list. Who has no cursor yet gets the time of the first page; a cursor then moves with what has changed, so that it stands still when
    /// nothing does.
    /// </summary>
    /// <param name="list">The request for a page, by settlement asset and cursor.</param>
    /// <param name="changedAfter">Orders that have not changed since are passed over.</param>
    /// <param name="cancellation">Passes through.</param>
    public async Task<VenueReply<OrderPage>> OrdersAsync(
        Func<string, string, VenueRequest> list, Timestamp changedAfter, CancellationToken cancellation)
    {
        var orders = ImmutableArray.CreateBuilder<OrderUpdate>();
        var (from, latest) = (Timestamp.None, Timestamp.None);
        foreach (var settlement in requests.Settlements)
        {
            var fault = await EachPageAsync(
                cursor => list(settlement, cursor),
                (ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page) => wire.ParseOrders(body, changedAfter, batch, out page),
                (batch, page) =>
                {
                    if (!from.IsKnown) from = page.At;
                    latest = Timestamp.Max(latest, page.LatestChange);
                    for (var i = 0; i < batch.Count; i++) orders.Add((OrderUpdate)batch[i].Control);
                    return true;
                },
                cancellation);
            if (fault is not null) return fault.As<bool, OrderPage>();
        }

        // An order that moves from one page to another while they are read is given once, as the later page has it.
        var once = orders.AsEnumerable().Reverse().DistinctBy(o => o.ClientOrderId).Reverse();
        var cursor = !changedAfter.IsKnown ? from - CursorOverlap
            : latest.IsKnown ? Timestamp.Max(changedAfter, latest - CursorOverlap) : changedAfter;
        return new VenueReply<OrderPage>.Accepted(new([.. once], cursor.ToDateTimeOffset().ToUnixTimeMilliseconds()));
    }

    /// <summary>
    /// Our fills behind that trade, oldest first: looked for from now backwards, at most as far as the options say. Where it is not found all of that
    /// time
    /// are given, because which of them are new cannot be told.
    /// </summary>
    public async Task<VenueReply<FillPage>> FillsAsync(string tradeId, CancellationToken cancellation)
    {
        List<Fill> newestFirst = [];
        var isFound = false;
        var now = Timestamp.From(time.GetUtcNow());
        var to = now + Ahead;
        var oldest = now - options.FillHistory;
        while (to > oldest && !isFound)
        {
            var from = Timestamp.Max(oldest, to - BybitRequests.FillSpanMax);
            var until = to;
            var fault = await EachPageAsync(cursor => requests.Fills(from, until, cursor), wire.ParseFills, (batch, _) =>
            {
                for (var i = 0; i < batch.Count && !isFound; i++)
                {
                    var fill = (Fill)batch[i].Control;
                    isFound = fill.TradeId == tradeId;
                    if (!isFound) newestFirst.Add(fill);
                }

                return !isFound;
            }, cancellation);
            if (fault is not null) return fault.As<bool, FillPage>();
            to = from - Timestamp.Unit;
        }

        newestFirst.Reverse();
        return new VenueReply<FillPage>.Accepted(new([.. newestFirst.DistinctBy(f => f.TradeId)], Sequence: 0));
    }

    public Task<VenueReply<ImmutableArray<BalanceReport>>> BalancesAsync(CancellationToken cancellation) => rest.AskAsync(
        BybitRequests.Balances(),
        body => ReplyReading.All(body, (text, batch) => wire.ParseBalances(text.Span, batch), i => (BalanceReport)i.Control), cancellation);

    /// <summary>Of each contract, also of those that the venue does not list because nothing is held.</summary>
    public async Task<VenueReply<ImmutableArray<PositionReport>>> PositionsAsync(CancellationToken cancellation)
    {
        List<PositionReport> listed = [];
        if (options.Product != BybitProduct.Linear) return new VenueReply<ImmutableArray<PositionReport>>.Accepted([]);
        foreach (var settlement in requests.Settlements)
        {
            var fault = await EachPageAsync(cursor => requests.Positions(settlement, cursor), wire.ParsePositions, (batch, _) =>
            {
                for (var i = 0; i < batch.Count; i++) listed.Add((PositionReport)batch[i].Control);
                return true;
            }, cancellation);
            if (fault is not null) return fault.As<bool, ImmutableArray<PositionReport>>();
        }

        return new VenueReply<ImmutableArray<PositionReport>>.Accepted(ContractPositions.OfEach(wire.Instruments, listed));
    }

    /// <summary>Whether the account has one position for each contract.</summary>
    public async Task<VenueReply<string>> AccountFaultAsync(CancellationToken cancellation)
    {
        foreach (var instrument in wire.Instruments.Where(i => i.Kind == ContractKind.Linear))
        {
            var reply = await rest.AskAsync<string>(
                requests.Position(instrument), body => new VenueReply<string>.Accepted(wire.PositionModeFault(body.Span) ?? ""), cancellation);
            if (reply is not VenueReply<string>.Accepted { Value: "" }) return reply;
        }

        return new VenueReply<string>.Accepted("");
    }

    /// <summary>What has been executed of each open order of an instrument.</summary>
    public async Task<VenueReply<IReadOnlyDictionary<string, long>>> ExecutedAsync(Instrument instrument, CancellationToken cancellation)
    {
        Dictionary<string, long> all = new(StringComparer.Ordinal);
        var cursor = "";
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var next = "";
            var reply = await ExecutedAsync(requests.OpenOrders(instrument, cursor), cancellation, page => next = page.NextCursor);
            if (reply is not VenueReply<IReadOnlyDictionary<string, long>>.Accepted { Value: var some }) return reply;
            foreach (var (id, lots) in some) all[id] = lots;
            if (next.Length == 0) return new VenueReply<IReadOnlyDictionary<string, long>>.Accepted(all);
            cursor = next;
        }

        return new VenueReply<IReadOnlyDictionary<string, long>>.Unknown("the list has no end");
    }

    /// <summary>What has been executed of each open order of one reply.</summary>
    public Task<VenueReply<IReadOnlyDictionary<string, long>>> ExecutedAsync(
        VenueRequest request, CancellationToken cancellation, Action<BybitPage>? look = null) =>
        rest.AskAsync<IReadOnlyDictionary<string, long>>(request, body =>
        {
            if (wire.ParseExecuted(body.Span, out var page, out var fault) is not { } executed)
                return new VenueReply<IReadOnlyDictionary<string, long>>.Unknown($"the reply cannot be read: {fault}");
            look?.Invoke(page);
            return new VenueReply<IReadOnlyDictionary<string, long>>.Accepted(executed);
        }, cancellation);

    /// <summary>Null when all pages were taken, or as many as were wanted; else why not.</summary>
    private async Task<VenueReply<bool>?> EachPageAsync(
        Func<string, VenueRequest> request, Parser parse, Func<MessageBatch, BybitPage, bool> take, CancellationToken cancellation)
    {
        var cursor = "";
        for (var pages = 0; pages < PagesMax; pages++)
        {
            BybitPage page = default;
            var reply = await rest.AskAsync<bool>(request(cursor), body =>
            {
                var batch = new MessageBatch();
                if (parse(body.Span, batch, out page) == ParseStatus.Rejected) return new VenueReply<bool>.Unknown(Reason(batch));
                return new VenueReply<bool>.Accepted(take(batch, page));
            }, cancellation);
            if (reply is not VenueReply<bool>.Accepted { Value: var goesOn }) return reply;
            if (!goesOn || page.NextCursor.Length == 0 || page.Count == 0) return null;
            cursor = page.NextCursor;
        }

        return new VenueReply<bool>.Unknown("the list has no end");
    }

    private static string Reason(MessageBatch batch)
    {
        var controls = Enumerable.Range(0, batch.Count).Select(i => batch[i]).Where(i => i.Kind == InputKind.Control).Select(i => i.Control);
        return $"the reply cannot be read: {controls.OfType<Rejected>().First().Reason}";
    }
}
