namespace Dmm.Pipeline.Tests.Venues;

/// <summary>
/// The real clock, which a test may let run faster for a while: what waits for an instant comes to it sooner, timers ring as they always do. So a warm-up
/// is over in seconds, and requests have all the time they have in earnest.
/// </summary>
internal sealed class RushedTime : TimeProvider
{
    private readonly TimeProvider _real = System;
    private readonly Lock _lock = new();
    private long _since;
    private DateTimeOffset _then;
    private long _rushed;
    private double _rate = 1;

    public RushedTime() => (_since, _then) = (_real.GetTimestamp(), _real.GetUtcNow());

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Rush(double rate)
    {
        lock (_lock)
        {
            _rushed = Elapsed();
            (_since, _rate) = (_real.GetTimestamp(), rate);
        }
    }

    public override DateTimeOffset GetUtcNow() => _then + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (_lock) return Elapsed();
    }

    private long Elapsed() => _rushed + (long)(_real.GetElapsedTime(_since).Ticks * _rate);
}
