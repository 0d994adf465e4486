using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// The order desk of a simulated venue: latency both ways, the instrument's rules, rate limit, fees, and what is said back. A fill is told before the
/// order's new state, and nothing overtakes what was said before it. An amendment that is refused ends its order: whoever sent it must not believe
/// that the order stands where it does not.
/// </summary>
/// <param name="instrument">The one traded here.</param>
/// <param name="rules">The venue's.</param>
/// <param name="model">How orders meet the market.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="random">For jitter and rejections.</param>
/// <param name="deliver">Takes what the venue says, when it reaches us.</param>
public sealed class OrderEntry(
    Instrument instrument, VenueRules rules, IMatchingModel model, SimulationQueue queue, SeededRandom random, InputReceiver deliver)
{
    private readonly OrderedOrders _open = new();
    private Timestamp _lastArrival;
    private Timestamp _lastResponse;
    private Timestamp _tokensAt;
    private double _tokens = rules.RequestBurst;
    private string? _halt;
    private long _tradeIds;

    public OrderEntryCounts Counts { get; private set; } = new();

    /// <summary>Orders that rest, in the order in which they came.</summary>
    public IReadOnlyCollection<OwnOrder> OpenOrders => _open;

    /// <summary>The open order of that id, or null.</summary>
    public OwnOrder? Find(string clientOrderId) => _open.Find(clientOrderId);

    /// <summary>The venue takes no placements and amendments from now on, only cancels, and says so (<see cref="AdapterStatus"/>).</summary>
    public void Halt(string reason)
    {
        _halt = reason;
        Say(new AdapterStatus(instrument.Venue, AcceptsOrders: false, reason));
    }

    /// <summary>The venue takes orders again, and says so.</summary>
    public void Resume(string reason)
    {
        _halt = null;
        Say(new AdapterStatus(instrument.Venue, AcceptsOrders: true, reason));
    }

    /// <summary>Sends an intent; it arrives after the order latency.</summary>
    public void Send(OrderIntent intent, Timestamp at)
    {
        switch (intent.Kind)
        {
            case OrderIntentKind.Place:
                Place(new(intent.ClientOrderId, intent.Side, intent.PriceTicks, intent.SizeLots, intent.IsPostOnly, intent.TimeInForce), at);
                break;
            case OrderIntentKind.Amend:
                Amend(intent.ClientOrderId, intent.PriceTicks, intent.SizeLots, at);
                break;
            default:
                Cancel(intent.ClientOrderId, at);
                break;
        }
    }

    public void Place(OrderRequest request, Timestamp at) => Arrive(at, () => OnPlace(request));

    /// <summary>Changes the price of an order, or lowers its size.</summary>
    public void Amend(string clientOrderId, long priceTicks, long sizeLots, Timestamp at) =>
        Arrive(at, () => OnAmend(clientOrderId, priceTicks, sizeLots));

    public void Cancel(string clientOrderId, Timestamp at) => Arrive(at, () => OnCancel(clientOrderId));

    /// <summary>Told by the model: so much of an order traded. At nothing left the order is gone.</summary>
    /// <param name="order">One that is open.</param>
    /// <param name="priceTicks">At which it traded.</param>
    /// <param name="lots">How much.</param>
    /// <param name="isMaker">It rested.</param>
    /// <param name="tradeId">Of the public trade that this is; null where there is none, and fills are counted instead.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not between 1 and what is left of the order.</exception>
    public void Execute(OwnOrder order, long priceTicks, long lots, bool isMaker, long? tradeId = null)
    {
        if (lots <= 0 || lots > order.RemainingLots)
            throw new ArgumentOutOfRangeException(nameof(lots), lots, $"expected 1 to {order.RemainingLots} lots, the rest of {order.ClientOrderId}");
        order.RemainingLots -= lots;
        order.FilledLots += lots;
        if (order.RemainingLots == 0) _open.Remove(order);
        Counts = Counts with { Fills = Counts.Fills + 1 };
        var (fee, asset) = Fee(priceTicks, lots, isMaker ? rules.MakerFeeBps : rules.TakerFeeBps);
        Say(new Fill
        {
            Instrument = instrument.Id, TradeId = string.Create(CultureInfo.InvariantCulture, $"{tradeId ?? ++_tradeIds}"),
            ClientOrderId = order.ClientOrderId, Side = order.Side, Price = instrument.Prices.ToDecimal(priceTicks),
            Quantity = instrument.Sizes.ToDecimal(lots), Fee = fee, FeeAsset = asset, IsMaker = isMaker, VenueTime = queue.Now,
        });
        SayState(order, order.RemainingLots == 0 ? OrderStatus.Filled : Standing(order), "");
    }

    /// <summary>The venue ends an order of its own accord.</summary>
    public void CancelByVenue(OwnOrder order, string reason)
    {
        model.Remove(order);
        End(order, reason);
    }

    private void OnPlace(OrderRequest request)
    {
        if (Refusal(request) is { } reason)
        {
            Reject(request, reason);
            return;
        }

        var order = new OwnOrder(request, queue.Now);
        Counts = Counts with { Placed = Counts.Placed + 1 };
        _open.Add(order);
        SayState(order, Standing(order), "");
        model.Place(order);
        if (order.TimeInForce == TimeInForce.ImmediateOrCancel && _open.Find(order.ClientOrderId) is not null)
            End(order, "immediate or cancel: nothing more to take");
    }

    private void OnAmend(string clientOrderId, long priceTicks, long sizeLots)
    {
        if (_open.Find(clientOrderId) is not { } order)
        {
            Counts = Counts with { TooLate = Counts.TooLate + 1 };
            return;
        }

        if (Refusal(order.Side, priceTicks, sizeLots, order.IsPostOnly) is { } reason)
        {
            CancelByVenue(order, $"amendment refused: {reason}");
            return;
        }

        var (formerPrice, formerLots) = (order.PriceTicks, order.RemainingLots);
        (order.PriceTicks, order.RemainingLots) = (priceTicks, Math.Min(sizeLots, formerLots));
        Counts = Counts with { Amended = Counts.Amended + 1 };
        SayState(order, Standing(order), "");
        model.Amend(order, formerPrice, formerLots);
    }

    private void OnCancel(string clientOrderId)
    {
        // Never throttled: a venue that refused to cancel would keep us in the market against our will.
        if (_open.Find(clientOrderId) is { } order) CancelByVenue(order, "");
        else Counts = Counts with { TooLate = Counts.TooLate + 1 };
    }

    private void End(OwnOrder order, string reason)
    {
        _open.Remove(order);
        Counts = Counts with { Cancelled = Counts.Cancelled + 1 };
        SayState(order, OrderStatus.Cancelled, reason);
    }

    private string? Refusal(OrderRequest request)
    {
        if (Refusal(request.Side, request.PriceTicks, request.SizeLots, request.IsPostOnly) is { } reason) return reason;
        if (_open.Find(request.ClientOrderId) is not null) return "duplicate client order id";
        if (_open.Count >= rules.OpenOrdersMax) return $"more than {rules.OpenOrdersMax} open orders";
        return random.NextBool(rules.RejectProbability) ? "the venue is busy" : null;
    }

    private string? Refusal(Side side, long priceTicks, long sizeLots, bool isPostOnly)
    {
        if (IsThrottled()) return "too many requests";
        if (_halt is not null) return $"orders are halted: {_halt}";
        if (!model.IsOpen) return "no market";
        if (priceTicks <= 0) return "price is not above zero";
        var size = instrument.Sizes.ToDecimal(sizeLots);
        if (sizeLots <= 0 || sizeLots % instrument.OrderStepLots != 0) return $"size {size} is not a multiple of the order step";
        if (size < instrument.MinimumSize) return $"size {size} is below the minimum of {instrument.MinimumSize}";
        var notional = instrument.Notional(sizeLots, priceTicks).Canonical();
        if (notional < instrument.MinimumNotional) return $"notional {notional} is below the minimum of {instrument.MinimumNotional}";
        return isPostOnly && model.BestAgainst(side) is { } best && side.Sign() * (priceTicks - best) >= 0
            ? "the post-only order would have traded at once"
            : null;
    }

    private bool IsThrottled()
    {
        if (rules.RequestsPerSecond == 0) return false;
        _tokens = Math.Min(rules.RequestBurst, _tokens + rules.RequestsPerSecond * (queue.Now - _tokensAt).TotalSeconds);
        _tokensAt = queue.Now;
        if (_tokens >= 1)
        {
            _tokens--;
            return false;
        }

        Counts = Counts with { Throttled = Counts.Throttled + 1 };
        return true;
    }

    private (decimal Fee, string Asset) Fee(long priceTicks, long lots, double bps)
    {
        var notional = instrument.Notional(lots, priceTicks) * (decimal)bps / 10_000;
        return instrument.Kind == ContractKind.Inverse
            ? ((notional / instrument.Prices.ToDecimal(priceTicks)).Canonical(), instrument.BaseAsset)
            : (notional.Canonical(), instrument.QuoteAsset);
    }

    private void Reject(OrderRequest request, string reason)
    {
        Counts = Counts with { Rejected = Counts.Rejected + 1 };
        Say(new OrderUpdate
        {
            Instrument = instrument.Id, ClientOrderId = request.ClientOrderId, Status = OrderStatus.Rejected, Side = request.Side,
            PriceTicks = request.PriceTicks, RemainingLots = 0, Reason = reason,
        });
    }

    // A status only rises: what has filled in part stays so.
    private static OrderStatus Standing(OwnOrder order) => order.FilledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Live;

    private void SayState(OwnOrder order, OrderStatus status, string reason) => Say(new OrderUpdate
    {
        Instrument = instrument.Id, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = status >= OrderStatus.Filled ? 0 : order.RemainingLots, FilledLots = order.FilledLots, Reason = reason,
    });

    private void Arrive(Timestamp at, Action request)
    {
        _lastArrival = Timestamp.Max(_lastArrival, at + rules.OrderLatency + Jitter());
        queue.Schedule(_lastArrival, request);
    }

    private void Say(ControlMessage message)
    {
        _lastResponse = Timestamp.Max(_lastResponse, queue.Now + rules.ResponseLatency + Jitter());
        queue.Schedule(_lastResponse, () => deliver(new Input(message)));
    }

    private TimeSpan Jitter() => rules.Jitter * random.NextDouble();
}
