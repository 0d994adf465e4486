using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// One process's dealings with one venue, from what an earlier process left to its end: each order that the journal has open is asked for, orders and
/// fills that were missed are fetched, then the way out opens.
/// </summary>
internal sealed class VenueSession
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(300);

    private readonly FaultyVenue _venue;
    private readonly SimulationQueue _queue;
    private readonly InputReceiver _write;
    private readonly string _prefix;
    private AccountStream? _account;
    private bool _areOrdersKnown;
    private bool _isAccountKnown;
    private bool _hasEnded;

    /// <param name="venue">At which it trades.</param>
    /// <param name="path">The process's order path there.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="prefix">Of our client order ids.</param>
    /// <param name="write">Takes what the engine is to know.</param>
    public VenueSession(FaultyVenue venue, IFaultOrderPath path, SimulationQueue queue, string prefix, InputReceiver write) =>
        (_venue, Path, _queue, _prefix, _write) = (venue, path, queue, prefix, write);

    public IFaultOrderPath Path { get; }

    /// <summary>Since when orders may leave; none before.</summary>
    public Timestamp OpenSince { get; private set; }

    /// <summary>Begins, once there is an engine.</summary>
    /// <param name="left">Orders that may rest here, as an earlier process believed.</param>
    /// <param name="isNumbered">The private stream shows gaps.</param>
    /// <param name="lastTradeId">Behind which fills are to be fetched.</param>
    public void Begin(ImmutableArray<LiveOrder> left, bool isNumbered, string lastTradeId)
    {
        Reconcile(left, 0);
        _account = new(_venue, isNumbered, lastTradeId, _queue, _write, () =>
        {
            _isAccountKnown = true;
            OpenIfKnown();
        });
        _account.Start();
    }

    public void End()
    {
        _hasEnded = true;
        Path.End();
        _account?.End();
        _venue.Connect(null);
    }

    private void Reconcile(ImmutableArray<LiveOrder> left, int index)
    {
        if (index == left.Length)
        {
            _areOrdersKnown = true;
            OpenIfKnown();
            return;
        }

        var order = left[index];
        _venue.Requests.FetchOrder(order.ClientOrderId, reply =>
        {
            if (_hasEnded) return;
            switch (reply)
            {
                case VenueReply<OrderUpdate>.Accepted { Value: var found }:
                    _write(new Input(found));
                    if (found.Status < OrderStatus.Filled) Path.Adopt(Cancel(order));
                    break;
                case VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder }:
                    _write(new Input(Unknown(order)));
                    Path.Adopt(Cancel(order));
                    break;
                default:
                    _queue.Schedule(_queue.Now + RetryAfter, () => Reconcile(left, index));
                    return;
            }

            Reconcile(left, index + 1);
        });
    }

    private void OpenIfKnown()
    {
        if (_hasEnded || OpenSince.IsKnown || !_areOrdersKnown || !_isAccountKnown) return;
        OpenSince = _queue.Now;
        Path.Run(_prefix);
        _write(new Input(new AdapterStatus(_venue.Instrument.Venue, AcceptsOrders: true, "orders and fills are known")));
    }

    private static OrderIntent Cancel(LiveOrder order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };

    private static OrderUpdate Unknown(LiveOrder order) => new()
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = OrderStatus.PendingUnknown, Side = order.Side,
        PriceTicks = order.PriceTicks, RemainingLots = order.RemainingLots, Reason = "the venue does not know it, or not yet",
    };
}
