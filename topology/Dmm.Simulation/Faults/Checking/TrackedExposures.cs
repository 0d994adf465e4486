using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// What of our orders may still trade, by the venues' own records and by what is on its way: how much, on how many orders of a side, and for how long
/// after their cancels.
/// </summary>
internal sealed class TrackedExposures(SimulationQueue queue, ToldFills fills)
{
    /// <summary>
    /// An order may outlive its cancel by this, once nothing has been wrong with its venue and a process has been up: a lost cancel is noticed after
    /// the time-out, and what was sent before is certain after twice the receive window.
    /// </summary>
    public static readonly TimeSpan CancelBound = TimeSpan.FromSeconds(8);

    private readonly List<TrackedOrder> _orders = [];
    private readonly int[,] _levels = new int[FaultSettings.Instruments.Count, 2];
    private ImmutableArray<FaultyVenue> _venues = [];
    private Func<int, Timestamp>? _openSince;

    public void Watch(ImmutableArray<FaultyVenue> venues) => _venues = venues;

    /// <summary>
    /// Takes an order that is being placed; says what is wrong where inventory could go beyond a hard limit with it. That is judged by the venues'
    /// own records: what has traded on that side counts before the desk is told of it.
    /// </summary>
    public string? Place(TrackedOrder placed)
    {
        _orders.Add(placed);
        var (limits, side, may) = (FaultSettings.Parameters.Inventory, placed.Placement.Side, 0m);
        foreach (var order in _orders)
            if (order.Placement.Side == side) may += order.Expected(Venue(order));
        var held = limits.Starting + fills.Position;
        var (worst, limit) = side == Side.Buy ? (held + may, limits.Target + limits.HardLong) : (may - held, limits.HardShort - limits.Target);
        return worst > limit
            ? Text($"{held} held and {may} that may trade on the {side} side, with {placed.Id}: the limit is {side.Sign() * limit}")
            : null;
    }

    /// <summary>What the desk wants to rest from now on.</summary>
    public void Target(QuoteTarget target)
    {
        _levels[target.Instrument.Index, (int)Side.Buy] = target.Bids.Length;
        _levels[target.Instrument.Index, (int)Side.Sell] = target.Asks.Length;
    }

    /// <summary>What waited in the process is gone; whatever it left is to be cancelled by the next.</summary>
    public void OnDied()
    {
        _openSince = null;
        foreach (var order in _orders)
        {
            order.IsWaiting = false;
            if (!order.CancelAt.IsKnown) order.CancelAt = queue.Now;
        }
    }

    /// <summary>A process is there.</summary>
    /// <param name="openSince">Since when each venue's way out is open; none before.</param>
    public void OnBegun(Func<int, Timestamp> openSince) => _openSince = openSince;

    /// <summary>An order that may still trade, or null.</summary>
    public string? FirstOpen() => _orders.Find(o => o.AtMost(Venue(o)).Lots > 0)?.Id;

    /// <summary>The first rule that does not hold now.</summary>
    public (FaultRule Rule, string Id, string Text)? Check()
    {
        foreach (var venue in _venues)
        {
            foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
            {
                var (notional, standing) = (0m, 0);
                foreach (var order in _orders)
                {
                    if (order.Placement.Side != side || order.Placement.Instrument != venue.Instrument.Id) continue;
                    var (lots, ticks) = order.AtMost(venue);
                    if (lots == 0) continue;
                    notional += venue.Instrument.Notional(lots, ticks);
                    if (!order.CancelAt.IsKnown) standing += order.Placement.TimeInForce == TimeInForce.GoodTillCancelled ? 1 : 0;
                    else if (Overdue(order, venue) is { } overdue) return (FaultRule.CancelBound, order.Id, overdue);
                }

                if (Excess(venue.Instrument, side, standing, notional) is { } excess) return excess;
            }
        }

        _orders.RemoveAll(IsOver);
        return null;
    }

    private bool IsOver(TrackedOrder order) =>
        order.IsToldEnded && order.Filled == order.FilledTold && order.AtMost(Venue(order)).Lots == 0 && !Venue(order).Record.UnderWay.ContainsKey(order.Id);

    private (FaultRule Rule, string Id, string Text)? Excess(Instrument instrument, Side side, int standing, decimal notional)
    {
        var levels = _levels[instrument.Id.Index, (int)side];
        if (standing > levels)
            return (FaultRule.OneOrderALevel, "", $"{standing} orders stand on the {side} side of {instrument.Venue}, for {levels} levels");
        var cap = FaultSettings.Parameters.Venues[instrument.Id.Index].OutstandingNotionalPerSide;
        return notional > cap
            ? (FaultRule.NotionalCap, "", Text($"{notional:0.####} may rest on the {side} side of {instrument.Venue}, the cap is {cap}"))
            : null;
    }

    private string? Overdue(TrackedOrder order, FaultyVenue venue)
    {
        if (_openSince?.Invoke(venue.Instrument.Id.Index) is not { IsKnown: true } up) return null;
        var since = Timestamp.Max(order.CancelAt, Timestamp.Max(up, venue.CalmSince));
        return queue.Now - since > CancelBound
            ? Text($"{order.Id} may still trade {(queue.Now - order.CancelAt).TotalSeconds:0.0} s after its cancel, the bound is {CancelBound.TotalSeconds} s")
            : null;
    }

    private FaultyVenue Venue(TrackedOrder order) => _venues[order.Placement.Instrument.Index];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
