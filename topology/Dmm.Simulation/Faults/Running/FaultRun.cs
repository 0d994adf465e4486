using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>How much a run put to the test.</summary>
/// <param name="Events">Of venues, traders and timers.</param>
/// <param name="Orders">Sent by the desk.</param>
/// <param name="Fills">Of the desk's orders.</param>
/// <param name="Faults">That were planned.</param>
/// <param name="Crashes">Processes killed and recovered.</param>
public readonly record struct FaultCounts(long Events, long Orders, long Fills, long Faults, long Crashes)
{
    /// <summary>Events that had the router switched on.</summary>
    public long RoutedEvents { get; init; }

    /// <summary>Trades of the router that sent a leg.</summary>
    public long RouterTrades { get; init; }

    public static FaultCounts operator +(FaultCounts a, FaultCounts b) =>
        new(a.Events + b.Events, a.Orders + b.Orders, a.Fills + b.Fills, a.Faults + b.Faults, a.Crashes + b.Crashes)
        {
            RoutedEvents = a.RoutedEvents + b.RoutedEvents, RouterTrades = a.RouterTrades + b.RouterTrades,
        };
}

/// <summary>How a run ended.</summary>
/// <param name="Plan">What went wrong in it.</param>
/// <param name="Violation">The first invariant that did not hold, at which the run ended; null when all held to its end.</param>
/// <param name="Counts">What happened.</param>
public sealed record FaultOutcome(FaultPlan Plan, FaultViolation? Violation, FaultCounts Counts);

/// <summary>
/// One run of the whole pipeline at faulty venues, on virtual time: a function of its plan alone. The invariants are checked after every event; at
/// its end quoting is paused, and after a calm time everything must have settled.
/// </summary>
public sealed class FaultRun
{
    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    private readonly SimulationQueue _queue = new(Start);
    private readonly FaultPlan _plan;
    private readonly ImmutableArray<FaultyVenue> _venues;
    private readonly FaultChecker _checker;
    private readonly FaultDesk _desk;
    private long _events;

    private FaultRun(FaultPlan plan, FaultSettings settings, FaultTimeline? timeline)
    {
        _plan = plan;
        var weather = new FaultWeather(plan, Start, _queue, Turn);
        _checker = new(_queue, Start, FaultSettings.IsRouted(plan.Seed), timeline);
        _venues = [.. FaultSettings.Instruments.All.Select(i => new FaultyVenue(i, plan.Seed, _queue, weather, Deliver, _checker))];
        _desk = new(settings, plan.Seed, _queue, _venues, _checker);
        _checker.Watch(_venues);
        new FaultMarket(plan.Seed, _queue, _venues.Select(v => v.Exchange)).Start();
        // Where books part a side may be empty for a moment: an order far away would then be the touch, and whoever takes ours would take it too.
        if (!FaultSettings.IsRouted(plan.Seed))
            foreach (var venue in _venues) venue.PlaceForeignOrders(FaultMarket.InitialPrice);
        _queue.Schedule(Start, _desk.Start);
        _queue.Schedule(Start + plan.TradingEnd, () => _desk.Order(OperatorAction.Pause));
    }

    /// <summary>Runs a plan to its end, or to the first violation.</summary>
    /// <param name="plan">What goes wrong.</param>
    /// <param name="settings">What is put to the test.</param>
    /// <param name="timeline">Told of everything that concerns orders, where somebody wants to read it.</param>
    public static FaultOutcome Of(FaultPlan plan, FaultSettings settings, FaultTimeline? timeline = null)
    {
        var run = new FaultRun(plan, settings, timeline);
        using (run._desk) return run.Go();
    }

    private FaultOutcome Go()
    {
        try
        {
            RunTo(Start + _plan.TradingEnd + FaultPlan.Calm);
            if (_checker.Violation is null) _checker.AtEnd(_desk.LiveOrders, _desk.Router);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _checker.Violate(FaultRule.Fault, "", $"the desk ended: {fault.GetType().Name}: {fault.Message}");
        }

        var fills = _venues.Sum(v => v.Record.Fills.Count);
        return new(_plan, _checker.Violation, new(_events, _checker.Orders, fills, _plan.Faults.Length, _desk.Crashes)
        {
            RoutedEvents = FaultSettings.IsRouted(_plan.Seed) ? _events : 0, RouterTrades = _checker.RouterTrades,
        });
    }

    private void RunTo(Timestamp end)
    {
        while (_checker.Violation is null)
        {
            var next = _queue.NextAt is { } at && at <= end ? at : end;
            if (_desk.NextTimerAt is { } due && due <= next)
            {
                _queue.MoveTo(due);
                _desk.AdvanceTo(due);
            }
            else if (!_queue.RunNext(end))
            {
                return;
            }

            _events++;
            _desk.AfterEvent();
            _checker.AfterEvent();
        }
    }

    private void Deliver(in Input input) => _desk.Deliver(input);

    private void Turn(Fault fault, bool isBeginning)
    {
        _checker.OnFault(fault, isBeginning);
        if (fault.Venue.Length == 0) _desk.Turn(fault, isBeginning);
        else _venues.First(v => v.Instrument.Venue == fault.Venue).Turn(fault, isBeginning);
    }
}
