namespace Dmm.Pipeline.Tests.Venues;

/// <summary>
/// A clock that a test may let run faster for a while: what waits for an instant comes to it sooner, timers ring as they always do. So a warm-up is
/// over in seconds, and requests have all the time they have in earnest. It begins five minutes past an hour: journals roll at the full one.
/// </summary>
internal sealed class RushedTime : TimeProvider
{
    private readonly TimeProvider _real = System;
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _began = new(2026, 1, 5, 12, 5, 0, TimeSpan.Zero);
    private long _since;
    private long _rushed;
    private double _rate = 1;

    public RushedTime() => _since = _real.GetTimestamp();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Rush(double rate)
    {
        lock (_lock)
        {
            _rushed = Elapsed();
            (_since, _rate) = (_real.GetTimestamp(), rate);
        }
    }

    /// <summary>So much time is over at once.</summary>
    public void Pass(TimeSpan span)
    {
        lock (_lock) _rushed += span.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => _began + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (_lock) return Elapsed();
    }

    private long Elapsed() => _rushed + (long)(_real.GetElapsedTime(_since).Ticks * _rate);
}
