using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>Requests that change orders, and the receipts that answer them.</summary>
internal sealed class OkxCommands(RestClient rest)
{
    /// <summary>A request for one order.</summary>
    public async Task<VenueReply<OrderUpdate>> SendAsync(VenueRequest request, OrderIntent intent, CancellationToken cancellation) =>
        (await SendAsync(request, [intent], cancellation))[0];

    /// <summary>A request for several orders: what the venue says of each, in their order.</summary>
    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendAsync(
        VenueRequest request, ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        var reply = await rest.AskAsync(request, Receipts, cancellation);
        return [.. intents.Select((intent, i) => reply switch
        {
            VenueReply<ImmutableArray<OkxReceipt>>.Accepted { Value: var receipts } => Read(Find(receipts, intents, i), intent),
            VenueReply<ImmutableArray<OkxReceipt>>.Refused refused => new VenueReply<OrderUpdate>.Refused(refused.Refusal),
            var unknown => new VenueReply<OrderUpdate>.Unknown(unknown.Fault),
        })];
    }

    /// <summary>Changes orders of which is known how much was filled; those that are not open are refused without asking.</summary>
    /// <param name="instrument">Theirs.</param>
    /// <param name="amendments">What is to be open of each.</param>
    /// <param name="known">Filled lots by client order id; where it is not an answer, nothing is sent.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> AmendAsync(
        Instrument instrument, ImmutableArray<OrderIntent> amendments, VenueReply<ImmutableDictionary<string, long>> known,
        CancellationToken cancellation)
    {
        if (known is not VenueReply<ImmutableDictionary<string, long>>.Accepted { Value: var filled })
        {
            var refusal = known is VenueReply<ImmutableDictionary<string, long>>.Refused refused
                ? refused.Refusal
                : new VenueRefusal(RefusalKind.NotSent, $"what was filled is not known: {known.Fault}");
            return [.. amendments.Select(_ => new VenueReply<OrderUpdate>.Refused(refusal))];
        }

        ImmutableArray<OrderIntent> open = [.. amendments.Where(a => filled.ContainsKey(a.ClientOrderId))];
        var replies = open.IsEmpty
            ? []
            : await SendAsync(OkxRequests.Amend(instrument, [.. open.Select(a => (a, filled[a.ClientOrderId]))]), open, cancellation);
        return [.. amendments.Select(a => open.IndexOf(a) is >= 0 and var i
            ? replies[i]
            : new VenueReply<OrderUpdate>.Refused(new(RefusalKind.UnknownOrder, "the order is not open")))];
    }

    /// <summary>
    /// Cancels these orders in batches. The answer is how many; one that ended meanwhile is none, and what went wrong with others is told.
    /// </summary>
    public async Task<VenueReply<int>> CancelAsync(ImmutableArray<OkxOrderName> orders, CancellationToken cancellation)
    {
        var cancelled = 0;
        VenueReply<int>? fault = null;
        foreach (var batch in orders.Chunk(OkxRequests.BatchMax))
        {
            var reply = await rest.AskAsync(OkxRequests.Cancel(batch), Receipts, cancellation);
            if (reply is VenueReply<ImmutableArray<OkxReceipt>>.Refused refused) return new VenueReply<int>.Refused(refused.Refusal);
            if (reply is not VenueReply<ImmutableArray<OkxReceipt>>.Accepted { Value: var receipts })
            {
                fault ??= new VenueReply<int>.Unknown(reply.Fault);
                continue;
            }

            cancelled += receipts.Count(r => r.Code == OkxErrors.Done);
            foreach (var receipt in receipts.Where(r => r.Code != OkxErrors.Done))
            {
                var refusal = OkxErrors.Refusal(receipt.Code, receipt.Words);
                if (refusal is { Kind: RefusalKind.UnknownOrder }) continue;
                fault ??= refusal is null ? new VenueReply<int>.Unknown(Words(receipt)) : new VenueReply<int>.Refused(refusal);
            }
        }

        return fault ?? new VenueReply<int>.Accepted(cancelled);
    }

    private static VenueReply<ImmutableArray<OkxReceipt>> Receipts(ReadOnlyMemory<byte> body) =>
        OkxReceipts.Read(body.Span, out var reason) is { } receipts
            ? new VenueReply<ImmutableArray<OkxReceipt>>.Accepted(receipts)
            : new VenueReply<ImmutableArray<OkxReceipt>>.Unknown($"the reply cannot be read: {reason}");

    /// <summary>By our id where the venue repeats it, else by its place; null where it is missing.</summary>
    private static OkxReceipt? Find(ImmutableArray<OkxReceipt> receipts, ImmutableArray<OrderIntent> intents, int place)
    {
        foreach (var receipt in receipts)
            if (receipt.ClientOrderId == intents[place].ClientOrderId)
                return receipt;
        return receipts.Length == intents.Length && receipts[place].ClientOrderId.Length == 0 ? receipts[place] : null;
    }

    private static VenueReply<OrderUpdate> Read(OkxReceipt? receipt, OrderIntent intent)
    {
        if (receipt is not { } told) return new VenueReply<OrderUpdate>.Unknown("the reply says nothing of the order");
        if (told.Code != OkxErrors.Done)
        {
            return OkxErrors.Refusal(told.Code, told.Words) is { } refusal
                ? new VenueReply<OrderUpdate>.Refused(refusal)
                : new VenueReply<OrderUpdate>.Unknown(Words(told));
        }

        return new VenueReply<OrderUpdate>.Accepted(new()
        {
            Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = OrderStatus.PendingNew, Side = intent.Side,
            PriceTicks = intent.PriceTicks, RemainingLots = intent.SizeLots, Reason = "",
        });
    }

    private static string Words(OkxReceipt receipt) => $"the venue does not say what was done: {receipt.Code} {receipt.Words}";
}
