using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One venue's mid as the comparison knows it.</summary>
/// <param name="Instrument">Its name.</param>
/// <param name="Mid">Numeraire; 0 while there is none.</param>
/// <param name="DeviationBps">The latest distance from the fair value.</param>
/// <param name="OverSince">Since when it has been over the limit; none while it is not, or once it tripped.</param>
/// <param name="Trip">The slow way back.</param>
public readonly record struct MidWatch(string Instrument, double Mid, double DeviationBps, Timestamp OverSince, HysteresisState Trip);

/// <param name="Mids">In the catalogue's order.</param>
public sealed record DiscrepancyBreakerState(ImmutableArray<MidWatch> Mids)
{
    public static readonly DiscrepancyBreakerState Starting = new([]);
}

/// <summary>
/// Cross-venue price discrepancy. Each instrument's mid is held against the consolidated fair value, again whenever any of them moves; one that stays
/// farther than <see cref="BreakerParameters.DiscrepancyBps"/> for <see cref="BreakerParameters.DiscrepancyFor"/> is halted at that very instant, by
/// itself: the others go on. Two venues that disagree are equally far from a fair value between them, so both are halted and the asset with them:
/// nothing says which is right. Recovers through <see cref="Hysteresis"/>. A mid without another one to compare it with counts as agreeing. An
/// instrument without a mid is not judged: its time over the limit ends, and a trip stays. A mid or fair value that is no positive finite number
/// trips at once.
/// </summary>
public sealed class DiscrepancyBreaker : IBreaker<VenueMid, DiscrepancyBreakerState>
{
    private readonly BreakerParameters _parameters;
    private readonly MidWatch[] _mids;

    public DiscrepancyBreaker(DiscrepancyBreakerState initial, InstrumentCatalog instruments, BreakerParameters parameters)
    {
        _parameters = parameters;
        _mids = [.. instruments.All.Select(i => initial.Mids.FirstOrDefault(m => m.Instrument == i.Name, new(i.Name, 0, 0, default, default)))];
    }

    public DiscrepancyBreakerState Capture() => new([.. _mids]);

    public Timestamp NextDue
    {
        get
        {
            var next = Timestamp.None;
            foreach (ref readonly var mid in _mids.AsSpan())
            {
                if (!mid.OverSince.IsKnown) continue;
                var due = mid.OverSince + _parameters.DiscrepancyFor;
                if (!next.IsKnown || due < next) next = due;
            }

            return next;
        }
    }

    public ImmutableArray<BreakerState> Take(in VenueMid input, Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        ref var moved = ref _mids[input.Instrument.Index];
        moved = moved with { Mid = IsPrice(input.Mid) ? input.Mid : 0 };
        if (!IsPrice(input.Mid) && input.Mid != 0 && Trips(ref moved))
            changes = [Describe(moved, $"{moved.Instrument} mid is not a positive number: quotes are cancelled")];
        var count = 0;
        foreach (ref readonly var mid in _mids.AsSpan())
            if (mid.Mid > 0) count++;
        foreach (ref var mid in _mids.AsSpan())
        {
            if (mid.Mid == 0 || input.FairValue == 0)
                mid = mid with { OverSince = Timestamp.None, Trip = mid.Trip with { CalmSince = Timestamp.None } };
            else if (IsPrice(input.FairValue))
                changes = changes.AddRange(Judge(ref mid, count < 2 ? 0 : Deviation(mid.Mid, input.FairValue), now));
            else if (Trips(ref mid))
                changes = changes.Add(Describe(mid, $"{mid.Instrument}: the fair value is not a positive number: quotes are cancelled"));
        }

        return changes;
    }

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        foreach (ref var mid in _mids.AsSpan())
        {
            var isDue = mid.OverSince.IsKnown && now - mid.OverSince >= _parameters.DiscrepancyFor;
            if (isDue && Trips(ref mid)) changes = changes.Add(Describe(mid, OverText(mid)));
        }

        return changes;
    }

    // Bounded, so that what is shown stays a number however far apart the prices are.
    private static double Deviation(double mid, double fairValue) => Quantised.Bps(Math.Min(Math.Abs(mid / fairValue - 1) * 1e4, 1e9));

    private static bool IsPrice(double value) => double.IsFinite(value) && value > 0;

    private ImmutableArray<BreakerState> Judge(ref MidWatch mid, double deviationBps, Timestamp now)
    {
        mid = mid with { DeviationBps = deviationBps };
        if (mid.Trip.IsTripped)
        {
            mid = mid with { Trip = Hysteresis.Step(mid.Trip, mid.DeviationBps, _parameters.DiscrepancyBps, _parameters, now) };
            return mid.Trip.IsTripped ? [] : [Describe(mid, CalmText(mid))];
        }

        if (mid.DeviationBps <= _parameters.DiscrepancyBps)
        {
            mid = mid with { OverSince = Timestamp.None };
            return [];
        }

        if (!mid.OverSince.IsKnown) mid = mid with { OverSince = now };
        return now - mid.OverSince >= _parameters.DiscrepancyFor && Trips(ref mid) ? [Describe(mid, OverText(mid))] : [];
    }

    /// <summary>True when it did not stand tripped already.</summary>
    private static bool Trips(ref MidWatch mid)
    {
        var wasTripped = mid.Trip.IsTripped;
        mid = mid with { OverSince = Timestamp.None, Trip = new(true, Timestamp.None) };
        return !wasTripped;
    }

    private string OverText(in MidWatch mid) => string.Create(CultureInfo.InvariantCulture,
        $"{Distance(mid)}, above {_parameters.DiscrepancyBps:F2} bps for {_parameters.DiscrepancyFor.TotalSeconds:0.##} s: quotes are cancelled");

    private string CalmText(in MidWatch mid) => string.Create(CultureInfo.InvariantCulture,
        $"{Distance(mid)}, at or below {Calm:F2} bps for {_parameters.RecoverAfter.TotalSeconds:0.##} s");

    private static string Distance(in MidWatch mid) =>
        string.Create(CultureInfo.InvariantCulture, $"{mid.Instrument} mid is {mid.DeviationBps:F2} bps from the fair value");

    private double Calm => Hysteresis.RecoverBelow(_parameters.DiscrepancyBps, _parameters);

    private BreakerState Describe(in MidWatch mid, string reason) => new()
    {
        Kind = BreakerKind.Discrepancy, Subject = mid.Instrument, Demand = mid.Trip.IsTripped ? TradingState.Halted : TradingState.Active,
        Multiplier = 1, Value = mid.DeviationBps, Threshold = _parameters.DiscrepancyBps, Reason = reason,
    };
}
