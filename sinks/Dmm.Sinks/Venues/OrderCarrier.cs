using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks;

/// <summary>Sends what leaves the lane, and tells what the venue says of it.</summary>
internal sealed class OrderCarrier(OrderPath path)
{
    /// <summary>Deals with one request's intents, all of one kind and instrument, to the end: answered, refused, or handed over to be asked
    /// for.</summary>
    public Task CarryAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        if (intents[0].Kind == OrderIntentKind.Place) return PlaceAsync(intents, cancellation);
        ImmutableArray<OrderIntent> real = [.. intents.Where(i => !path.Refused.Contains(i.ClientOrderId))];
        if (real.IsEmpty) return Task.CompletedTask;
        return intents[0].Kind == OrderIntentKind.Amend ? AmendAsync(real, cancellation) : CancelAsync(real, why: "", cancellation);
    }

    private async Task PlaceAsync(ImmutableArray<OrderIntent> placements, CancellationToken cancellation)
    {
        if (path.NoPlacement is { Length: > 0 } reason)
        {
            foreach (var placement in placements) await path.RefuseAsync(placement, reason, cancellation);
            return;
        }

        // Until the answer is there the order may arrive; after it, only where the answer does not say.
        var certainFrom = path.CertainFrom();
        foreach (var placement in placements)
        {
            path.UnderWay.Begin(placement.ClientOrderId, certainFrom);
            path.Heard.Sent(placement);
        }

        var replies = await SendAsync(placements, cancellation);
        for (var i = 0; i < placements.Length; i++) await TakePlacedAsync(placements[i], replies[i], cancellation);
    }

    private async Task TakePlacedAsync(OrderIntent placement, VenueReply<OrderUpdate> reply, CancellationToken cancellation)
    {
        switch (reply)
        {
            case VenueReply<OrderUpdate>.Accepted { Value: { Status: OrderStatus.PendingNew } receipt }:
                await path.TellAsync(receipt, cancellation);
                Confirm(placement, wantsCancel: false);
                break;
            case VenueReply<OrderUpdate>.Accepted { Value: var live }:
                path.UnderWay.Settle(placement.ClientOrderId);
                await path.TellAsync(live, cancellation);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal: { Kind: not RefusalKind.DuplicateOrder } refusal }:
                await path.RefuseAsync(placement, refusal.Reason, cancellation);
                await path.NoteAsync(refusal, cancellation);
                break;
            default:
                await path.UnknownAsync(placement, wantsCancel: false, reply.Fault, cancellation);
                break;
        }
    }

    private async Task AmendAsync(ImmutableArray<OrderIntent> amendments, CancellationToken cancellation)
    {
        if (path.NoPlacement is { Length: > 0 } reason)
        {
            await CancelAsync(amendments, $"not amended: {reason}", cancellation);
            return;
        }

        var replies = await SendAsync(amendments, cancellation);
        for (var i = 0; i < amendments.Length; i++)
        {
            switch (replies[i])
            {
                case VenueReply<OrderUpdate>.Accepted { Value.Status: OrderStatus.PendingNew }:
                    path.Heard.Sent(amendments[i]);
                    Confirm(amendments[i], wantsCancel: false);
                    break;
                case VenueReply<OrderUpdate>.Accepted { Value: var amended }:
                    path.Heard.Sent(amendments[i]);
                    await path.TellAsync(amended, cancellation);
                    break;
                case VenueReply<OrderUpdate>.Refused { Refusal: var refusal } when OrderPath.IsOfOneOrder(refusal):
                    // It stands as it did, or has ended: the order itself is asked for.
                    path.Resolve(amendments[i], wantsCancel: false, after: TimeSpan.Zero, refusal.Reason);
                    break;
                default:
                    // Nobody knows at which price it is, or when it could be moved from there: it is not left at either.
                    if (replies[i] is VenueReply<OrderUpdate>.Refused refused) await path.NoteAsync(refused.Refusal, cancellation);
                    await CancelAsync([amendments[i]], $"not amended: {replies[i].Fault}", cancellation);
                    break;
            }
        }
    }

    /// <summary>What the venue has no time for is sent again when it has; everything else is answered or asked for.</summary>
    private async Task CancelAsync(ImmutableArray<OrderIntent> intents, string why, CancellationToken cancellation)
    {
        ImmutableArray<OrderIntent> left = [.. intents.Select(i => i with { Kind = OrderIntentKind.Cancel })];
        while (true)
        {
            var replies = await SendAsync(left, cancellation);
            var throttled = ImmutableArray.CreateBuilder<OrderIntent>();
            var wait = TimeSpan.Zero;
            for (var i = 0; i < left.Length; i++)
            {
                if (replies[i] is VenueReply<OrderUpdate>.Refused { Refusal: { Kind: RefusalKind.RateLimited } refusal })
                {
                    await path.NoteAsync(refusal, cancellation);
                    throttled.Add(left[i]);
                    if (refusal.RetryAfter > wait) wait = refusal.RetryAfter;
                    continue;
                }

                await TakeCancelledAsync(left[i], replies[i], why, cancellation);
            }

            if (throttled.Count == 0) return;
            await path.WaitAsync(failures: 0, wait, cancellation);
            left = throttled.ToImmutable();
        }
    }

    private async Task TakeCancelledAsync(OrderIntent cancel, VenueReply<OrderUpdate> reply, string why, CancellationToken cancellation)
    {
        switch (reply)
        {
            case VenueReply<OrderUpdate>.Accepted { Value: { Status: OrderStatus.PendingNew or OrderStatus.PendingCancel } }:
                Confirm(cancel, wantsCancel: true);
                break;
            case VenueReply<OrderUpdate>.Accepted { Value: var ended }:
                await path.TellAsync(ended.Reason.Length == 0 ? ended with { Reason = why } : ended, cancellation);
                if (ended.Status < OrderStatus.Filled) path.Resolve(cancel, wantsCancel: true, after: TimeSpan.Zero);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal: var refusal }:
                // Filled, cancelled before, not arrived yet, or not to be reached: the order itself is asked for.
                await path.NoteAsync(refusal, cancellation);
                path.Resolve(cancel, wantsCancel: true, after: TimeSpan.Zero);
                break;
            default:
                await path.UnknownAsync(cancel, wantsCancel: true, reply.Fault, cancellation);
                break;
        }
    }

    /// <summary>The venue has taken it down, no more: the stream says what became of it, or the order is asked for.</summary>
    private void Confirm(OrderIntent intent, bool wantsCancel) => path.Resolve(intent, wantsCancel, path.Options.ConfirmWithin);

    private async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
    {
        if (intents.Length == 1)
        {
            return
            [
                await (intents[0].Kind switch
                {
                    OrderIntentKind.Place => path.Venue.SubmitOrderAsync(intents[0], cancellation),
                    OrderIntentKind.Amend => path.Venue.AmendOrderAsync(intents[0], cancellation),
                    _ => path.Venue.CancelOrderAsync(intents[0], cancellation),
                }),
            ];
        }

        var replies = await path.Venue.SendBatchAsync(intents, cancellation);
        var missing = new VenueReply<OrderUpdate>.Unknown("the reply to the batch says nothing of it");
        return [.. Enumerable.Range(0, intents.Length).Select(i => i < replies.Length ? replies[i] : missing)];
    }
}
