using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// One of the venue's request limits, kept on our side: a bucket of tokens with a reserve that placements leave for cancels and queries. A venue that
/// says "too many" is obeyed for as long as it says, and what it announces of its limit and of what is left replaces what was thought. Thread-safe.
/// </summary>
internal sealed class RequestBudget(RequestLimits limits, TimeProvider time)
{
    // The orders of three rungs to either side, twice over: cancelled and placed.
    private const int LadderTokens = 12;

    private readonly Lock _lock = new();
    private readonly int _reserve = limits.CancelReserve;
    private RequestLimits _limits = limits;
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
            var now = Count();
            var missing = weight + (isUrgent ? 0 : _limits.CancelReserve) - _tokens;
            if (missing > 0 && !isUrgent) missing += Math.Min(LadderTokens, Math.Max(0, _limits.Burst - _limits.CancelReserve - weight));
            wait = missing > 0 ? TimeSpan.FromSeconds(missing / _limits.PerSecond) : TimeSpan.Zero;
            if (now < _closedUntil && time.GetElapsedTime(now, _closedUntil) is var closed && closed > wait) wait = closed;
            if (wait > TimeSpan.Zero) return false;
            _tokens -= weight;
            return true;
        }
    }

    /// <summary>Puts tokens back that were taken for a request which was not sent.</summary>
    public void GiveBack(int weight)
    {
        lock (_lock) _tokens = Math.Min(_limits.Burst, _tokens + weight);
    }

    /// <summary>The venue refuses all requests for that long.</summary>
    public void CloseFor(TimeSpan span)
    {
        lock (_lock)
            _closedUntil = Math.Max(_closedUntil, time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>The venue's own count: never more tokens than it says are left, and its limit instead of the configured one.</summary>
    public void Announce(RateNotice notice)
    {
        lock (_lock)
        {
            Count();
            if (notice.PerSecond is > 0 and var perSecond) _limits = _limits with { PerSecond = perSecond };
            // A burst below the reserve would leave nothing to place with: the reserve shrinks along.
            if (notice.Burst is > 0 and var burst) _limits = _limits with { Burst = burst, CancelReserve = Math.Min(_reserve, burst / 2) };
            _tokens = Math.Min(_tokens, _limits.Burst);
            if (notice.Remaining is { } remaining) _tokens = Math.Min(_tokens, Math.Max(0, remaining));
        }

        if (notice is { Remaining: <= 0, ResetAfter: var reset } && reset > TimeSpan.Zero) CloseFor(reset);
    }

    private long Count()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_limits.Burst, _tokens + time.GetElapsedTime(_countedAt, now).TotalSeconds * _limits.PerSecond);
        _countedAt = now;
        return now;
    }
}
