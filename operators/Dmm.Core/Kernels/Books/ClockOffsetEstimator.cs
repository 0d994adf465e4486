namespace Dmm.Core.Kernels;

/// <summary>What is known of one venue's clock.</summary>
/// <param name="BucketStart">Receive time at which the present half-window began; <see cref="Timestamp.None"/> before the first event.</param>
/// <param name="BucketMax">Largest lead of the venue's clock in the present half-window.</param>
/// <param name="FormerMax">Largest lead in the half-window before it; null when it had no event.</param>
/// <param name="Reported">The last offset reported; null before the first.</param>
public readonly record struct ClockOffsetState(Timestamp BucketStart, TimeSpan BucketMax, TimeSpan? FormerMax, TimeSpan? Reported)
{
    /// <summary>The venue's clock less ours: the largest lead in the window, which is that of the event with the least latency.</summary>
    public TimeSpan Offset => FormerMax is { } former && former > BucketMax ? former : BucketMax;
}

/// <summary>
/// Estimates how far a venue's clock runs ahead of the receiving machine's, from event and receive times alone. An event is received its latency
/// after it
/// happened, so that venue − receive = offset − latency: the largest such difference over the last 30 to 60 s is the offset, short of the least
/// latency.
/// It is reported at the first event, and when it differs from what was reported by more than 50 ms. A venue clock that steps ahead shows at once,
/// one that
/// steps back within the window.
/// </summary>
public static class ClockOffsetEstimator
{
    public static readonly TimeSpan HalfWindow = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ReportedChange = TimeSpan.FromMilliseconds(50);

    /// <param name="state">The state so far; <c>default</c> before the first event.</param>
    /// <param name="venueTime">The venue's own time of an event; unknown ones change nothing.</param>
    /// <param name="receiveTime">Our time of its receipt.</param>
    /// <param name="isReported">Whether the offset is to be reported, as <see cref="ClockOffsetState.Reported"/> of the result.</param>
    public static ClockOffsetState Step(in ClockOffsetState state, Timestamp venueTime, Timestamp receiveTime, out bool isReported)
    {
        isReported = false;
        if (!venueTime.IsKnown || !receiveTime.IsKnown) return state;
        var next = Bucketed(state, lead: venueTime - receiveTime, receiveTime);
        isReported = next.Reported is not { } reported || (next.Offset - reported).Duration() > ReportedChange;
        return isReported ? next with { Reported = next.Offset } : next;
    }

    private static ClockOffsetState Bucketed(in ClockOffsetState state, TimeSpan lead, Timestamp receiveTime)
    {
        var age = receiveTime - state.BucketStart;
        // Our own clock may have been set back, or the feed been silent: what was known before then says nothing of now.
        if (!state.BucketStart.IsKnown || age >= 2 * HalfWindow || age <= -HalfWindow) return new(receiveTime, lead, FormerMax: null, state.Reported);
        if (age >= HalfWindow) return new(state.BucketStart + HalfWindow, lead, state.BucketMax, state.Reported);
        return lead > state.BucketMax ? state with { BucketMax = lead } : state;
    }
}
