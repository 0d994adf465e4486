using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks;

/// <summary>
/// Compares the venue's own list of open orders with what was heard, every so often: the stream may have lost something, and orders may be there that
/// should not be.
/// </summary>
/// <remarks>
/// | The venue's list | Behaviour |
/// |---|---|
/// | lacks an order that was heard to rest | the order is asked for: the end may have been missed |
/// | has one that came further than was heard | it is told, if nothing newer has been heard meanwhile |
/// | has one of our prefix that was never sent by this path, or had ended before the list was asked for | it is cancelled |
/// </remarks>
internal sealed class OrderReconciler(OrderPath path)
{
    /// <summary>Goes on until cancelled.</summary>
    /// <param name="prefix">Of our client order ids; no other order is looked at.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string prefix, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(path.Options.ReconcileEvery, path.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
            if (path.State.IsOpen) await CompareAsync(prefix, cancellation);
    }

    private async Task CompareAsync(string prefix, CancellationToken cancellation)
    {
        var resting = path.Heard.Resting();
        var askedAt = path.Time.GetTimestamp();
        var reply = await path.Venue.FetchOpenOrdersAsync(prefix, cancellation);
        if (reply is VenueReply<OrderPage>.Refused refused) await path.NoteAsync(refused.Refusal, cancellation);
        if (reply is not VenueReply<OrderPage>.Accepted { Value.Orders: var open }) return;
        foreach (var order in open)
        {
            if (!order.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal) || path.Unresolved.Contains(order.ClientOrderId)) continue;
            if (path.Heard.MayBeOpen(order.ClientOrderId))
            {
                if (path.Heard.Differs(order)) await path.TellAsync(order, cancellation);
            }
            else if (path.Heard.HadEnded(order.ClientOrderId, askedAt) || !path.Heard.HadEnded(order.ClientOrderId, long.MaxValue))
            {
                path.Resolve(Cancel(order), wantsCancel: true, after: TimeSpan.Zero);
            }
        }

        var listed = open.Select(o => o.ClientOrderId).ToHashSet(StringComparer.Ordinal);
        foreach (var intent in resting)
            if (!listed.Contains(intent.ClientOrderId) && path.Heard.MayBeOpen(intent.ClientOrderId))
                path.Resolve(intent, wantsCancel: false, after: TimeSpan.Zero);
    }

    private static OrderIntent Cancel(OrderUpdate order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };
}
