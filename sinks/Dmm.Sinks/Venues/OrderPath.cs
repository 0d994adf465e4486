using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>What the parts of one venue's order path share: its state, and the few things that each of them says and notes.</summary>
internal sealed class OrderPath
{
    private readonly SemaphoreSlim _telling = new(1, 1);
    private readonly Func<double> _chance;
    private readonly Func<Input, CancellationToken, ValueTask> _write;
    private string? _fence;

    public OrderPath(
        IOrderVenue venue, OrderPathOptions options, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
    {
        (Venue, Options, Time, _write) = (venue, options, time, write);
        var chanceLock = new Lock();
        _chance = () => { lock (chanceLock) return chance(); };
        State = new(venue.Venue, time, write);
        Heard = new(time);
        Refused = new(VenueOrders.LaneCapacity);
    }

    public IOrderVenue Venue { get; }

    public OrderPathOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Open or closed, as the engine was told.</summary>
    public OrderPathState State { get; }

    public UnresolvedOrders Unresolved { get; } = new();

    public PlacementsUnderWay UnderWay { get; } = new();

    public HeardOrders Heard { get; }

    public RefusedOrders Refused { get; }

    /// <summary>There is something to ask the venue for, or the path has been closed.</summary>
    public Signal Work { get; } = new();

    /// <summary>Another intent may be ready to go.</summary>
    public Signal Ready { get; } = new();

    /// <summary>Why no more is placed, for good; null while there is no such reason.</summary>
    public string? FenceReason => Volatile.Read(ref _fence);

    /// <summary>Why nothing is placed at present; empty when orders are placed.</summary>
    public string NoPlacement => FenceReason ?? State.Reason;

    /// <summary>
    /// When what is sent now can no longer take effect: the venue refuses it as too old, however long it was on its way, and though our clock
    /// runs ahead of the venue's by as much as it tolerates.
    /// </summary>
    public long CertainFrom() => After(2 * Options.ReceiveWindow);

    public long After(TimeSpan span) => Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);

    public TimeSpan Delay(int failures) => Options.Reconnect.Delay(failures, _chance());

    public void Fence(string reason)
    {
        Volatile.Write(ref _fence, reason);
        Ready.Set();
    }

    /// <summary>The engine is to know of it, unless it has heard something newer.</summary>
    public async ValueTask TellAsync(OrderUpdate update, CancellationToken cancellation)
    {
        // One after the other: while one part tells an order's end, another must not be about to tell of what was before.
        await _telling.WaitAsync(cancellation);
        try
        {
            if (!Heard.IsNews(update)) return;
            await _write(new Input(update), cancellation);
            Heard.Take(update);
        }
        finally
        {
            _telling.Release();
        }
    }

    public ValueTask TellAsync(OrderIntent intent, OrderStatus status, string reason, CancellationToken cancellation) => TellAsync(
        new OrderUpdate
        {
            Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = status, Side = intent.Side, PriceTicks = intent.PriceTicks,
            RemainingLots = intent.SizeLots, Reason = reason,
        },
        cancellation);

    /// <summary>A placement that certainly did not take effect.</summary>
    public ValueTask RefuseAsync(OrderIntent placement, string reason, CancellationToken cancellation)
    {
        UnderWay.Settle(placement.ClientOrderId);
        Refused.Add(placement.ClientOrderId);
        return TellAsync(placement, OrderStatus.Rejected, reason, cancellation);
    }

    public async ValueTask UnknownAsync(OrderIntent intent, bool wantsCancel, string reason, CancellationToken cancellation)
    {
        // The stream may have told its end meanwhile.
        if (!Heard.HadEnded(intent.ClientOrderId, long.MaxValue)) await TellAsync(intent, OrderStatus.PendingUnknown, reason, cancellation);
        Resolve(intent, wantsCancel, TimeSpan.Zero);
    }

    /// <summary>The order is asked for, after that while, until the venue says what it is.</summary>
    /// <param name="intent">The last that was sent of it.</param>
    /// <param name="wantsCancel">It is to be cancelled where it is open.</param>
    /// <param name="after">Before that it is not asked for.</param>
    /// <param name="refusal">Why the venue would not have the amendment that the intent is: told where the order stands as it did.</param>
    public void Resolve(OrderIntent intent, bool wantsCancel, TimeSpan after, string refusal = "")
    {
        Unresolved.Add(intent, wantsCancel, CertainFrom(), After(after), refusal);
        Work.Set();
    }

    /// <summary>The venue takes requests, only not this one.</summary>
    public static bool IsOfOneOrder(VenueRefusal refusal) =>
        refusal.Kind is not (RefusalKind.RateLimited or RefusalKind.NotSent or RefusalKind.Credentials);

    /// <summary>Closes the path where the refusal is not about one order.</summary>
    public async ValueTask NoteAsync(VenueRefusal refusal, CancellationToken cancellation)
    {
        if (IsOfOneOrder(refusal)) return;
        await CloseAsync(refusal.Reason, refusal.RetryAfter > TimeSpan.Zero ? refusal.RetryAfter : Options.Reconnect.Min, cancellation);
    }

    /// <summary>Closed for that long at least, and until the venue answers a signed query.</summary>
    public async ValueTask CloseAsync(string reason, TimeSpan span, CancellationToken cancellation)
    {
        if (!await State.CloseAsync(reason, span, cancellation)) return;
        Work.Set();
        // What waits is refused at once: by the time the path is open again its prices are old.
        Ready.Set();
    }

    public Task WaitAsync(int failures, TimeSpan least, CancellationToken cancellation)
    {
        var delay = Delay(failures);
        return Task.Delay(delay > least ? delay : least, Time, cancellation);
    }
}
