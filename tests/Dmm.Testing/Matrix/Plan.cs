using System.Reactive;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>What the matrix was asked: the operator, what to feed it, and what to expect.</summary>
internal sealed record Plan<TIn, TOut>(
    Func<IObservable<TIn>, IScheduler, IObservable<TOut>> Operator, IReadOnlyList<Recorded<Notification<TIn>>> Sample, OperatorTraits Traits)
{
    // An operator is tried after at most so many parts of a run, evenly spread: cost stays linear in the sample.
    private const int PartsMax = 40;

    public Trial<TIn, TOut> NewTrial() => new(Operator, Sample);

    /// <summary>The whole numbers from first to last, thinned out when there are many; both ends are always in.</summary>
    public static IEnumerable<int> Parts(int first, int last)
    {
        var count = last - first;
        return count < PartsMax
            ? Enumerable.Range(first, Math.Max(count + 1, 0))
            : Enumerable.Range(0, PartsMax + 1).Select(part => first + (int)((long)count * part / PartsMax));
    }
}
