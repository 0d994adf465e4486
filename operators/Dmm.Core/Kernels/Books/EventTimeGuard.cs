using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What puts the messages of a stream in order.</summary>
public enum EventOrder : byte
{
    /// <summary>Ids, or the one connection they come over: an event time that runs backwards is counted and the message kept.</summary>
    BySequence,

    /// <summary>Nothing but the event time: what is older than the latest would put an old state in a newer one's place, and is refused.</summary>
    ByTime,
}

public enum EventTimeVerdict : byte
{
    /// <summary>Not before the latest event, or without a time.</summary>
    InOrder,

    /// <summary>Before the latest event; accepted.</summary>
    Backwards,

    /// <summary>Before the latest event; refused. The latest state stands, so nothing is missing.</summary>
    Superseded,

    /// <summary>Too far ahead of the venue's corrected clock; refused, so that it is missing.</summary>
    Ahead,
}

/// <summary>All that <see cref="EventTimeGuard"/> knows of one stream.</summary>
public readonly record struct EventTimeState
{
    /// <summary>Event time of the latest message accepted.</summary>
    public Timestamp LatestEventTime { get; init; }

    /// <summary>How far the venue's clock runs ahead of the engine's.</summary>
    public TimeSpan Offset { get; init; }

    /// <summary>Messages accepted though their time ran backwards.</summary>
    public long Backwards { get; init; }

    /// <summary>Messages refused.</summary>
    public long Refused { get; init; }
}

/// <summary>
/// Judges the event times of one stream against its own past and the venue's corrected clock (engine time + offset of that venue). One message with a
/// wrong time costs at most itself: a time that was refused is forgotten, and one that was accepted but lies ahead of the corrected clock is no
/// measure for those after it. So a venue whose clock runs ahead shows no order by time until its offset is known.
/// </summary>
public static class EventTimeGuard
{
    /// <param name="state">The stream so far.</param>
    /// <param name="eventTime">Exchange time of the message; a message without one is in order and changes nothing.</param>
    /// <param name="now">Engine time.</param>
    /// <param name="order">What puts this stream in order.</param>
    /// <param name="aheadMax">How far ahead of the corrected clock is still accepted.</param>
    /// <param name="verdict">The judgement.</param>
    public static EventTimeState Step(
        in EventTimeState state, Timestamp eventTime, Timestamp now, EventOrder order, TimeSpan aheadMax, out EventTimeVerdict verdict)
    {
        verdict = Judge(state, eventTime, now + state.Offset, order, aheadMax);
        return verdict switch
        {
            EventTimeVerdict.InOrder => eventTime.IsKnown ? state with { LatestEventTime = eventTime } : state,
            EventTimeVerdict.Backwards => state with { LatestEventTime = eventTime, Backwards = state.Backwards + 1 },
            _ => state with { Refused = state.Refused + 1 },
        };
    }

    /// <summary>
    /// The refusal in words and numbers, from the state before the message; the subject names it, as in <c>okx:BTC-USDT delta 17..19</c>.
    /// </summary>
    public static Rejected Explain(
        in EventTimeState state, EventTimeVerdict verdict, Timestamp eventTime, Timestamp now, TimeSpan aheadMax, string venue, string subject)
    {
        var reason = verdict == EventTimeVerdict.Ahead
            ? $"event time {eventTime} of {subject} is {Seconds(eventTime - (now + state.Offset))} s ahead of the corrected clock, "
                + $"limit {Seconds(aheadMax)} s"
            : $"event time {eventTime} of {subject} runs {Seconds(state.LatestEventTime - eventTime)} s backwards: a newer state is known";
        return new(venue, reason, subject);
    }

    private static EventTimeVerdict Judge(in EventTimeState state, Timestamp eventTime, Timestamp correctedNow, EventOrder order, TimeSpan aheadMax)
    {
        if (eventTime - correctedNow > aheadMax) return EventTimeVerdict.Ahead;
        if (!eventTime.IsKnown || eventTime >= state.LatestEventTime) return EventTimeVerdict.InOrder;
        if (order == EventOrder.BySequence) return EventTimeVerdict.Backwards;
        return state.LatestEventTime > correctedNow ? EventTimeVerdict.InOrder : EventTimeVerdict.Superseded;
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
