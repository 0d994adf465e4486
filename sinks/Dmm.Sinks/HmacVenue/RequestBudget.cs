using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The venue's request limit, kept on our side: a bucket of tokens with a reserve that placements leave for cancels and queries. A venue that
/// says "too
/// many" is obeyed for as long as it says. Thread-safe.
/// </summary>
internal sealed class RequestBudget(HmacRequestLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = limits.Burst;
    private long _countedAt = time.GetTimestamp();
    private long _closedUntil = long.MinValue;

    /// <summary>Takes the tokens; false, with the time after which there will be enough, when there are too few.</summary>
    public bool TryTake(int weight, bool isUrgent, out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(limits.Burst, _tokens + time.GetElapsedTime(_countedAt, now).TotalSeconds * limits.PerSecond);
            _countedAt = now;
            var missing = weight + (isUrgent ? 0 : limits.CancelReserve) - _tokens;
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
