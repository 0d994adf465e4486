namespace Dmm.Core.Kernels;

/// <param name="IsTripped">The value was above the threshold and has not recovered since.</param>
/// <param name="CalmSince">While tripped: since when the value has been back; none while it is not.</param>
public readonly record struct HysteresisState(bool IsTripped, Timestamp CalmSince);

/// <summary>
/// A threshold in bps with a slow way back: trips with the first value above it, and recovers with the first value that proves that all values were
/// at or below <see cref="BreakerParameters.RecoverFraction"/> of it for <see cref="BreakerParameters.RecoverAfter"/>. Silence proves nothing. What
/// is not a finite number trips.
/// </summary>
public static class Hysteresis
{
    public static HysteresisState Step(HysteresisState state, double valueBps, double thresholdBps, BreakerParameters parameters, Timestamp now)
    {
        var value = Quantised.Bps(valueBps);
        if (!double.IsFinite(value) || value > Quantised.Bps(thresholdBps)) return new(true, Timestamp.None);
        if (!state.IsTripped) return state;
        if (value > RecoverBelow(thresholdBps, parameters)) return new(true, Timestamp.None);
        var since = state.CalmSince.IsKnown ? state.CalmSince : now;
        return now - since >= parameters.RecoverAfter ? default : new(true, since);
    }

    /// <summary>Where calm begins, bps.</summary>
    public static double RecoverBelow(double thresholdBps, BreakerParameters parameters) => Quantised.Bps(thresholdBps * parameters.RecoverFraction);
}
