using System.Diagnostics;

namespace Dmm.Testing.Venues;

/// <summary>The real clock, so many times as fast: for whole runs against fakes that answer at once, whose waits are long.</summary>
public sealed class QuickTime(int factor) : TimeProvider
{
    private readonly DateTimeOffset _began = TimeProvider.System.GetUtcNow();
    private readonly long _from = Stopwatch.GetTimestamp();

    public override long TimestampFrequency => Stopwatch.Frequency;

    public override DateTimeOffset GetUtcNow() => _began + Stopwatch.GetElapsedTime(_from) * factor;

    public override long GetTimestamp() => _from + (Stopwatch.GetTimestamp() - _from) * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Quick(TimeProvider.System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)), this);

    // Never too early: who waits for an hour must not find that it is a little less.
    private TimeSpan Scaled(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / factor));

    private sealed class Quick(ITimer timer, QuickTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Scaled(dueTime), time.Scaled(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
