using System.Reactive.Subjects;

namespace Dmm.Testing;

/// <summary>
/// Measures what a chain allocates for an item, so that "0 bytes" is an ordinary test: <c>Allocations.PerItem(...).ShouldBe(0)</c>. It counts
/// bytes and never time, of the calling thread alone. A Debug build boxes in places where a Release build does not, never the other way round.
/// </summary>
public static class Allocations
{
    // What is paid once (statics, a method that tiers up) falls into one round; what is left in the cheapest round is paid every time.
    private const int Rounds = 5;

    /// <summary>Bytes that the chain allocates for one item, from its source to its observer; what the items cost to make is left out.</summary>
    /// <param name="chain">Builds the chain over a source; it must deliver on the calling thread.</param>
    /// <param name="item">Makes the item with the given index, before the measurement begins.</param>
    /// <param name="items">How many items a round pushes; five rounds are measured, after one of warm-up.</param>
    /// <returns>Bytes an item in the cheapest round: 0 when nothing is allocated.</returns>
    /// <exception cref="InvalidOperationException">The chain delivered nothing (so that nothing was measured), ended early, or failed.</exception>
    public static double PerItem<TIn, TOut>(Func<IObservable<TIn>, IObservable<TOut>> chain, Func<int, TIn> item, int items = 10_000)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(item);
        var inputs = Enumerable.Range(0, items).Select(item).ToArray();
        using var source = new Subject<TIn>();
        var outlet = new Outlet<TOut>();
        using var subscription = chain(source).Subscribe(outlet);
        var bytes = PerItem(i => source.OnNext(inputs[i]), items);
        outlet.ThrowUnlessMeasured();
        return bytes;
    }

    /// <summary>Bytes that one call of the action allocates, such as a kernel's step.</summary>
    /// <param name="action">Is called with 0, 1, … <paramref name="items"/> - 1 in each round.</param>
    /// <param name="items">How many calls a round makes; five rounds are measured, after one of warm-up.</param>
    /// <returns>Bytes a call in the cheapest round: 0 when nothing is allocated.</returns>
    public static double PerItem(Action<int> action, int items = 10_000)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(items);
        Round(action, items);
        var cheapest = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
            cheapest = Math.Min(cheapest, Round(action, items));
        return (double)cheapest / items;
    }

    private static long Round(Action<int> action, int items)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < items; i++)
            action(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Outlet<T> : IObserver<T>
    {
        private long _count;
        private string? _end;

        public void OnNext(T value) => _count++;

        public void OnError(Exception error) => _end = $"failed: {error.Message}";

        public void OnCompleted() => _end = "completed before its source";

        public void ThrowUnlessMeasured()
        {
            if (_end is not null)
                throw new InvalidOperationException($"the chain {_end}");
            if (_count == 0)
                throw new InvalidOperationException("the chain delivered nothing, so nothing was measured");
        }
    }
}
