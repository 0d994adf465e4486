using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The venue's request limit, kept on our side: a bucket of tokens with a reserve that placements leave for cancels and queries. A venue that
/// says "too many" is obeyed for as long as it says. Thread-safe.
/// </summary>
internal sealed class RequestBudget(HmacRequestLimits limits, TimeProvider time)
{
    // The orders of three rungs to either side, twice over: cancelled and placed.
    private const int LadderTokens = 12;

    private readonly Lock _lock = new();
    private double _tokens = limits.Burst;
    private long _countedAt = time.GetTimestamp();
    private long _closedUntil = long.MinValue;

    /// <summary>
    /// Takes the tokens. False when there are too few, with the time after which it is worth to come again: there will be enough then, and for what
    /// is not urgent enough for a whole ladder, or its first order would close the path again.
    /// </summary>
    public bool TryTake(int weight, bool isUrgent, out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(limits.Burst, _tokens + time.GetElapsedTime(_countedAt, now).TotalSeconds * limits.PerSecond);
            _countedAt = now;
            var missing = weight + (isUrgent ? 0 : limits.CancelReserve) - _tokens;
            if (missing > 0 && !isUrgent) missing += Math.Min(LadderTokens, limits.Burst - limits.CancelReserve - weight);
            wait = missing > 0 ? TimeSpan.FromSeconds(missing / limits.PerSecond) : TimeSpan.Zero;
            if (now < _closedUntil && time.GetElapsedTime(now, _closedUntil) is var closed && closed > wait) wait = closed;
            if (wait > TimeSpan.Zero) return false;
            _tokens -= weight;
            return true;
        }
    }

    /// <summary>The venue refuses all requests for that long.</summary>
    public void CloseFor(TimeSpan span)
    {
        lock (_lock)
            _closedUntil = Math.Max(_closedUntil, time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency));
    }
}
