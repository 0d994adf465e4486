namespace Dmm.Pipeline.Driving;

/// <summary>
/// The host's time as trading needs it: it runs evenly. It begins at the wall clock and goes on with the monotonic one, drawn towards the wall clock
/// by at most <see cref="SlewPerSecond"/>, so that a wall clock which is set back or forth (NTP, a person, a host that moved) neither halts timers
/// nor lets them all fire at once. How far the wall clock is away is told by <see cref="Offset"/>.
/// </summary>
/// <param name="host">Gives the wall clock, the monotonic one and timers.</param>
public sealed class SteadyTimeProvider(TimeProvider host) : TimeProvider
{
    /// <summary>Half of what NTP itself allows a clock to be slewed by: 5 s are made up in less than six hours.</summary>
    public static readonly TimeSpan SlewPerSecond = TimeSpan.FromMicroseconds(250);

    private readonly Lock _lock = new();
    private DateTimeOffset _at = host.GetUtcNow();
    private long _timestamp = host.GetTimestamp();

    public override TimeZoneInfo LocalTimeZone => host.LocalTimeZone;

    public override long TimestampFrequency => host.TimestampFrequency;

    /// <summary>How far the wall clock is ahead of this one.</summary>
    public TimeSpan Offset => host.GetUtcNow() - GetUtcNow();

    public override long GetTimestamp() => host.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        host.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var timestamp = host.GetTimestamp();
            var elapsed = host.GetElapsedTime(_timestamp, timestamp);
            var even = _at + elapsed;
            var slewMax = SlewPerSecond * elapsed.TotalSeconds;
            var away = host.GetUtcNow() - even;
            (_at, _timestamp) = (even + (away > slewMax ? slewMax : away < -slewMax ? -slewMax : away), timestamp);
            return _at;
        }
    }
}
