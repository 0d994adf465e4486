using System.Collections.Concurrent;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// The venue's limits by the names that its requests give (<see cref="VenueRequest.Bucket"/>). A name with a stroke, such as <c>orders/DCT-USDT</c>,
/// has
/// a bucket of its own with the limits of what stands before the stroke. Thread-safe.
/// </summary>
internal sealed class RequestBudgets(IReadOnlyDictionary<string, RequestLimits> limits, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RequestBudget> _budgets = new(StringComparer.Ordinal);
    private long _closedUntil = time.GetTimestamp();

    /// <exception cref="ArgumentException">No limits have that name.</exception>
    public RequestBudget this[string bucket] => _budgets.GetOrAdd(bucket, Made);

    /// <summary>
    /// Takes the request's tokens of its own limit and of the one it shares; of neither, with the time to wait, where one has too few.
    /// </summary>
    public bool TryTake(in VenueRequest request, out TimeSpan wait)
    {
        if (!this[request.Bucket].TryTake(request.Weight, request.IsUrgent, out wait)) return false;
        if (request.Shared.Length == 0 || this[request.Shared].TryTake(request.Weight, request.IsUrgent, out wait)) return true;
        this[request.Bucket].GiveBack(request.Weight);
        return false;
    }

    /// <summary>The venue takes nothing at all for that long, whatever the request.</summary>
    public void CloseAllFor(TimeSpan span)
    {
        Volatile.Write(ref _closedUntil, time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency));
        foreach (var budget in _budgets.Values) budget.CloseFor(span);
    }

    private RequestBudget Made(string bucket)
    {
        var budget = new RequestBudget(LimitsOf(bucket), time);
        budget.CloseFor(time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _closedUntil)));
        return budget;
    }

    private RequestLimits LimitsOf(string bucket)
    {
        var stroke = bucket.IndexOf('/');
        return limits.TryGetValue(stroke < 0 ? bucket : bucket[..stroke], out var found)
            ? found
            : throw new ArgumentException(
                $"no request limits are named '{bucket}': expected one of {string.Join(", ", limits.Keys)}", nameof(bucket));
    }
}
