using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;

namespace Dmm.Simulation;

/// <summary>
/// Holds what the desk is told and decides against what the venues' own records say, after every event. Keeps its own count of everything, so that no
/// defect of the pipeline can hide from it. The first violation ends a run.
/// </summary>
internal sealed class FaultChecker : IVenueWatch
{
    private readonly SimulationQueue _queue;
    private readonly Timestamp _start;
    private readonly FaultTimeline? _timeline;
    private readonly Dictionary<string, TrackedOrder> _orders = new(StringComparer.Ordinal);
    private readonly ToldFills _fills;
    private readonly TrackedExposures _exposures;
    private readonly TrackedPace _pace;
    private readonly TrackedRoutes _routes;
    private readonly int _foreign;
    private ImmutableArray<FaultyVenue> _venues = [];
    private bool _isKilled;
    private bool _isPaused;

    /// <param name="queue">The simulation's clock.</param>
    /// <param name="start">Of the run.</param>
    /// <param name="arePartings">The venues' makers part.</param>
    /// <param name="timeline">Where somebody wants to read what happened.</param>
    public FaultChecker(SimulationQueue queue, Timestamp start, bool arePartings, FaultTimeline? timeline)
    {
        (_queue, _start, _timeline, _fills) = (queue, start, timeline, new());
        _foreign = arePartings ? 0 : 4;
        (_exposures, _pace, _routes) = (new(queue, _fills), new(queue, arePartings), new(queue));
    }

    public FaultViolation? Violation { get; private set; }

    /// <summary>Placements that the desk decided.</summary>
    public int Orders => _orders.Count;

    /// <summary>Trades of the router that sent a leg.</summary>
    public int RouterTrades => _routes.Trades;

    public void Watch(ImmutableArray<FaultyVenue> venues)
    {
        _routes.Watch(venues);
        _venues = venues;
        _exposures.Watch(venues);
    }

    public void Violate(FaultRule rule, string clientOrderId, string text) =>
        Violation ??= new(rule, _queue.Now - _start, clientOrderId, text);

    public void OnFault(Fault fault, bool isBeginning)
    {
        if (_timeline is not null) Note("", $"{(isBeginning ? "begins" : "ends")}: {fault}");
    }

    public void OnInput(in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        switch (input.Control)
        {
            case OrderUpdate update:
                OnTold(update);
                break;
            case Fill fill:
                OnTold(fill);
                break;
            case OperatorCommand command:
                (_isKilled, _isPaused) = command.Action switch
                {
                    OperatorAction.Kill => (true, _isPaused),
                    OperatorAction.Reenable => (false, _isPaused),
                    OperatorAction.Pause => (_isKilled, true),
                    OperatorAction.Resume => (_isKilled, false),
                    _ => (_isKilled, _isPaused),
                };
                if (_timeline is not null) Note("", $"operator: {command.Action}");
                break;
            case AdapterStatus status when _timeline is not null:
                Note("", $"{status.Venue} {(status.AcceptsOrders ? "takes orders" : "takes no orders")}: {status.Reason}");
                break;
        }
    }

    public void OnDecision(in Decision decision)
    {
        if (_routes.Take(decision.Body) is var (rule, id, text)) Violate(rule, id, text);
        switch (decision.Body)
        {
            case RouteOutcome end:
                _pace.TakeFill();
                if (_timeline is not null) Note("", Text($"router: trade {end.Trade} {end.Result}: {end.Bought} bought, {end.Sold} sold {end.Reason}"));
                break;
            case RouteLegSent leg when _timeline is not null:
                Note(leg.ClientOrderId, Text($"router: {leg.Purpose} leg {leg.ClientOrderId} of trade {leg.Trade}, {leg.Exposure} open"));
                break;
            case QuoteTarget target:
                _exposures.Target(target);
                break;
            case InventorySnapshot inventory when inventory.Total != FaultSettings.Parameters.Inventory.Starting + _fills.Position:
                Violate(FaultRule.Ledger, "", Text($"the desk holds {inventory.Total}, the fills it was told make {_fills.Position}"));
                break;
            case TradingStateChange change when _timeline is not null:
                Note("", $"trading state {change.From} → {change.To}: {change.Reason}");
                break;
        }
    }

    public void OnIntent(OrderIntent intent, bool isSent)
    {
        var id = intent.ClientOrderId;
        if (_timeline is not null) Note(id, $"desk: {Describe(intent)}{(isSent ? "" : " (the process dies before it leaves)")}");
        if (_pace.Take(intent) is { } often) Violate(FaultRule.Pace, id, often);
        if (intent.Kind == OrderIntentKind.Place)
        {
            if (!OrderIdsAreOurs(id)) Violate(FaultRule.OrderId, id, $"{id} does not bear our prefix, or is too long");
            if (!_orders.TryAdd(id, new(intent, isSent))) Violate(FaultRule.OrderId, id, $"{id} is given twice");
            else if (_exposures.Place(_orders[id]) is { } beyond) Violate(FaultRule.InventoryLimit, id, beyond);
            if (intent.TimeInForce == TimeInForce.ImmediateOrCancel && _routes.Place(_orders[id]) is var (rule, leg, text)) Violate(rule, leg, text);
            if (_isKilled || _isPaused) Violate(FaultRule.Latch, id, $"{id} is placed while {(_isKilled ? "killed" : "paused")}");
            return;
        }

        if (!_orders.TryGetValue(id, out var order))
        {
            Violate(FaultRule.ForeignOrder, id, $"{intent.Kind} of {id}, which the desk never placed");
            return;
        }

        if (intent.Kind == OrderIntentKind.Cancel)
        {
            if (isSent && !order.CancelAt.IsKnown) order.CancelAt = _queue.Now;
            return;
        }

        if (intent.SizeLots > order.KnownLots)
            Violate(FaultRule.Remaining, id, Text($"{id} is amended to {intent.SizeLots} lots, and {order.KnownLots} are known to remain"));
        (order.KnownLots, order.AmendedTicks) = (Math.Min(order.KnownLots, intent.SizeLots), intent.PriceTicks);
    }

    public void OnSubmitted(OrderIntent placement)
    {
        var id = placement.ClientOrderId;
        if (!_orders.TryGetValue(id, out var order))
            Violate(FaultRule.OrderId, id, $"{id} is sent, and the desk never placed it");
        else if (order.IsToldEnded)
            Violate(FaultRule.InventedEnd, id, $"{id} is sent after the desk was told that it has ended");
        else
            order.IsWaiting = false;
    }

    public void OnOrder(OrderUpdate order, bool hasRisen)
    {
        var id = order.ClientOrderId;
        if (_timeline is not null)
            Note(id, $"{VenueOf(order).Instrument.Venue}: {id} is {order.Status}, {order.RemainingLots} lots at {order.PriceTicks} {order.Reason}");
        if (hasRisen) Violate(FaultRule.Remaining, id, $"what remains of {id} rose to {order.RemainingLots} lots");
        if (id.StartsWith(FaultyVenue.ForeignPrefix, StringComparison.Ordinal))
        {
            if (order.Status != OrderStatus.Live) Violate(FaultRule.ForeignOrder, id, $"{id}, which is not ours, is {order.Status}");
        }
        else if (_orders.TryGetValue(id, out var known) && known.IsToldEnded && order.Status < OrderStatus.Filled)
        {
            Violate(FaultRule.InventedEnd, id, $"{id} is {order.Status} at the venue after the desk was told that it has ended");
        }
    }

    public void OnFill(Fill fill)
    {
        if (!_orders.TryGetValue(fill.ClientOrderId, out var order)) return;
        if (_timeline is not null) Note(order.Id, Text($"{order.Id} trades {fill.Quantity} at {fill.Price}, trade {fill.TradeId}"));
        order.Filled += fill.Quantity;
        var size = FaultSettings.Instruments[fill.Instrument].Sizes.ToDecimal(order.Placement.SizeLots);
        if (order.Filled > size) Violate(FaultRule.Remaining, order.Id, Text($"{order.Filled} traded of {order.Id}, whose size is {size}"));
    }

    public void OnNote(string venue, string clientOrderId, string text)
    {
        if (_timeline is not null) Note(clientOrderId, $"{venue}: {clientOrderId} {text}");
    }

    /// <summary>The process is gone, with everything that waited in it.</summary>
    public void OnDied()
    {
        if (_timeline is not null) Note("", "the process is killed");
        _exposures.OnDied();
        _routes.OnDied();
    }

    /// <summary>A process goes on from its journal: what that holds is what the desk was told.</summary>
    public void OnRecovered(RecoveredDesk? recovered, Func<int, Timestamp> openSince)
    {
        if (_timeline is not null) Note("", recovered is null ? "a process begins" : $"a process goes on from {recovered.Reached.At}");
        _exposures.OnBegun(openSince);
        _routes.OnRecovered(recovered, openSince);
        if (recovered is null) return;
        foreach (var order in _orders.Values) order.FilledTold = 0;
        foreach (var fill in _fills.Restore(recovered.Ledger.Seen, _venues))
            if (_orders.TryGetValue(fill.ClientOrderId, out var order)) order.FilledTold += fill.Quantity;
        var latches = Dmm.Topology.Engine.StateSet.Read<KillSwitchState>(recovered.Reached.States, "kill-switch");
        if (latches != new KillSwitchState(_isKilled, _isPaused))
            Violate(FaultRule.Latch, "", $"recovered {latches}, where an operator had last said killed {_isKilled}, paused {_isPaused}");
    }

    public void AfterEvent()
    {
        if ((_exposures.Check() ?? _routes.Check()) is var (rule, id, text)) Violate(rule, id, text);
    }

    /// <summary>After the calm time: nothing of ours rests, and everything was told.</summary>
    /// <param name="live">What the desk believes to rest; null where it has not come back.</param>
    /// <param name="router">The router's state; null where there is none.</param>
    public void AtEnd(LiveOrdersState? live, RouterState? router)
    {
        if (_routes.AtEnd(router) is var (rule, id, text)) Violate(rule, id, text);
        foreach (var venue in _venues)
        {
            var (record, name) = (venue.Record, venue.Instrument.Venue);
            if (_fills.CountAt(venue.Instrument.Id) is var told && told != record.Fills.Count)
                Violate(FaultRule.Ledger, "", $"{record.Fills.Count} fills at {name}, of which the desk was told {told}");
            var foreign = venue.Exchange.OpenOrders.Count(o => o.ClientOrderId.StartsWith(FaultyVenue.ForeignPrefix, StringComparison.Ordinal));
            if (foreign != _foreign) Violate(FaultRule.ForeignOrder, "", $"{foreign} of {_foreign} orders that are not ours are left at {name}");
        }

        if (_fills.Position != _venues.Sum(v => v.Record.Position))
            Violate(FaultRule.Ledger, "", Text($"the desk was told {_fills.Position}, the venues hold {_venues.Sum(v => v.Record.Position)}"));
        if (_exposures.FirstOpen() is { } open) Violate(FaultRule.OrderEnds, open, $"{open} still may trade");
        if (live is null) Violate(FaultRule.OrderEnds, "", "the desk has not come back");
        else if (live.Orders is [{ ClientOrderId: var left } first, ..])
            Violate(FaultRule.OrderEnds, left, $"the desk still believes in {left}, {first.Status}");
    }

    private void OnTold(OrderUpdate update)
    {
        var id = update.ClientOrderId;
        if (_timeline is not null) Note(id, $"told: {id} is {update.Status}, {update.RemainingLots} lots at {update.PriceTicks} {update.Reason}");
        if (!_orders.TryGetValue(id, out var order)) return;
        order.KnownLots = Math.Min(order.KnownLots, update.RemainingLots);
        // Refused: it stands where the venue has it.
        if (update is { Status: OrderStatus.Live or OrderStatus.PartiallyFilled, Reason.Length: > 0 }) order.AmendedTicks = 0;
        order.ToldLots = Math.Min(order.ToldLots, update.RemainingLots);
        // With a reason it takes back what was asked last: of an amendment that was refused nothing is left.
        if (update.Reason.Length > 0 && update.Status is OrderStatus.Live or OrderStatus.PartiallyFilled) order.KnownLots = order.ToldLots;
        if (update.Status < OrderStatus.Filled) return;
        order.IsToldEnded = true;
        order.IsWaiting = false;
        if (order.AtMost(VenueOf(update)) is { Lots: > 0 } && VenueOf(update).Record.Find(id) is { } open)
            Violate(FaultRule.InventedEnd, id, $"the desk is told that {id} is {update.Status}, and at the venue it is {open.Status}");
    }

    private void OnTold(Fill fill)
    {
        if (_timeline is not null) Note(fill.ClientOrderId, $"told: trade {fill.TradeId} of {fill.ClientOrderId}");
        if (!_venues[fill.Instrument.Index].Record.HasFill(fill.TradeId))
            Violate(FaultRule.Ledger, fill.ClientOrderId, $"the desk is told of trade {fill.TradeId}, which the venue does not have");
        _pace.TakeFill();
        if (_fills.Take(fill) && _orders.TryGetValue(fill.ClientOrderId, out var order)) order.FilledTold += fill.Quantity;
    }

    private static bool OrderIdsAreOurs(string id) =>
        id.StartsWith("dsimx", StringComparison.Ordinal) && id.Length <= OrderIdState.MaximumLength;

    private FaultyVenue VenueOf(OrderUpdate order) => _venues[order.Instrument.Index];

    private void Note(string clientOrderId, string text) => _timeline!.Add(new(_queue.Now - _start, clientOrderId, text.TrimEnd()));

    private static string Describe(OrderIntent intent) =>
        Text($"{intent.Kind} {intent.ClientOrderId}, {intent.Side} {intent.SizeLots} lots at {intent.PriceTicks}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
