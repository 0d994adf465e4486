using Dmm.Core;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Testing.Venues;

/// <summary>A clock moved by hand that says when somebody waits for it, so that a test moves it neither too early nor by polling.</summary>
public sealed class HandTime : TimeProvider
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Lock _lock = new();
    private readonly List<Noted> _set = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Told)> _awaited = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public Timestamp Now => Timestamp.From(_clock.GetUtcNow());

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Noted(this, _clock.CreateTimer(callback, state, dueTime, period), dueTime);
        lock (_lock)
        {
            var at = _awaited.FindIndex(a => a.Due == dueTime);
            if (at < 0)
            {
                _set.Add(timer);
            }
            else
            {
                _awaited[at].Told.SetResult();
                _awaited.RemoveAt(at);
            }
        }

        return timer;
    }

    /// <summary>Moves the clock by that span once a timer of exactly that span is set: each timer counts once.</summary>
    public async Task PassAsync(TimeSpan due)
    {
        await SetAsync(due);
        _clock.Advance(due);
    }

    /// <summary>Ends once a timer of exactly that span is set: each counts once.</summary>
    public Task SetAsync(TimeSpan due)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var at = _set.FindIndex(timer => timer.Due == due);
            if (at < 0)
            {
                _awaited.Add((due, told));
            }
            else
            {
                _set.RemoveAt(at);
                told.SetResult();
            }
        }

        return told.Task.Guarded($"a timer of {due.TotalSeconds} s");
    }

    public void Advance(TimeSpan span) => _clock.Advance(span);

    /// <summary>A timer that nobody waits for any more is not one to pass.</summary>
    private sealed class Noted(HandTime time, ITimer timer, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            lock (time._lock) time._set.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

public static class Guard
{
    /// <summary>Bounds a wait that ends at once unless the test fails.</summary>
    public static async Task<T> Guarded<T>(this Task<T> task, string awaited)
    {
        await ((Task)task).Guarded(awaited);
        return await task;
    }

    public static async Task Guarded(this Task task, string awaited)
    {
        if (await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(60))) != task) throw new TimeoutException($"waited in vain for {awaited}");
        await task;
    }
}
