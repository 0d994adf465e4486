using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The order path to a venue. What the venue says of each intent enters the engine as an input. Nothing is made up: an order whose outcome is not
/// known is
/// told as <see cref="OrderStatus.PendingUnknown"/> and asked for until the venue says what it is.
/// </summary>
/// <remarks>
/// Several requests are under way at once, and several intents in one where the venue has batches; see <see cref="OrderLane"/> for what waits for
/// what.
/// | Event | Behaviour |
/// |---|---|
/// | accepted | the order as the venue reports it |
/// | accepted as a receipt only | <see cref="Heard"/> is to confirm it within <see cref="OrderPathOptions.ConfirmWithin"/>, or it is asked for |
/// | placement refused | <see cref="OrderStatus.Rejected"/> with the venue's reason |
/// | no answer, or none that can be read | PendingUnknown, then queries; unknown after the receive window is <see cref="OrderStatus.Rejected"/> |
/// | cancel refused or lost | the order is asked for; while it is open it is cancelled again |
/// | amendment refused | the order is asked for, and told as it stands with the venue's reason, or as it ended |
/// | amendment lost, or refused because the venue takes no requests | the order is cancelled: nobody knows its price, or when it could be moved |
/// | 429, or our own limit used up | <see cref="AdapterStatus"/> closed, open again after the time named; cancels wait, placements are refused |
/// | venue unreachable, credentials refused | <see cref="AdapterStatus"/> closed, open again once a signed query is answered |
/// | a view by REST older than what was heard | not told |
/// | every <see cref="OrderPathOptions.ReconcileEvery"/> | the venue's list of open orders is compared; see <see cref="OrderReconciler"/> |
/// </remarks>
public sealed class VenueOrders
{
    /// <summary>Intents that may wait. The engine never makes so many while one is answered: a full lane is a fault.</summary>
    public const int LaneCapacity = 1_024;

    private readonly OrderPath _path;
    private readonly OrderLane _lane;
    private readonly OrderCarrier _carrier;
    private readonly OrderResolver _resolver;
    private readonly OrderReconciler _reconciler;
    private readonly DeadManLoop? _deadMan;

    /// <param name="venue">Answers requests.</param>
    /// <param name="options">Checked.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits; called from one thread at a time.</param>
    /// <param name="write">Takes what the engine is to know, and may make this wait.</param>
    /// <param name="deadMan">The venue's switch, where it has one; used on an account that is declared dedicated only.</param>
    /// <exception cref="ArgumentException">The venue's switch does not take the window of the options.</exception>
    public VenueOrders(
        IOrderVenue venue, OrderPathOptions options, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write,
        IDeadManSwitch? deadMan = null)
    {
        _path = new(venue, options, time, chance, write);
        _lane = new(LaneCapacity, options.InFlightMax, venue.BatchMax, () => _path.NoPlacement.Length == 0);
        _carrier = new(_path);
        _deadMan = deadMan is not null && options.IsAccountDedicated ? new(_path, deadMan) : null;
        _resolver = new(_path, () => _deadMan?.Reason ?? "");
        _reconciler = new(_path);
    }

    /// <summary>
    /// Takes an intent as it leaves the engine; never waits, because this waits for the engine in its turn. False when the lane is full or has ended:
    /// the intent is not sent, and the caller must end the engine.
    /// </summary>
    public bool TrySend(OrderIntent intent)
    {
        if (!_lane.TryAdd(intent)) return false;
        _path.Ready.Set();
        return true;
    }

    /// <summary>
    /// Takes what the engine has heard of an order, from the stream or from here: it confirms receipts, settles what was asked for, and lets no older
    /// view
    /// by REST follow.
    /// </summary>
    public void Heard(OrderUpdate update)
    {
        _path.Heard.Take(update);
        if (update.Status < OrderStatus.Live) return;
        if (update.Status != OrderStatus.PendingCancel) _path.UnderWay.Settle(update.ClientOrderId);
        _path.Unresolved.Settle(update);
    }

    /// <summary>
    /// An order of an earlier process whose fate is not known: it is asked for until the venue says what it is, and cancelled where it is open.
    /// </summary>
    public void Adopt(OrderIntent order)
    {
        _path.Heard.Sent(order);
        _path.Resolve(order, wantsCancel: true, after: TimeSpan.Zero);
    }

    /// <summary>No more placements and amendments, for good: each is refused with that reason. Cancels go on.</summary>
    public void Fence(string reason) => _path.Fence(reason);

    /// <summary>Sends, resolves and reconciles, until cancelled. What the writer throws passes through; nothing is taken after that.</summary>
    /// <param name="prefix">Of our client order ids: what else is open at the venue is not looked at.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string prefix, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            List<Task> parts = [SendAllAsync(both.Token), _resolver.RunAsync(both.Token), _reconciler.RunAsync(prefix, both.Token)];
            if (_deadMan is not null) parts.Add(_deadMan.RunAsync(both.Token));
            var first = await Task.WhenAny(parts);
            // The switch that is disarmed has nothing left to do; the others never end by themselves.
            if (first.IsCompletedSuccessfully)
            {
                parts.Remove(first);
                await Task.WhenAny(parts);
            }

            await both.CancelAsync();
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            _lane.End();
        }
    }

    /// <summary>
    /// Cancels every order of that prefix, and again, until the venue itself reports none open, at a time when nothing that was sent can arrive
    /// any more; then disarms the dead-man's switch, where the path is fenced.
    /// Needs neither the engine nor <see cref="RunAsync"/>. Ends otherwise by cancellation only. Fence first, or new orders follow.
    /// </summary>
    /// <returns>How many orders the venue cancelled.</returns>
    public async Task<int> CancelAllOursAsync(string prefix, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var cancelled = 0;
        for (var rounds = 0; ; rounds++)
        {
            var version = _path.UnderWay.Version;
            var cancel = await _path.Venue.CancelAllAsync(prefix, cancellation);
            if (cancel is VenueReply<int>.Accepted some) cancelled += some.Value;
            var open = await _path.Venue.FetchOpenOrdersAsync(prefix, cancellation);
            var isNoneOpen = open is VenueReply<OrderPage>.Accepted { Value.Orders.IsEmpty: true };
            // A placement under way when the venue was asked could have arrived since.
            if (isNoneOpen && _path.UnderWay.IsQuietSince(version, _path.Time.GetTimestamp())) break;
            await _path.WaitAsync(rounds, open is VenueReply<OrderPage>.Refused refused ? refused.Refusal.RetryAfter : default, cancellation);
        }

        if (_deadMan is not null && _path.FenceReason is not null) await _deadMan.DisarmAsync(cancellation);
        return cancelled;
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        if (_deadMan is not null) await _deadMan.HasTried.WaitAsync(cancellation);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Task> sending = [];
        try
        {
            while (true)
            {
                while (_lane.Next() is { IsEmpty: false } request) sending.Add(CarryAsync(request, ended, cancellation));
                sending.RemoveAll(s => s.IsCompleted);
                var ready = _path.Ready.WaitAsync(cancellation);
                if (await Task.WhenAny(ready, ended.Task) == ended.Task) await ended.Task;
                await ready;
            }
        }
        finally
        {
            await Task.WhenAll(sending);
        }
    }

    /// <summary>Frees the lane's place afterwards; what the writer throws ends the path.</summary>
    private async Task CarryAsync(ImmutableArray<OrderIntent> request, TaskCompletionSource ended, CancellationToken cancellation)
    {
        try
        {
            await _carrier.CarryAsync(request, cancellation);
        }
        catch (Exception fault)
        {
            ended.TrySetException(fault);
            return;
        }

        _lane.Done(request);
        _path.Ready.Set();
    }
}
