using System.Buffers;
using System.Globalization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;
using Microsoft.AspNetCore.Http;

namespace Dmm.Pipeline.Venue;

/// <summary>The venue's REST calls. Callers are checked and answers formatted on the request's own thread: the market only decides.</summary>
internal sealed class VenueRest(VenueListing listing, VenueAuthority authority, MarketThread market)
{
    private const int PageMax = HmacVenueRequests.PageMax;

    private static readonly HmacSigning Headers = new();

    private readonly HmacVenueCommands _commands = listing.NewCommands();

    private delegate void Writing<in T>(T value, HmacVenueWriter writer, IBufferWriter<byte> into);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var (status, reply) = await AnswerAsync(new(context, body.ToArray()));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply, context.RequestAborted);
    }

    private Task<Reply> AnswerAsync(Call call) => call.Name switch
    {
        "GET /v1/instruments" => Task.FromResult(Written((w, into) => w.InstrumentsBody([(listing.Instrument, listing.Fees, true)], into))),
        "GET /v1/book" => OfSymbol(call) ?? AskAsync<BookUpdate>(call, m => m.Book(), (book, w, into) => w.BookBody(book, into)),
        "GET /v1/trades" => OfSymbol(call) ?? TradesAsync(call),
        _ => authority.Refusal(call.Key, call.Timestamp, call.Signature, call.Method, call.Path, call.Query, call.Body) is { } refusal
            ? Refused(refusal)
            : SignedAsync(call),
    };

    private Task<Reply> SignedAsync(Call call) => call.Name switch
    {
        "POST /v1/order" => OrderAsync(call, OrderIntentKind.Place, (m, order) => m.Place(order)),
        "PATCH /v1/order" => OrderAsync(call, OrderIntentKind.Amend, (m, order) => m.Amend(order)),
        "DELETE /v1/order" => call["clientOrderId"] is { } id ? AskAsync(call, m => m.Cancel(id), Order) : Missing("clientOrderId"),
        "GET /v1/order" => call["clientOrderId"] is { } id ? AskThrottledAsync(call, m => m.Order(id), Order) : Missing("clientOrderId"),
        "POST /v1/batch" => BatchAsync(call, OrderIntentKind.Place, (m, order) => m.Place(order)),
        "PATCH /v1/batch" => BatchAsync(call, OrderIntentKind.Amend, (m, order) => m.Amend(order)),
        "DELETE /v1/batch" => HmacVenueCommands.ReadBatchIds(call["clientOrderIds"]) is { } ids
            ? AskAsync<HmacBatchResult[]>(call, m => ids.Select(id => Result(m.Cancel(id))).ToArray(), Batch)
            : BadRequest($"clientOrderIds: expected 1 to {HmacVenueRequests.BatchMax} of them"),
        "DELETE /v1/orders" => call["prefix"] is { } prefix
            ? AskAsync<int>(call, m => m.CancelAll(prefix), (count, w, into) => w.CancelledBody(count, into))
            : Missing("prefix"),
        "GET /v1/orders" => OrdersAsync(call),
        "GET /v1/fills" => FillsAsync(call),
        "GET /v1/balances" => AskThrottledAsync<VenueBalances>(
            call, m => m.Balances(), (held, w, into) => w.BalancesBody(held.Totals, held.At, into)),
        _ => BadRequest($"'{call.Name}' is not a call of this venue"),
    };

    private Task<Reply> OrderAsync(Call call, OrderIntentKind kind, Func<VenueMarket, OrderIntent, VenueAnswer<OrderUpdate>> take) =>
        _commands.ReadOrder(kind, call.Body, out var code, out var words) is { } order
            ? AskThrottledAsync(call, m => take(m, order), Order)
            : Refused(new(code, words));

    /// <summary>The orders of a batch are taken one after the other, each as it would be alone; the request counts once.</summary>
    private Task<Reply> BatchAsync(Call call, OrderIntentKind kind, Func<VenueMarket, OrderIntent, VenueAnswer<OrderUpdate>> take) =>
        _commands.ReadBatch(kind, call.Body, out var words) is { } orders
            ? AskThrottledAsync<HmacBatchResult[]>(
                call, m => orders.Select(o => o.Order is { } order ? Result(take(m, order)) : new(null, o.Code, o.Words)).ToArray(), Batch)
            : BadRequest(words);

    private Task<Reply> OrdersAsync(Call call)
    {
        if (call["after"] is not { } after)
        {
            return call["prefix"] is { } prefix
                ? AskThrottledAsync<OrderPage>(call, m => m.OpenOrders(prefix), Orders)
                : BadRequest("expected prefix or after");
        }

        if (Number(after) is not { } sequence) return BadRequest($"after is '{after}': expected a number");
        return Limit(call) is { } limit ? AskThrottledAsync<OrderPage>(call, m => m.OrdersAfter(sequence, limit), Orders) : BadLimit(call);
    }

    private Task<Reply> FillsAsync(Call call)
    {
        if (call["after"] is not { } after) return Missing("after");
        if ((after.Length == 0 ? 0 : Number(after)) is not { } tradeId) return BadRequest($"after is '{after}': expected a tradeId, or nothing");
        return Limit(call) is { } limit
            ? AskThrottledAsync<FillPage>(call, m => m.FillsAfter(tradeId, limit), (page, w, into) => w.FillsBody(page.Fills, page.Sequence, into))
            : BadLimit(call);
    }

    private Task<Reply> TradesAsync(Call call) => Limit(call) is { } limit
        ? AskAsync<Trade[]>(call, m => m.Trades(limit), (trades, w, into) => w.TradesBody(listing.Instrument.Id, trades, into))
        : BadLimit(call);

    private Task<Reply>? OfSymbol(Call call) =>
        call["symbol"] == listing.Instrument.Symbol
            ? null
            : Refused(new(HmacVenueErrors.UnknownSymbol, $"symbol is '{call["symbol"]}': expected {listing.Instrument.Symbol}"));

    /// <summary>As <see cref="AskAsync"/>, for what counts against the account's limit.</summary>
    private Task<Reply> AskThrottledAsync<T>(Call call, Func<VenueMarket, VenueAnswer<T>> question, Writing<T> write) =>
        AskAsync(call, m => m.Throttle() is { } fault ? fault : question(m), write);

    private async Task<Reply> AskAsync<T>(Call call, Func<VenueMarket, VenueAnswer<T>> question, Writing<T> write)
    {
        var answer = await market.AskAsync(question, call.Aborted);
        return answer.Fault is { } fault ? Error(fault) : Written((w, into) => write(answer.Value!, w, into));
    }

    private static void Order(OrderUpdate order, HmacVenueWriter writer, IBufferWriter<byte> into) => writer.OrderBody(order, into);

    private static void Batch(HmacBatchResult[] results, HmacVenueWriter writer, IBufferWriter<byte> into) => writer.BatchBody(results, into);

    private static HmacBatchResult Result(VenueAnswer<OrderUpdate> answer) =>
        answer.Fault is { } fault ? new(null, fault.Code, fault.Words) : new(answer.Value);

    private static void Orders(OrderPage page, HmacVenueWriter writer, IBufferWriter<byte> into) =>
        writer.OrdersBody(page.Orders, page.Cursor, into);

    private Task<Reply> Missing(string parameter) => BadRequest($"{parameter} is missing");

    private Task<Reply> BadLimit(Call call) => BadRequest($"limit is '{call["limit"]}': expected 1 to {PageMax}");

    private Task<Reply> BadRequest(string words) => Refused(new(HmacVenueErrors.BadRequest, words));

    private Task<Reply> Refused(VenueFault fault) => Task.FromResult(Error(fault));

    private Reply Error(VenueFault fault) =>
        Written((w, into) => w.ErrorBody(fault.Code, fault.Words, fault.RetryAfter, into)) with { Status = HmacVenueErrors.HttpStatus(fault.Code) };

    private Reply Written(Action<HmacVenueWriter, IBufferWriter<byte>> write)
    {
        using var writer = listing.NewWriter();
        var body = new ArrayBufferWriter<byte>();
        write(writer, body);
        return new(StatusCodes.Status200OK, body.WrittenMemory);
    }

    private static int? Limit(Call call) =>
        call["limit"] is not { } text ? PageMax : Number(text) is { } limit and >= 1 and <= PageMax ? (int)limit : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private readonly record struct Reply(int Status, ReadOnlyMemory<byte> Body);

    /// <summary>One request, read whole.</summary>
    private sealed class Call(HttpContext context, byte[] body)
    {
        private HttpRequest Request => context.Request;

        public string Method => Request.Method;

        public string Path => Request.Path.Value ?? "";

        public string Name => $"{Method} {Path}";

        /// <summary>As it was sent, without question mark.</summary>
        public string Query => Request.QueryString.HasValue ? Request.QueryString.Value[1..] : "";

        public byte[] Body => body;

        public string Key => Request.Headers[Headers.KeyHeader].ToString();

        public string Timestamp => Request.Headers[Headers.TimestampHeader].ToString();

        public string Signature => Request.Headers[Headers.SignatureHeader].ToString();

        public CancellationToken Aborted => context.RequestAborted;

        /// <summary>A parameter of the query; null where it is not there.</summary>
        public string? this[string parameter] => Request.Query.TryGetValue(parameter, out var value) ? value.ToString() : null;
    }
}
