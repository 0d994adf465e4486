using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks;

/// <summary>Asks for orders whose fate is not known, each until the venue says what it is; and looks whether a closed path is open again.</summary>
/// <param name="path">What is shared.</param>
/// <param name="mayOpen">Why the path stays closed though the venue answers; empty when it may open.</param>
internal sealed class OrderResolver(OrderPath path, Func<string> mayOpen)
{
    private int _looks;

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (!path.State.IsOpen && path.State.UntilLook == TimeSpan.Zero) await LookAsync(cancellation);
            foreach (var order in path.Unresolved.Due(path.Time.GetTimestamp())) await ResolveAsync(order, cancellation);
            await path.Work.WaitAsync(Pause(), path.Time, cancellation);
        }
    }

    private TimeSpan Pause()
    {
        var pause = Timeout.InfiniteTimeSpan;
        if (path.Unresolved.NextAt is { } next) pause = Positive(path.Time.GetElapsedTime(path.Time.GetTimestamp(), next));
        if (path.State.IsOpen) return pause;
        var look = path.State.UntilLook;
        return pause == Timeout.InfiniteTimeSpan || look < pause ? look : pause;
    }

    /// <summary>Opens the path once the venue answers a signed query.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        var reply = await path.Venue.FetchBalancesAsync(cancellation);
        if (reply is VenueReply<ImmutableArray<BalanceReport>>.Accepted && mayOpen().Length == 0)
        {
            _looks = 0;
            await path.State.OpenAsync("the venue answers", cancellation);
            path.Ready.Set();
            return;
        }

        var span = path.Delay(_looks++);
        if (reply is VenueReply<ImmutableArray<BalanceReport>>.Refused { Refusal.RetryAfter: var named } && named > span) span = named;
        await path.State.CloseAsync(reply.Fault, span, cancellation);
    }

    private async Task ResolveAsync(UnresolvedOrders.Unresolved order, CancellationToken cancellation)
    {
        switch (await path.Venue.FetchOrderAsync(order.Intent.ClientOrderId, cancellation))
        {
            case VenueReply<OrderUpdate>.Accepted { Value: var found }:
                await TakeFoundAsync(order, found, cancellation);
                return;
            case VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder } when path.Time.GetTimestamp() >= order.CertainFrom:
                await path.TellAsync(
                    order.Intent, OrderStatus.Rejected, "the venue does not know the order, and takes no request as old as its placement", cancellation);
                if (path.Unresolved.TrySettle(order)) path.UnderWay.Settle(order.Intent.ClientOrderId);
                return;
            case VenueReply<OrderUpdate>.Refused { Refusal: var refusal }:
                await path.NoteAsync(refusal, cancellation);
                break;
        }

        AskAgain(order);
    }

    private async Task TakeFoundAsync(UnresolvedOrders.Unresolved order, OrderUpdate found, CancellationToken cancellation)
    {
        path.UnderWay.Settle(order.Intent.ClientOrderId);
        if (found.Status < OrderStatus.Filled && order.WantsCancel)
        {
            var reply = await path.Venue.CancelOrderAsync(order.Intent with { Kind = OrderIntentKind.Cancel }, cancellation);
            if (reply is VenueReply<OrderUpdate>.Refused refused) await path.NoteAsync(refused.Refusal, cancellation);
            if (reply is not VenueReply<OrderUpdate>.Accepted { Value: var ended })
            {
                AskAgain(order);
                return;
            }

            found = ended;
        }

        var isTakenBack = order is { Refusal.Length: > 0, WantsCancel: false } && found.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;
        if (isTakenBack && !UnresolvedOrders.Confirms(found, order.Intent))
        {
            // The reason takes the amendment back: it must be told, so that a view that is older than what was heard does not do.
            if (!path.Heard.IsNews(found))
            {
                AskAgain(order);
                return;
            }

            found = found with { Reason = order.Refusal };
        }

        // What a receipt says of the order is not its state.
        if (found.Status >= OrderStatus.Live && found.Status != OrderStatus.PendingCancel) await path.TellAsync(found, cancellation);
        if (found.Status >= OrderStatus.Filled || isTakenBack || (!order.WantsCancel && UnresolvedOrders.Confirms(found, order.Intent)))
        {
            path.Unresolved.TrySettle(order);
            return;
        }

        AskAgain(order);
        // An amendment that did not take effect: the engine counts with its price already.
        if (order.Intent.Kind == OrderIntentKind.Amend && !order.WantsCancel && found.Status is OrderStatus.Live or OrderStatus.PartiallyFilled)
            path.Resolve(order.Intent with { Kind = OrderIntentKind.Cancel }, wantsCancel: true, after: TimeSpan.Zero);
    }

    private void AskAgain(UnresolvedOrders.Unresolved order) => path.Unresolved.AskAgain(order, path.After(path.Delay(order.Asked)));

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
