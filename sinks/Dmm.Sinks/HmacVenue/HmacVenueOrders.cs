using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The order path to an HMAC venue. Intents are sent one after the other, in the order in which they came; what the venue says of each enters
/// the engine as an input. Nothing is made up: an order whose outcome is not known is told as <see cref="OrderStatus.PendingUnknown"/> and asked for
/// until the venue says what it is.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | accepted | the order as the venue reports it |
/// | placement refused | <see cref="OrderStatus.Rejected"/> with the venue's reason |
/// | no answer, or none that can be read | PendingUnknown, then queries; unknown after the receive window is <see cref="OrderStatus.Rejected"/> |
/// | cancel refused or lost | the order is asked for; while it is open it is cancelled again |
/// | amendment refused or lost | the order is cancelled: the engine already counts with its new price |
/// | 429, or our own limit used up | <see cref="AdapterStatus"/> closed, open again after the time named; cancels wait, placements are refused |
/// | venue unreachable, credentials refused | <see cref="AdapterStatus"/> closed, open again once a signed query is answered |
/// </remarks>
public sealed class HmacVenueOrders
{
    /// <summary>Intents that may wait. The engine never makes so many while one is answered: a full lane is a fault.</summary>
    public const int LaneCapacity = 1_024;

    private readonly IOrderVenue _venue;
    private readonly HmacVenueOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private readonly Func<Input, CancellationToken, ValueTask> _write;
    private readonly OrderPathState _path;
    private readonly UnresolvedOrders _unresolved = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Channel<OrderIntent> _lane = Channel.CreateBounded<OrderIntent>(new BoundedChannelOptions(LaneCapacity) { SingleReader = true });
    // Of the lane alone: placements that certainly did not take effect, so that a cancel which was under way meanwhile asks for nothing.
    private readonly Queue<string> _refusedInOrder = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private string? _fence;
    private long _certainFrom = long.MinValue;

    /// <param name="venue">Answers requests.</param>
    /// <param name="options">Checked.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits; called from one thread at a time.</param>
    /// <param name="write">Takes what the engine is to know, and may make this wait.</param>
    public HmacVenueOrders(
        IOrderVenue venue, HmacVenueOptions options, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
    {
        (_venue, _options, _time, _write) = (venue, options, time, write);
        var chanceLock = new Lock();
        _chance = () => { lock (chanceLock) return chance(); };
        _path = new(venue.Venue, time, write);
    }

    /// <summary>
    /// Takes an intent as it leaves the engine; never waits, because this waits for the engine in its turn. False when the lane is full or has ended:
    /// the intent is not sent, and the caller must end the engine.
    /// </summary>
    public bool TrySend(OrderIntent intent) => _lane.Writer.TryWrite(intent);

    /// <summary>
    /// An order of an earlier process whose fate is not known: it is asked for until the venue says what it is, and cancelled where it is open.
    /// </summary>
    public void Adopt(OrderIntent order) => Resolve(order, wantsCancel: true);

    /// <summary>No more placements and amendments, for good: each is refused with that reason. Cancels go on.</summary>
    public void Fence(string reason) => Volatile.Write(ref _fence, reason);

    /// <summary>Sends, and resolves, until cancelled. What the writer throws passes through; nothing is taken after that.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var lane = SendAllAsync(both.Token);
            var resolution = ResolveAllAsync(both.Token);
            await Task.WhenAny(lane, resolution);
            await both.CancelAsync();
            await Task.WhenAll(lane, resolution);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            _lane.Writer.TryComplete();
        }
    }

    /// <summary>
    /// Cancels every order of that prefix, and again, until the venue itself reports none open, at a time when nothing that was sent can arrive
    /// any more.
    /// Needs neither the engine nor <see cref="RunAsync"/>. Ends otherwise by cancellation only. Fence first, or new orders follow.
    /// </summary>
    /// <returns>How many orders the venue cancelled.</returns>
    public async Task<int> CancelAllOursAsync(string prefix, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var cancelled = 0;
        for (var rounds = 0; ; rounds++)
        {
            var certainFrom = Volatile.Read(ref _certainFrom);
            var cancel = await _venue.CancelAllAsync(prefix, cancellation);
            if (cancel is VenueReply<int>.Accepted some) cancelled += some.Value;
            var open = await _venue.FetchOpenOrdersAsync(prefix, cancellation);
            var isNoneOpen = open is VenueReply<OrderPage>.Accepted { Value.Orders.IsEmpty: true };
            // A placement under way when the venue was asked could have arrived since.
            if (isNoneOpen && certainFrom == Volatile.Read(ref _certainFrom) && _time.GetTimestamp() >= certainFrom) return cancelled;
            await WaitAsync(rounds, open is VenueReply<OrderPage>.Refused refused ? refused.Refusal.RetryAfter : default, cancellation);
        }
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        await foreach (var intent in _lane.Reader.ReadAllAsync(cancellation))
        {
            if (intent.Kind != OrderIntentKind.Place && _refused.Contains(intent.ClientOrderId)) continue;
            await (intent.Kind switch
            {
                OrderIntentKind.Place => PlaceAsync(intent, cancellation),
                OrderIntentKind.Amend => AmendAsync(intent, cancellation),
                _ => CancelAsync(intent, why: "", cancellation),
            });
        }
    }

    private async Task PlaceAsync(OrderIntent intent, CancellationToken cancellation)
    {
        if (NoPlacement is { Length: > 0 } reason)
        {
            await RefuseAsync(intent, reason, cancellation);
            return;
        }

        // Until the answer is there the order may arrive; after it, only where the answer does not say.
        var before = Volatile.Read(ref _certainFrom);
        Volatile.Write(ref _certainFrom, Math.Max(before, CertainFrom()));
        var reply = await _venue.SubmitOrderAsync(intent, cancellation);
        var isCertain = reply is VenueReply<OrderUpdate>.Accepted or VenueReply<OrderUpdate>.Refused { Refusal.Kind: not RefusalKind.DuplicateOrder };
        if (isCertain) Volatile.Write(ref _certainFrom, before);
        switch (reply)
        {
            case VenueReply<OrderUpdate>.Accepted live:
                await _write(new Input(live.Value), cancellation);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal: { Kind: not RefusalKind.DuplicateOrder } refusal }:
                await RefuseAsync(intent, refusal.Reason, cancellation);
                await NoteAsync(refusal, cancellation);
                break;
            default:
                await UnknownAsync(intent, wantsCancel: false, reply.Fault, cancellation);
                break;
        }
    }

    private async Task AmendAsync(OrderIntent intent, CancellationToken cancellation)
    {
        var why = NoPlacement;
        if (why.Length == 0)
        {
            var reply = await _venue.AmendOrderAsync(intent, cancellation);
            if (reply is VenueReply<OrderUpdate>.Accepted amended)
            {
                await _write(new Input(amended.Value), cancellation);
                return;
            }

            if (reply is VenueReply<OrderUpdate>.Refused refused) await NoteAsync(refused.Refusal, cancellation);
            why = reply.Fault;
        }

        await CancelAsync(intent, $"not amended: {why}", cancellation);
    }

    private async Task CancelAsync(OrderIntent intent, string why, CancellationToken cancellation)
    {
        while (true)
        {
            var reply = await _venue.CancelOrderAsync(intent, cancellation);
            switch (reply)
            {
                case VenueReply<OrderUpdate>.Accepted ended:
                    await _write(new Input(ended.Value.Reason.Length == 0 ? ended.Value with { Reason = why } : ended.Value), cancellation);
                    if (ended.Value.Status < OrderStatus.Filled) Resolve(intent, wantsCancel: true);
                    return;
                case VenueReply<OrderUpdate>.Refused { Refusal: { Kind: RefusalKind.RateLimited } refusal }:
                    await NoteAsync(refusal, cancellation);
                    await WaitAsync(failures: 0, refusal.RetryAfter, cancellation);
                    continue;
                case VenueReply<OrderUpdate>.Refused { Refusal: var refusal }:
                    // Filled, cancelled before, not arrived yet, or not to be reached: the order itself is asked for.
                    await NoteAsync(refusal, cancellation);
                    Resolve(intent, wantsCancel: true);
                    return;
                default:
                    await UnknownAsync(intent, wantsCancel: true, reply.Fault, cancellation);
                    return;
            }
        }
    }

    private async Task ResolveAllAsync(CancellationToken cancellation)
    {
        var rounds = 0;
        while (true)
        {
            if (!_path.IsOpen && _path.UntilLook == TimeSpan.Zero) await LookAsync(cancellation);
            foreach (var order in _unresolved.ToArray()) await ResolveAsync(order, cancellation);
            var isDone = _unresolved.IsEmpty && _path.IsOpen;
            var pause = isDone ? Timeout.InfiniteTimeSpan : _options.Reconnect.Delay(rounds, _chance());
            if (_unresolved.IsEmpty && !isDone && _path.UntilLook is var look && look > pause) pause = look;
            rounds = await IsWokenAsync(pause, cancellation) ? 0 : rounds + 1;
        }
    }

    /// <summary>True as soon as there is new work; false when the time has passed without.</summary>
    private async Task<bool> IsWokenAsync(TimeSpan pause, CancellationToken cancellation)
    {
        using var alarm = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellation);
        try
        {
            await _work.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Opens the path once the venue answers a signed query.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        switch (await _venue.FetchBalancesAsync(cancellation))
        {
            case VenueReply<System.Collections.Immutable.ImmutableArray<BalanceReport>>.Accepted:
                await _path.OpenAsync("the venue answers", cancellation);
                break;
            case VenueReply<System.Collections.Immutable.ImmutableArray<BalanceReport>>.Refused refused:
                await NoteAsync(refused.Refusal, cancellation);
                break;
        }
    }

    private async Task ResolveAsync(UnresolvedOrders.Unresolved order, CancellationToken cancellation)
    {
        switch (await _venue.FetchOrderAsync(order.Intent.ClientOrderId, cancellation))
        {
            case VenueReply<OrderUpdate>.Accepted { Value: var found }:
                if (found.Status < OrderStatus.Filled && order.WantsCancel)
                {
                    if (await _venue.CancelOrderAsync(order.Intent, cancellation) is not VenueReply<OrderUpdate>.Accepted { Value: var ended })
                        return;
                    found = ended;
                }

                await _write(new Input(found), cancellation);
                if (found.Status >= OrderStatus.Filled || !order.WantsCancel) _unresolved.TrySettle(order);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder } when _time.GetTimestamp() >= order.CertainFrom:
                await TellAsync(order.Intent, OrderStatus.Rejected, "the venue does not know the order, and takes no request as old as its placement",
                    cancellation);
                _unresolved.TrySettle(order);
                break;
            case VenueReply<OrderUpdate>.Refused { Refusal: var refusal }:
                await NoteAsync(refusal, cancellation);
                break;
        }
    }

    /// <summary>Closes the path where the refusal is not about one order.</summary>
    private async ValueTask NoteAsync(VenueRefusal refusal, CancellationToken cancellation)
    {
        if (refusal.Kind is not (RefusalKind.RateLimited or RefusalKind.NotSent or RefusalKind.Credentials)) return;
        var span = refusal.RetryAfter > TimeSpan.Zero ? refusal.RetryAfter : _options.ReconnectMin;
        if (await _path.CloseAsync(refusal.Reason, span, cancellation)) _work.Release();
    }

    private async ValueTask UnknownAsync(OrderIntent intent, bool wantsCancel, string reason, CancellationToken cancellation)
    {
        await TellAsync(intent, OrderStatus.PendingUnknown, reason, cancellation);
        Resolve(intent, wantsCancel);
    }

    private void Resolve(OrderIntent intent, bool wantsCancel)
    {
        _unresolved.Add(intent, wantsCancel, CertainFrom());
        _work.Release();
    }

    private ValueTask RefuseAsync(OrderIntent intent, string reason, CancellationToken cancellation)
    {
        if (_refused.Add(intent.ClientOrderId)) _refusedInOrder.Enqueue(intent.ClientOrderId);
        if (_refusedInOrder.Count > LaneCapacity) _refused.Remove(_refusedInOrder.Dequeue());
        return TellAsync(intent, OrderStatus.Rejected, reason, cancellation);
    }

    private ValueTask TellAsync(OrderIntent intent, OrderStatus status, string reason, CancellationToken cancellation) => _write(
        new Input(new OrderUpdate
        {
            Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = status, Side = intent.Side, PriceTicks = intent.PriceTicks,
            RemainingLots = intent.SizeLots, Reason = reason,
        }),
        cancellation);

    private string NoPlacement => Volatile.Read(ref _fence) is { } fence ? fence : _path.Reason;

    /// <summary>
    /// When what is sent now can no longer take effect: the venue refuses it as too old, however long it was on its way, and though our clock
    /// runs ahead of the venue's by as much as it tolerates.
    /// </summary>
    private long CertainFrom() => _time.GetTimestamp() + (long)(2 * _options.ReceiveWindow.TotalSeconds * _time.TimestampFrequency);

    private Task WaitAsync(int failures, TimeSpan least, CancellationToken cancellation)
    {
        var delay = _options.Reconnect.Delay(failures, _chance());
        return Task.Delay(delay > least ? delay : least, _time, cancellation);
    }
}
