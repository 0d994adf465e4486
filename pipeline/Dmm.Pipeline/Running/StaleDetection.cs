using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;
using HdrHistogram;

namespace Dmm.Pipeline.Running;

/// <summary>
/// How old a feed's data was, by exchange time, when its quotes were taken away: the time to detect a stale book. A gap, a crossed book or a lost link
/// is noticed with the frame or the close that shows it, and counts as 0. Belongs to the engine's thread.
/// </summary>
internal sealed class StaleDetection
{
    private const long HighestMilliseconds = 3_600_000;

    private readonly LongHistogram _milliseconds = new(1, HighestMilliseconds, 3);

    /// <summary>Told of each decision; those that halt a feed count.</summary>
    public void OnDecision(in Decision decision)
    {
        if (decision.Body is BreakerState { Kind: BreakerKind.Staleness, Demand: TradingState.Halted } halt)
            _milliseconds.RecordValue((long)Math.Clamp(halt.Value * 1e3, 0, HighestMilliseconds));
    }

    /// <summary>How many, the middle and the oldest; nothing when no feed went stale.</summary>
    public IEnumerable<RunFact> Facts()
    {
        if (_milliseconds.TotalCount == 0) yield break;
        yield return new("staleFeeds", "feeds found stale or broken", _milliseconds.TotalCount);
        yield return new("staleDetectedP50Ms", "time to detect, p50, ms", _milliseconds.GetValueAtPercentile(50));
        yield return new("staleDetectedMaxMs", "time to detect, longest, ms", _milliseconds.GetValueAtPercentile(100));
    }
}
