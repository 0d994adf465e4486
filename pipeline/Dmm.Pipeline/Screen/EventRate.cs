using Dmm.Core;

namespace Dmm.Pipeline.Screen;

/// <summary>How fast a run goes, by the wall clock, over about the last second.</summary>
internal sealed class EventRate(TimeProvider time, Timestamp start)
{
    // Shorter spans give a figure that cannot be read for its jumping.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private long _wallAtBase = time.GetTimestamp();
    private long _eventsAtBase;
    private Timestamp _clockAtBase = start;
    private bool _isMeasured;

    public double EventsPerSecond { get; private set; }

    /// <summary>Engine seconds per wall-clock second.</summary>
    public double Pace { get; private set; }

    public void Sample(long events, Timestamp clock)
    {
        var elapsed = time.GetElapsedTime(_wallAtBase);
        if (elapsed < Window && (_isMeasured || elapsed <= TimeSpan.Zero)) return;
        EventsPerSecond = (events - _eventsAtBase) / elapsed.TotalSeconds;
        Pace = (clock - _clockAtBase) / elapsed;
        if (elapsed < Window) return;
        (_isMeasured, _wallAtBase, _eventsAtBase, _clockAtBase) = (true, time.GetTimestamp(), events, clock);
    }
}
