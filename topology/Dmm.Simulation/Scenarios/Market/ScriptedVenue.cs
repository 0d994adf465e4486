using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>
/// The private side of one scripted market: takes, acknowledges and cancels orders with the venue's latencies, and never fills one unless told. An
/// order path that is closed refuses placements and keeps cancels and amendments until it is open again, as an adapter does.
/// </summary>
internal sealed class ScriptedVenue : ISimulatedVenue, IMatchingModel
{
    private readonly ScriptedFeed _feed;
    private readonly VenueRules _rules;
    private readonly SimulationQueue _queue;
    private readonly InputReceiver _deliver;
    private readonly OrderEntry _entry;
    private readonly List<OrderIntent> _waiting = [];
    private TimeSpan _acknowledgementsLate;
    private TimeSpan _fillsLate;
    private string? _rejects;
    private bool _isClosed;
    private int _foreignFills;

    public ScriptedVenue(ScriptedFeed feed, VenueRules rules, SimulationQueue queue, InputReceiver deliver, SeededRandom random)
    {
        (_feed, _rules, _queue, _deliver) = (feed, rules, queue, deliver);
        _entry = new(feed.Instrument, rules, this, queue, random, Report);
    }

    public Instrument Instrument => _feed.Instrument;

    public IReadOnlyCollection<OwnOrder> OpenOrders => _entry.OpenOrders;

    public void Send(OrderIntent intent, Timestamp at)
    {
        if (intent.Kind == OrderIntentKind.Place && (_isClosed ? "the order path is closed" : _rejects) is { } reason)
            _queue.Schedule(at + _rules.OrderLatency + _rules.ResponseLatency, () => _deliver(new Input(Refusal(intent, reason))));
        else if (_isClosed) _waiting.Add(intent);
        else _entry.Send(intent, at);
    }

    /// <summary>Our resting orders of a side, near to far.</summary>
    public IEnumerable<OwnOrder> Rungs(Side side) => OpenOrders.Where(o => o.Side == side).OrderBy(o => -side.Sign() * o.PriceTicks);

    /// <summary>What rests on a side, USD.</summary>
    public decimal Notional(Side side) =>
        Rungs(side).Sum(o => Instrument.Notional(o.RemainingLots, o.PriceTicks)) * (decimal)_feed.QuoteRate;

    /// <summary>Fills an order at its own price, as the maker.</summary>
    public void Fill(OwnOrder order, long lots) => _entry.Execute(order, order.PriceTicks, lots, isMaker: true);

    /// <summary>Tells of a fill that belongs to no order we know of.</summary>
    public Fill ForeignFill(Side side, decimal price, decimal quantity, TimeSpan? restedFor, string? tradeId) => new()
    {
        Instrument = Instrument.Id, TradeId = tradeId ?? string.Create(CultureInfo.InvariantCulture, $"s{++_foreignFills}"), ClientOrderId = "",
        Side = side, Price = price, Quantity = quantity, Fee = (price * quantity * (decimal)_rules.MakerFeeBps / 10_000).Canonical(),
        FeeAsset = Instrument.QuoteAsset, IsMaker = true, VenueTime = _queue.Now,
        QuotedAt = restedFor is { } rested ? _queue.Now - rested : Timestamp.None,
    };

    public void ReportLate(TimeSpan? acknowledgements, TimeSpan? fills) =>
        (_acknowledgementsLate, _fillsLate) = (acknowledgements ?? _acknowledgementsLate, fills ?? _fillsLate);

    /// <param name="reason">Null: sound orders are taken again.</param>
    public void RejectPlacements(string? reason) => _rejects = reason;

    public void Disconnect(string reason)
    {
        _isClosed = true;
        _deliver(new Input(new AdapterStatus(Instrument.Venue, false, reason)));
    }

    public void Reconnect()
    {
        _isClosed = false;
        foreach (var intent in _waiting) _entry.Send(intent, _queue.Now);
        _waiting.Clear();
        _deliver(new Input(new AdapterStatus(Instrument.Venue, true, "connected again")));
    }

    // A pool has no book to stand in: a standing intention there crosses nothing.
    public long? BestAgainst(Side side) => Instrument.IsPool ? null : side == Side.Buy ? _feed.AskTicks : _feed.BidTicks;

    public void Place(OwnOrder order)
    {
    }

    public void Amend(OwnOrder order, long formerPriceTicks, long formerLots)
    {
    }

    public void Remove(OwnOrder order)
    {
    }

    private void Report(in Input report)
    {
        var message = report.Control;
        var late = message is Fill ? _fillsLate : _acknowledgementsLate;
        if (late == TimeSpan.Zero) _deliver(report);
        else _queue.Schedule(_queue.Now + late, () => _deliver(new Input(message)));
    }

    private static OrderUpdate Refusal(OrderIntent intent, string reason) => new()
    {
        Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = OrderStatus.Rejected, Side = intent.Side,
        PriceTicks = intent.PriceTicks, RemainingLots = 0, Reason = reason,
    };
}
