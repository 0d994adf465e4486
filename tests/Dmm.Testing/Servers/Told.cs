namespace Dmm.Testing.Servers;

/// <summary>What callbacks told, in order, and a way to wait for it. Thread-safe.</summary>
public sealed class Told<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _all = [];
    private readonly List<(Func<IReadOnlyList<T>, bool> IsMet, TaskCompletionSource Met)> _waiting = [];

    public IReadOnlyList<T> All
    {
        get { lock (_lock) return [.. _all]; }
    }

    public void Take(T told)
    {
        lock (_lock)
        {
            _all.Add(told);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].IsMet(_all)) continue;
                _waiting[i].Met.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>Waits until so many were told.</summary>
    public Task<IReadOnlyList<T>> Count(int count) => Until(all => all.Count >= count, $"{count} to be told");

    /// <summary>Waits until one was told for which this holds.</summary>
    public Task<IReadOnlyList<T>> One(Func<T, bool> isIt) => Until(all => all.Any(isIt), "one that is not among them");

    /// <summary>Waits until it holds of all that was told.</summary>
    /// <exception cref="TimeoutException">It did not within a minute and a half; the message holds what was told.</exception>
    public async Task<IReadOnlyList<T>> Until(Func<IReadOnlyList<T>, bool> isMet, string expected = "more")
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (isMet(_all)) return [.. _all];
            _waiting.Add((isMet, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException)
        {
            var all = All;
            throw new TimeoutException($"expected {expected}; told were {all.Count}: {string.Join(", ", all.TakeLast(20))}");
        }

        return All;
    }
}
