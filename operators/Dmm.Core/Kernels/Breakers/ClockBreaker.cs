using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One venue's clock.</summary>
/// <param name="Venue">Its name.</param>
/// <param name="Offset">How far it runs ahead of ours, as told last.</param>
/// <param name="Trip">The slow way back.</param>
public readonly record struct ClockWatch(string Venue, TimeSpan Offset, HysteresisState Trip);

/// <param name="Venues">Those that told of their clock, in the order in which they first did.</param>
public sealed record ClockBreakerState(ImmutableArray<ClockWatch> Venues)
{
    public static readonly ClockBreakerState Starting = new([]);
}

/// <summary>
/// A venue whose clock is farther from ours than <see cref="BreakerParameters.ClockOffsetMax"/>, to either side, is halted: event times and the time
/// stamps of signed requests mean nothing there. An offset is told when it changes, so that silence means that it stands: the venue comes back at the
/// very instant at which it has been within <see cref="BreakerParameters.RecoverFraction"/> of the limit for
/// <see cref="BreakerParameters.RecoverAfter"/>.
/// Value and threshold are seconds. A venue without instruments is passed over.
/// </summary>
public sealed class ClockBreaker(ClockBreakerState initial, InstrumentCatalog instruments, BreakerParameters parameters)
    : IBreaker<ClockOffset, ClockBreakerState>
{
    private readonly ImmutableArray<string> _quoted = [.. instruments.All.Select(i => i.Venue).Distinct()];
    private ImmutableArray<ClockWatch> _venues = initial.Venues;

    public ClockBreakerState Capture() => new(_venues);

    public Timestamp NextDue
    {
        get
        {
            var next = Timestamp.None;
            foreach (var clock in _venues)
            {
                if (!clock.Trip.CalmSince.IsKnown) continue;
                var due = clock.Trip.CalmSince + parameters.RecoverAfter;
                if (!next.IsKnown || due < next) next = due;
            }

            return next;
        }
    }

    public ImmutableArray<BreakerState> Take(in ClockOffset input, Timestamp now)
    {
        if (!_quoted.Contains(input.Venue)) return [];
        var index = IndexOf(input.Venue);
        var before = index < 0 ? new(input.Venue, default, default) : _venues[index];
        var distance = input.Offset.Duration();
        var isTripped = distance > parameters.ClockOffsetMax || before.Trip.IsTripped;
        var isCalm = distance <= parameters.ClockOffsetMax * parameters.RecoverFraction;
        var calmSince = !isTripped || !isCalm ? Timestamp.None : before.Trip.CalmSince.IsKnown ? before.Trip.CalmSince : now;
        var after = new ClockWatch(input.Venue, input.Offset, new(isTripped, calmSince));
        _venues = index < 0 ? _venues.Add(after) : _venues.SetItem(index, after);
        return isTripped && !before.Trip.IsTripped
            ? [Describe(after, TradingState.Halted,
                $"its clock is {Seconds(after)} s from ours, limit {parameters.ClockOffsetMax.TotalSeconds:0.###} s: quotes are cancelled")]
            : [];
    }

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        for (var i = 0; i < _venues.Length; i++)
        {
            var clock = _venues[i];
            if (!clock.Trip.CalmSince.IsKnown || now < clock.Trip.CalmSince + parameters.RecoverAfter) continue;
            _venues = _venues.SetItem(i, clock with { Trip = default });
            changes = changes.Add(Describe(clock, TradingState.Active,
                $"its clock has been within {parameters.RecoverFraction:0.##} of the limit for {parameters.RecoverAfter.TotalSeconds:0.##} s"));
        }

        return changes;
    }

    private int IndexOf(string venue)
    {
        for (var i = 0; i < _venues.Length; i++)
            if (_venues[i].Venue == venue) return i;
        return -1;
    }

    private BreakerState Describe(in ClockWatch clock, TradingState demand, FormattableString reason) => new()
    {
        Kind = BreakerKind.Clock, Subject = clock.Venue, Demand = demand, Multiplier = 1, Value = clock.Offset.Duration().TotalSeconds,
        Threshold = parameters.ClockOffsetMax.TotalSeconds,
        Reason = $"{clock.Venue}: {reason.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string Seconds(in ClockWatch clock) => clock.Offset.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture);
}
