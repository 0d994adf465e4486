using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>
/// The router's trades by its own decisions, and what its legs have traded by the venues' records: how many are in flight, how much is open between
/// legs, and for how long.
/// </summary>
internal sealed class TrackedRoutes(SimulationQueue queue)
{
    /// <summary>
    /// Something may be open between legs by this, once nothing has been wrong with any venue and a process has been up: a leg of unknown fate is
    /// known by then, and what cannot be closed is given up after three times what the router is given.
    /// </summary>
    public static readonly TimeSpan Bound = 3 * FaultSettings.Router.UnhedgedMax + TrackedExposures.CancelBound + TimeSpan.FromSeconds(4);

    // Below it no venue takes an order that would close it.
    private const decimal TooSmall = 1m;

    private readonly Dictionary<string, RouteLegSent> _announced = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<TrackedOrder>> _legs = [];
    private readonly Dictionary<long, RouteOutcome> _outcomes = [];
    private ImmutableArray<FaultyVenue> _venues = [];
    private Func<int, Timestamp>? _openSince;
    private long? _inFlight;
    private bool _isHedge;
    private long? _untold;
    private Timestamp _exposedAt;
    private TradingState? _state;

    /// <summary>Trades that sent a leg.</summary>
    public int Trades => _legs.Count;

    public void Watch(ImmutableArray<FaultyVenue> venues) => _venues = venues;

    /// <summary>Takes a decision; says what is wrong with it.</summary>
    public (FaultRule Rule, string Id, string Text)? Take(object decision)
    {
        switch (decision)
        {
            case RouteIntent route:
                if (_inFlight is { } other) return (FaultRule.RouterLegs, "", $"trade {route.Trade} begins while {other} is in flight");
                (_inFlight, _isHedge) = (route.Trade, route.Kind == RouteKind.Hedge);
                break;
            case RouteLegSent leg:
                // What came late of an ended trade begins one without an intent.
                if (_inFlight is null) (_inFlight, _isHedge) = (leg.Trade, false);
                if (_inFlight != leg.Trade) return (FaultRule.RouterLegs, leg.ClientOrderId, $"a leg of trade {leg.Trade} while {_inFlight} is in flight");
                _announced[leg.ClientOrderId] = leg;
                break;
            case RouteOutcome end:
                _outcomes[end.Trade] = end;
                (_inFlight, _exposedAt) = (null, Timestamp.None);
                if (end.Result == RouteResult.LeftOpen) _untold = end.Trade;
                break;
            case Alert { Level: AlertLevel.Critical, Subject: "router" }:
                _untold = null;
                break;
            case TradingStateChange change:
                _state = change.To;
                break;
        }

        return null;
    }

    /// <summary>Takes a leg that is being placed; says what is wrong with it.</summary>
    public (FaultRule Rule, string Id, string Text)? Place(TrackedOrder placed)
    {
        if (!_announced.TryGetValue(placed.Id, out var leg))
            return (FaultRule.RouterLegs, placed.Id, $"{placed.Id} takes what it can at once, and is no leg of a trade");
        if (_state >= TradingState.Halted) return (FaultRule.Latch, placed.Id, $"leg {placed.Id} is placed while {_state}");
        if (!_legs.TryGetValue(leg.Trade, out var legs)) _legs[leg.Trade] = legs = [];
        legs.Add(placed);
        var open = _legs.Values.SelectMany(l => l).Where(l => l.AtMost(_venues[l.Placement.Instrument.Index]).Lots > 0).Take(2).ToArray();
        return open.Length > 1
            ? (FaultRule.RouterLegs, placed.Id, $"leg {placed.Id} is placed while {open[0].Id} may still trade")
            : null;
    }

    public void OnDied() => (_openSince, _exposedAt) = (null, Timestamp.None);

    public void OnRecovered(RecoveredDesk? recovered, Func<int, Timestamp> openSince)
    {
        (_openSince, _state, _untold) = (openSince, null, null);
        var state = recovered is null ? RouterState.Idle : new StateSet(recovered.Reached.States).Restored<RouterState>("router");
        (_inFlight, _isHedge) = (state?.Trade?.Number, state?.Trade?.Kind == RouteKind.Hedge);
        // One that only cleared its way had no intent yet.
        if (state?.Trade is { Legs.IsEmpty: true }) _inFlight = null;
    }

    /// <summary>The first rule that does not hold now.</summary>
    public (FaultRule Rule, string Id, string Text)? Check()
    {
        if (_untold is { } untold) return (FaultRule.RouterExposure, "", $"trade {untold} is left open, and nobody was told");
        if (_inFlight is not { } trade || _isHedge || !_legs.TryGetValue(trade, out var legs)) return null;
        var open = legs.Sum(l => l.Placement.Side.Sign() * l.Filled);
        if (Math.Abs(open) * (decimal)FaultMarket.InitialPrice > FaultSettings.Router.UnhedgedNotionalMax)
            return (FaultRule.RouterExposure, legs[^1].Id, Text($"{open} is open in trade {trade}, the limit is {FaultSettings.Router.UnhedgedNotionalMax}"));
        if (Math.Abs(open) < TooSmall) _exposedAt = Timestamp.None;
        else if (!_exposedAt.IsKnown) _exposedAt = queue.Now;
        if (!_exposedAt.IsKnown || _openSince is null) return null;
        var since = _exposedAt;
        foreach (var venue in _venues)
        {
            if (_openSince(venue.Instrument.Id.Index) is not { IsKnown: true } up) return null;
            since = Timestamp.Max(since, Timestamp.Max(up, venue.CalmSince));
        }

        return queue.Now - since > Bound
            ? (FaultRule.RouterExposure, legs[^1].Id, Text($"{open} is open in trade {trade} for {(queue.Now - _exposedAt).TotalSeconds:0.0} s"))
            : null;
    }

    /// <summary>At the end of a run.</summary>
    /// <param name="state">The router's; null where there is none.</param>
    public (FaultRule Rule, string Id, string Text)? AtEnd(RouterState? state)
    {
        if (state?.Trade is { } trade) return (FaultRule.OrderEnds, "", $"trade {trade.Number} is in flight still");
        // A fill that came late counts in the trade that had to close it.
        var traded = _legs.Values.SelectMany(l => l).Sum(l => l.Placement.Side.Sign() * l.Filled);
        var told = _outcomes.Values.Sum(o => o.Bought - o.Sold);
        return traded != told ? (FaultRule.RouterLegs, "", Text($"legs changed the position by {traded}, their trades say {told}")) : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
