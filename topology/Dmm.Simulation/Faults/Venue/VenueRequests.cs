using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// The requests of a faulty venue, as <see cref="IOrderVenue"/> has them, answered on virtual time: each exactly once, as the agenda's own event,
/// with <see cref="VenueReply{T}.Unknown"/> where nothing came within <see cref="Timeout"/>. What arrives later than <see cref="ReceiveWindow"/> takes no
/// effect; between the two it does, and nobody is told.
/// </summary>
public sealed class VenueRequests
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan ReceiveWindow = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan WayMax = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(700);

    private readonly FaultyVenue _venue;
    private readonly SimulationQueue _queue;
    private readonly FaultWeather _weather;
    private readonly SeededRandom _random;
    private readonly IVenueWatch _watch;
    private readonly string _name;

    internal VenueRequests(FaultyVenue venue, SimulationQueue queue, FaultWeather weather, SeededRandom random, IVenueWatch watch) =>
        (_venue, _queue, _weather, _random, _watch, _name) = (venue, queue, weather, random, watch, venue.Instrument.Venue);

    public void Submit(OrderIntent placement, Action<VenueReply<OrderUpdate>> answer)
    {
        var id = placement.ClientOrderId;
        // One that is sent again while the first is under way is the same order.
        _venue.Record.UnderWay[id] = placement;
        _watch.OnSubmitted(placement);
        Ask("place", id, reply => Place(placement, reply), answer, () => _venue.Record.UnderWay.Remove(id));
    }

    public void Amend(OrderIntent amendment, Action<VenueReply<OrderUpdate>> answer) =>
        Ask("amend", amendment.ClientOrderId, reply => Change(amendment, reply), answer);

    public void Cancel(string clientOrderId, Action<VenueReply<OrderUpdate>> answer) =>
        Ask("cancel", clientOrderId, reply => Remove(clientOrderId, reply), answer);

    public void CancelAll(string prefix, Action<VenueReply<int>> answer) => Ask<int>("cancel all", "", reply =>
    {
        var open = _venue.Exchange.OpenOrders.Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        foreach (var order in open) _venue.Exchange.Orders.Cancel(order.ClientOrderId, _queue.Now);
        OnceDone(() => reply(new VenueReply<int>.Accepted(open.Length)));
    }, answer);

    public void FetchOrder(string clientOrderId, Action<VenueReply<OrderUpdate>> answer) =>
        Ask("query", clientOrderId, reply => reply(Found(clientOrderId)), answer);

    public void FetchOpenOrders(string prefix, Action<VenueReply<OrderPage>> answer) => Ask("open orders", "",
        reply => reply(new VenueReply<OrderPage>.Accepted(_venue.Record.Open(prefix, _venue.Exchange.OpenOrders))), answer);

    public void FetchOrdersSince(long cursor, Action<VenueReply<OrderPage>> answer) => Ask("orders since", "",
        reply => reply(new VenueReply<OrderPage>.Accepted(_venue.Record.OrdersSince(cursor))), answer);

    public void FetchFillsSince(string tradeId, Action<VenueReply<FillPage>> answer) => Ask("fills since", "",
        reply => reply(new VenueReply<FillPage>.Accepted(_venue.Record.FillsSince(tradeId))), answer);

    /// <summary>A signed request of no effect, by which one sees whether the venue answers.</summary>
    public void Look(Action<VenueReply<int>> answer) => Ask("look", "", reply => reply(new VenueReply<int>.Accepted(0)), answer);

    private void Ask<T>(
        string what, string id, Action<Action<VenueReply<T>>> perform, Action<VenueReply<T>> answer, Action? neverArrives = null)
    {
        var (sentAt, isOpen) = (_queue.Now, true);
        if (_weather.Has(FaultKind.Outage, _name))
        {
            neverArrives?.Invoke();
            _queue.Schedule(sentAt + Way, () => answer(Refused<T>(RefusalKind.NotSent, "the venue cannot be reached")));
            return;
        }

        if (_weather.Strikes(FaultKind.RateLimit, _name))
        {
            neverArrives?.Invoke();
            Note(id, $"{what} is refused: too many requests");
            _queue.Schedule(sentAt + 2 * Way, () => answer(Refused<T>(RefusalKind.RateLimited, "too many requests", RetryAfter)));
            return;
        }

        _queue.Schedule(sentAt + Timeout, () => Close(new VenueReply<T>.Unknown($"no answer within {Timeout.TotalSeconds} s")));
        if (_weather.Strikes(FaultKind.LostRequests, _name))
        {
            neverArrives?.Invoke();
            Note(id, $"{what} is lost on its way");
            return;
        }

        _queue.Schedule(sentAt + OneWay() + Lateness(), () =>
        {
            if (_queue.Now - sentAt <= ReceiveWindow)
            {
                perform(Reply);
                return;
            }

            neverArrives?.Invoke();
            Note(id, $"{what} arrives too late to count");
            Reply(Refused<T>(RefusalKind.Credentials, "the time stamp is too old"));
        });

        void Reply(VenueReply<T> reply)
        {
            if (_weather.Strikes(FaultKind.LostAnswers, _name)) Note(id, $"the answer to {what} is lost");
            else _queue.Schedule(_queue.Now + OneWay(), () => Close(reply));
        }

        void Close(VenueReply<T> reply)
        {
            if (!isOpen) return;
            isOpen = false;
            answer(reply);
        }
    }

    private void Place(OrderIntent placement, Action<VenueReply<OrderUpdate>> reply)
    {
        var (id, record) = (placement.ClientOrderId, _venue.Record);
        if (record.Find(id) is not null || _weather.Strikes(FaultKind.RefusedOrders, _name))
        {
            record.UnderWay.Remove(id);
            reply(record.Find(id) is null
                ? Refused<OrderUpdate>(RefusalKind.Order, "the venue is busy")
                : Refused<OrderUpdate>(RefusalKind.DuplicateOrder, "an order of that id exists"));
            return;
        }

        _venue.Exchange.Orders.Place(
            new(id, placement.Side, placement.PriceTicks, placement.SizeLots, placement.IsPostOnly, placement.TimeInForce), _queue.Now);
        OnceDone(() =>
        {
            record.UnderWay.Remove(id);
            reply(record.Find(id) is { } order
                ? new VenueReply<OrderUpdate>.Accepted(order)
                : Refused<OrderUpdate>(RefusalKind.Order, _venue.RefusalOf(id)));
        });
    }

    private void Change(OrderIntent amendment, Action<VenueReply<OrderUpdate>> reply)
    {
        var id = amendment.ClientOrderId;
        FillFirst(id);
        if (_venue.Exchange.Orders.Find(id) is not { } order)
        {
            reply(Refused<OrderUpdate>(RefusalKind.UnknownOrder, "no open order of that id"));
            return;
        }

        if (_weather.Strikes(FaultKind.RefusedOrders, _name) || Crosses(order.Side, amendment.PriceTicks))
        {
            reply(Refused<OrderUpdate>(RefusalKind.Order, "not amended"));
            return;
        }

        _venue.Exchange.Orders.Amend(id, amendment.PriceTicks, amendment.SizeLots, _queue.Now);
        OnceDone(() => reply(Found(id)));
    }

    private void Remove(string id, Action<VenueReply<OrderUpdate>> reply)
    {
        FillFirst(id);
        if (_venue.Exchange.Orders.Find(id) is null)
        {
            // Venues differ in what they say of an order that has ended.
            reply(_random.NextBool(0.5) ? Found(id) : Refused<OrderUpdate>(RefusalKind.UnknownOrder, "no open order of that id"));
            return;
        }

        if (_weather.Strikes(FaultKind.RefusedCancels, _name))
        {
            Note(id, "cancel is refused");
            reply(Refused<OrderUpdate>(RefusalKind.Order, "cannot be cancelled now"));
            return;
        }

        _venue.Exchange.Orders.Cancel(id, _queue.Now);
        OnceDone(() => reply(Found(id)));
    }

    private void FillFirst(string id)
    {
        if (_venue.Exchange.Orders.Find(id) is { } order && _weather.StruckBy(FaultKind.FillsFirst, _name) is { } random) _venue.Hit(order, random);
    }

    private bool Crosses(Side side, long priceTicks)
    {
        var (bid, ask) = _venue.Exchange.Best;
        return side == Side.Buy ? ask.SizeLots > 0 && priceTicks >= ask.PriceTicks : bid.SizeLots > 0 && priceTicks <= bid.PriceTicks;
    }

    private VenueReply<OrderUpdate> Found(string id) => _venue.Record.Find(id) is { } order
        ? new VenueReply<OrderUpdate>.Accepted(order)
        : Refused<OrderUpdate>(RefusalKind.UnknownOrder, "no order of that id");

    /// <summary>After what the exchange does at this instant, and what it says of that.</summary>
    private void OnceDone(Action then) => _queue.Schedule(_queue.Now, () => _queue.Schedule(_queue.Now, then));

    private TimeSpan OneWay() => Way * (0.5 + _random.NextDouble()) + _weather.Delay(FaultKind.Latency, _name, WayMax);

    private TimeSpan Lateness() => _weather.StruckBy(FaultKind.LateRequests, _name) is { } random
        ? Timeout * (0.9 + 1.6 * random.NextDouble())
        : TimeSpan.Zero;

    private void Note(string id, string text) => _watch.OnNote(_name, id, text);

    private static VenueReply<T> Refused<T>(RefusalKind kind, string reason, TimeSpan retryAfter = default) =>
        new VenueReply<T>.Refused(new(kind, reason, retryAfter));
}
