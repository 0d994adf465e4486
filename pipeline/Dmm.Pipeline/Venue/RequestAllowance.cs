using Dmm.Core;

namespace Dmm.Pipeline.Venue;

/// <summary>The account's limit on requests: a bucket of tokens on the venue's clock.</summary>
internal sealed class RequestAllowance(double perSecond, int burst, Timestamp start)
{
    private double _tokens = burst;
    private Timestamp _countedAt = start;

    /// <summary>Takes a token; false, with the time after which there will be one, when there is none.</summary>
    public bool TryTake(Timestamp now, out TimeSpan wait)
    {
        _tokens = Math.Min(burst, _tokens + perSecond * (now - _countedAt).TotalSeconds);
        _countedAt = now;
        wait = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        if (_tokens < 1) return false;
        _tokens--;
        return true;
    }
}
