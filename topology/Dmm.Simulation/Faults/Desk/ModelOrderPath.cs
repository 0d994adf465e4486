using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// The order path of a live desk, as a model on virtual time: one intent after the other; an unknown outcome is told as
/// <see cref="OrderStatus.PendingUnknown"/> and asked for until the venue says what it is; a cancel that failed is tried again; what is not about one
/// order closes the path, and a look opens it again.
/// </summary>
public sealed class ModelOrderPath(FaultyVenue venue, SimulationQueue queue, SeededRandom random, InputReceiver write) : IFaultOrderPath
{
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
    // A placement that is not known after this long never will be.
    private static readonly TimeSpan CertainAfter = 2 * VenueRequests.ReceiveWindow;

    private readonly Queue<OrderIntent> _lane = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Unresolved> _unresolved = new(StringComparer.Ordinal);
    private string _closed = "";
    private int _rounds;
    private bool _isRunning;
    private bool _isBusy;
    private bool _isResolving;
    private bool _hasEnded;

    private sealed record Unresolved(OrderIntent Intent, bool WantsCancel, Timestamp CertainFrom, string Refusal);

    public void Send(OrderIntent intent)
    {
        _lane.Enqueue(intent);
        At(queue.Now, Carry);
    }

    public void Adopt(OrderIntent order) => Resolve(order, wantsCancel: true);

    public void Heard(OrderUpdate update)
    {
        if (update.Status >= OrderStatus.Filled) _unresolved.Remove(update.ClientOrderId);
    }

    public void Run(string prefix)
    {
        _isRunning = true;
        At(queue.Now, Carry);
        At(queue.Now, ResolveAll);
    }

    public void End() => _hasEnded = true;

    public void CancelAllOurs(string prefix, Action done) => CancelAllOurs(prefix, done, failures: 0);

    private void CancelAllOurs(string prefix, Action done, int failures) =>
        venue.Requests.CancelAll(prefix, _ => Unless(() => venue.Requests.FetchOpenOrders(prefix, open => Unless(() =>
        {
            if (open is VenueReply<OrderPage>.Accepted { Value.Orders.IsEmpty: true }) done();
            else At(queue.Now + Pause.Delay(failures, random.NextDouble()), () => CancelAllOurs(prefix, done, failures + 1));
        }))));

    private void Carry()
    {
        while (_isRunning && !_isBusy && _lane.TryDequeue(out var intent))
        {
            if (intent.Kind != OrderIntentKind.Place && _refused.Contains(intent.ClientOrderId)) continue;
            _isBusy = true;
            if (intent.Kind == OrderIntentKind.Place) Place(intent);
            else if (intent.Kind == OrderIntentKind.Amend) Amend(intent);
            else Cancel(intent, why: "");
        }
    }

    private void Next()
    {
        _isBusy = false;
        At(queue.Now, Carry);
    }

    private void Place(OrderIntent intent)
    {
        if (_closed.Length > 0)
        {
            Refuse(intent, _closed);
            Next();
            return;
        }

        venue.Requests.Submit(intent, reply => Unless(() =>
        {
            switch (reply)
            {
                case VenueReply<OrderUpdate>.Accepted live:
                    write(new Input(live.Value));
                    break;
                case VenueReply<OrderUpdate>.Refused { Refusal: { Kind: not RefusalKind.DuplicateOrder } refusal }:
                    Refuse(intent, refusal.Reason);
                    Note(refusal);
                    break;
                default:
                    BeUnknown(intent, wantsCancel: false, reply.Fault);
                    break;
            }

            Next();
        }));
    }

    private void Amend(OrderIntent intent)
    {
        if (_closed.Length > 0)
        {
            Cancel(intent, $"not amended: {_closed}");
            return;
        }

        venue.Requests.Amend(intent, reply => Unless(() =>
        {
            if (reply is VenueReply<OrderUpdate>.Accepted amended)
            {
                write(new Input(amended.Value));
                Next();
                return;
            }

            if (reply is VenueReply<OrderUpdate>.Refused { Refusal: { Kind: RefusalKind.Order or RefusalKind.UnknownOrder } refusal })
            {
                Resolve(intent, wantsCancel: false, refusal.Reason);
                Next();
                return;
            }

            if (reply is VenueReply<OrderUpdate>.Refused refused) Note(refused.Refusal);
            Cancel(intent, $"not amended: {reply.Fault}");
        }));
    }

    private void Cancel(OrderIntent intent, string why) => venue.Requests.Cancel(intent.ClientOrderId, reply => Unless(() =>
    {
        switch (reply)
        {
            case VenueReply<OrderUpdate>.Accepted { Value: var ended }:
                write(new Input(ended.Reason.Length == 0 ? ended with { Reason = why } : ended));
                if (ended.Status < OrderStatus.Filled) Resolve(intent, wantsCancel: true);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal: { Kind: RefusalKind.RateLimited } refusal }:
                Note(refusal);
                At(queue.Now + refusal.RetryAfter, () => Cancel(intent, why));
                return;
            case VenueReply<OrderUpdate>.Refused { Refusal: var refusal }:
                Note(refusal);
                Resolve(intent, wantsCancel: true);
                break;
            default:
                BeUnknown(intent, wantsCancel: true, reply.Fault);
                break;
        }

        Next();
    }));

    private void Resolve(OrderIntent intent, bool wantsCancel, string refusal = "")
    {
        var (id, certainFrom) = (intent.ClientOrderId, queue.Now + CertainAfter);
        _unresolved[id] = _unresolved.TryGetValue(id, out var known)
            ? known with { WantsCancel = wantsCancel || known.WantsCancel, CertainFrom = certainFrom, Refusal = refusal }
            : new(intent, wantsCancel, certainFrom, refusal);
        _rounds = 0;
        At(queue.Now, ResolveAll);
    }

    private void ResolveAll()
    {
        if (_isResolving || !_isRunning || (_unresolved.Count == 0 && _closed.Length == 0)) return;
        _isResolving = true;
        if (_closed.Length > 0) Look([.. _unresolved.Values]);
        else ResolveNext([.. _unresolved.Values], 0);
    }

    private void Look(Unresolved[] orders) => venue.Requests.Look(reply => Unless(() =>
    {
        if (reply is VenueReply<int>.Accepted)
        {
            _closed = "";
            write(new Input(new AdapterStatus(venue.Instrument.Venue, AcceptsOrders: true, "the venue answers")));
        }

        ResolveNext(orders, 0);
    }));

    private void ResolveNext(Unresolved[] orders, int index)
    {
        if (index < orders.Length)
        {
            ResolveOne(orders[index], () => ResolveNext(orders, index + 1));
            return;
        }

        _isResolving = false;
        if (_unresolved.Count > 0 || _closed.Length > 0) At(queue.Now + Pause.Delay(_rounds++, random.NextDouble()), ResolveAll);
    }

    private void ResolveOne(Unresolved order, Action then) => venue.Requests.FetchOrder(order.Intent.ClientOrderId, reply => Unless(() =>
    {
        switch (reply)
        {
            case VenueReply<OrderUpdate>.Accepted { Value: { Status: < OrderStatus.Filled } } when order.WantsCancel:
                venue.Requests.Cancel(order.Intent.ClientOrderId, cancel => Unless(() =>
                {
                    if (cancel is VenueReply<OrderUpdate>.Accepted { Value: var ended }) Settle(order, ended);
                    then();
                }));
                return;
            case VenueReply<OrderUpdate>.Accepted { Value: var found }:
                Settle(order, found);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder } when queue.Now >= order.CertainFrom:
                Tell(order.Intent, OrderStatus.Rejected, "the venue does not know the order, and takes no request as old as its placement");
                _unresolved.Remove(order.Intent.ClientOrderId);
                break;
            case VenueReply<OrderUpdate>.Refused refused:
                Note(refused.Refusal);
                break;
        }

        then();
    }));

    private void Settle(Unresolved order, OrderUpdate found)
    {
        // The reason takes an amendment back that the venue would not have.
        write(new Input(found.Status < OrderStatus.Filled && order.Refusal.Length > 0 ? found with { Reason = order.Refusal } : found));
        var id = order.Intent.ClientOrderId;
        var isSettled = found.Status >= OrderStatus.Filled || !order.WantsCancel;
        // Not where something was added to it meanwhile.
        if (isSettled && _unresolved.TryGetValue(id, out var now) && now == order) _unresolved.Remove(id);
    }

    private void Note(VenueRefusal refusal)
    {
        if (refusal.Kind is not (RefusalKind.RateLimited or RefusalKind.NotSent or RefusalKind.Credentials) || _closed.Length > 0) return;
        _closed = refusal.Reason;
        write(new Input(new AdapterStatus(venue.Instrument.Venue, AcceptsOrders: false, refusal.Reason)));
        At(queue.Now + Pause.Max, ResolveAll);
    }

    private void BeUnknown(OrderIntent intent, bool wantsCancel, string reason)
    {
        Tell(intent, OrderStatus.PendingUnknown, reason);
        Resolve(intent, wantsCancel);
    }

    private void Refuse(OrderIntent intent, string reason)
    {
        _refused.Add(intent.ClientOrderId);
        Tell(intent, OrderStatus.Rejected, reason);
    }

    private void Tell(OrderIntent intent, OrderStatus status, string reason) => write(new Input(new OrderUpdate
    {
        Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = status, Side = intent.Side, PriceTicks = intent.PriceTicks,
        RemainingLots = intent.SizeLots, Reason = reason,
    }));

    private void At(Timestamp at, Action action) => queue.Schedule(at, () => Unless(action));

    private void Unless(Action action)
    {
        if (!_hasEnded) action();
    }
}
