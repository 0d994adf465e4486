using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>The venue's lists of orders and fills, which it gives in pages, newest first; each is read whole or not at all.</summary>
internal sealed class OkxLists(RestClient rest, OkxWire wire, TimeProvider time)
{
    // Of one list; beyond it something is wrong, and going on would use up the limits.
    private const int PagesMax = 400;

    // The venue takes no signed request of a clock that differs by more than half of that.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromSeconds(60);

    // Ended orders are listed by when they were placed. An order that rested longer is found missing by the comparison of open orders.
    private static readonly TimeSpan RestingMax = TimeSpan.FromHours(1);

    private delegate VenueReply<ImmutableArray<T>> Read<T>(ReadOnlyMemory<byte> body, out OkxPage page);

    /// <summary>How much was filled of the orders in a reply, all of that instrument.</summary>
    public static VenueReply<ImmutableDictionary<string, long>> Filled(Instrument instrument, ReadOnlyMemory<byte> body) =>
        OkxReceipts.FilledLots(instrument, body.Span) is { } filled
            ? new VenueReply<ImmutableDictionary<string, long>>.Accepted(filled)
            : new VenueReply<ImmutableDictionary<string, long>>.Unknown("the reply does not tell what was filled");

    /// <summary>How much was filled of each open order of the instrument.</summary>
    public async Task<VenueReply<ImmutableDictionary<string, long>>> FilledAsync(Instrument instrument, CancellationToken cancellation)
    {
        var reply = await PagesAsync(
            olderThan => OkxRequests.OpenOrders(instrument, olderThan),
            (ReadOnlyMemory<byte> body, out OkxPage page) => OfPage<KeyValuePair<string, long>>(
                body, OkxReceipts.FilledLots(instrument, body.Span) is { } filled ? [.. filled] : null, out page),
            cancellation);
        return Mapped(reply, rows => ImmutableDictionary.CreateRange(StringComparer.Ordinal, rows.DistinctBy(r => r.Key)));
    }

    /// <summary>The open orders of the account, whatever their instruments.</summary>
    public Task<VenueReply<ImmutableArray<OkxOrderName>>> OpenNamesAsync(CancellationToken cancellation) => PagesAsync(
        OkxRequests.OpenOrders, (ReadOnlyMemory<byte> body, out OkxPage page) => OfPage(body, OkxReceipts.Names(body.Span), out page), cancellation);

    /// <summary>
    /// The open orders of that prefix, each as it is. One of an instrument that is not traded here cannot be told: then there is no answer.
    /// </summary>
    public async Task<VenueReply<OrderPage>> OpenAsync(string prefix, CancellationToken cancellation)
    {
        var changedAt = 0L;
        var strangers = ImmutableArray<OkxOrderName>.Empty;
        var reply = await PagesAsync(
            OkxRequests.OpenOrders,
            (ReadOnlyMemory<byte> body, out OkxPage page) =>
            {
                var orders = Orders(body, changedFrom: 0, out page);
                changedAt = Math.Max(changedAt, page.ChangedAt);
                strangers = [.. strangers, .. OkxReceipts.Names(body.Span)?.Where(n => IsStranger(n, prefix)) ?? []];
                return orders;
            },
            cancellation);
        if (reply is VenueReply<ImmutableArray<OrderUpdate>>.Accepted && strangers is [var stranger, ..])
            return new VenueReply<OrderPage>.Unknown($"{stranger.ClientOrderId} of {stranger.Symbol} is open, which is not traded here");
        var cursor = changedAt > 0 ? changedAt : (Now() - ClockMargin).ToDateTimeOffset().ToUnixTimeMilliseconds();
        return Mapped(reply, orders => new OrderPage([.. orders.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal))], cursor));
    }

    /// <summary>The orders that changed at that time or later, Unix time in milliseconds, each as it is.</summary>
    public async Task<VenueReply<OrderPage>> ChangedSinceAsync(long cursor, CancellationToken cancellation)
    {
        var changedAt = cursor;
        Read<OrderUpdate> read = (ReadOnlyMemory<byte> body, out OkxPage page) =>
        {
            var orders = Orders(body, cursor, out page);
            changedAt = Math.Max(changedAt, page.ChangedAt);
            return orders;
        };
        // What ends between the two lists is on both: the later one counts.
        var reply = await PagesAsync(OkxRequests.OpenOrders, read, cancellation);
        var from = Timestamp.FromUnixMilliseconds(Math.Max(0, cursor - (long)RestingMax.TotalMilliseconds));
        var latest = new Dictionary<string, OrderUpdate>(StringComparer.Ordinal);
        foreach (var type in OkxInstruments.Types(wire.Instruments).Prepend(""))
        {
            if (type.Length > 0) reply = await PagesAsync(olderThan => OkxRequests.EndedOrders(type, from, olderThan), read, cancellation);
            if (reply is not VenueReply<ImmutableArray<OrderUpdate>>.Accepted { Value: var orders })
                return Mapped(reply, _ => new OrderPage([], cursor));
            foreach (var order in orders) latest[order.ClientOrderId] = order;
        }

        return new VenueReply<OrderPage>.Accepted(new([.. latest.Values.OrderBy(o => o.ClientOrderId, StringComparer.Ordinal)], changedAt));
    }

    /// <summary>
    /// Our fills after that one, oldest first: of three days, and of three months where it is older than that. An empty id asks for three days.
    /// </summary>
    public async Task<VenueReply<FillPage>> FillsSinceAsync(string tradeId, CancellationToken cancellation)
    {
        var lastBill = "";
        var isFound = false;
        Read<Fill> read = (ReadOnlyMemory<byte> body, out OkxPage page) =>
        {
            var fills = Fills(body, out page);
            if (page.Count > 0) lastBill = page.LastId;
            if (fills is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var newestFirst }) return fills;
            var at = tradeId.Length == 0 ? -1 : newestFirst.TakeWhile(f => f.TradeId != tradeId).Count();
            if (at < 0 || at == newestFirst.Length) return fills;
            (isFound, page) = (true, default);
            return new VenueReply<ImmutableArray<Fill>>.Accepted(newestFirst[..at]);
        };
        var recent = await PagesAsync(OkxRequests.Fills, read, cancellation);
        if (tradeId.Length == 0 || isFound || recent is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var fills })
            return Mapped(recent, OldestFirst);
        var before = lastBill;
        foreach (var type in OkxInstruments.Types(wire.Instruments))
        {
            var older = await PagesAsync(
                olderThan => OkxRequests.FillsArchive(type, olderThan.Length > 0 ? olderThan : before), read, cancellation);
            if (older is not VenueReply<ImmutableArray<Fill>>.Accepted { Value: var archived }) return Mapped(older, OldestFirst);
            fills = [.. fills, .. archived];
        }

        // Each list is in order; several of the archive are merged by time.
        return new VenueReply<FillPage>.Accepted(OldestFirst([.. fills.OrderByDescending(f => f.VenueTime.Ticks)]));
    }

    private static FillPage OldestFirst(ImmutableArray<Fill> newestFirst) => new([.. newestFirst.Reverse()], Sequence: 0);

    private bool IsStranger(OkxOrderName order, string prefix) => prefix.Length > 0
        && order.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal) && wire.Instruments.All(i => i.Symbol != order.Symbol);

    private VenueReply<ImmutableArray<OrderUpdate>> Orders(ReadOnlyMemory<byte> body, long changedFrom, out OkxPage page)
    {
        OkxPage read = default;
        var orders = ReplyReading.All(
            body, (text, batch) => wire.ParseOrders(text.Span, changedFrom, batch, out read), i => (OrderUpdate)i.Control);
        page = read;
        return orders;
    }

    private VenueReply<ImmutableArray<Fill>> Fills(ReadOnlyMemory<byte> body, out OkxPage page)
    {
        OkxPage read = default;
        var fills = ReplyReading.All(body, (text, batch) => wire.ParseFills(text.Span, batch, out read), i => (Fill)i.Control);
        page = read;
        return fills;
    }

    /// <summary>What was read of a page of orders beside their states; unknown where either cannot be read.</summary>
    private VenueReply<ImmutableArray<T>> OfPage<T>(ReadOnlyMemory<byte> body, ImmutableArray<T>? rows, out OkxPage page) =>
        Orders(body, changedFrom: long.MaxValue, out page) switch
        {
            VenueReply<ImmutableArray<OrderUpdate>>.Accepted when rows is { } read => new VenueReply<ImmutableArray<T>>.Accepted(read),
            VenueReply<ImmutableArray<OrderUpdate>>.Accepted => new VenueReply<ImmutableArray<T>>.Unknown("a page of orders cannot be read"),
            var unread => new VenueReply<ImmutableArray<T>>.Unknown(unread.Fault),
        };

    private async Task<VenueReply<ImmutableArray<T>>> PagesAsync<T>(Func<string, VenueRequest> request, Read<T> read, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        var olderThan = "";
        for (var pages = 0; pages < PagesMax; pages++)
        {
            OkxPage page = default;
            var reply = await rest.AskAsync(request(olderThan), body => read(body, out page), cancellation);
            if (reply is not VenueReply<ImmutableArray<T>>.Accepted { Value: var some }) return reply;
            rows.AddRange(some);
            if (page.IsLast) return new VenueReply<ImmutableArray<T>>.Accepted(rows.ToImmutable());
            olderThan = page.LastId;
        }

        return new VenueReply<ImmutableArray<T>>.Unknown(string.Create(CultureInfo.InvariantCulture, $"a list of more than {PagesMax} pages"));
    }

    private static VenueReply<TOut> Mapped<TIn, TOut>(VenueReply<ImmutableArray<TIn>> reply, Func<ImmutableArray<TIn>, TOut> map) => reply switch
    {
        VenueReply<ImmutableArray<TIn>>.Accepted accepted => new VenueReply<TOut>.Accepted(map(accepted.Value)),
        VenueReply<ImmutableArray<TIn>>.Refused refused => new VenueReply<TOut>.Refused(refused.Refusal),
        _ => new VenueReply<TOut>.Unknown(reply.Fault),
    };

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());
}
