namespace Dmm.Simulation;

/// <summary>What can go wrong in a fault simulation. Those from <see cref="Crash"/> on happen to the desk, the others to one venue.</summary>
public enum FaultKind : byte
{
    /// <summary>Requests, answers and messages take up to 600 ms longer.</summary>
    Latency,

    /// <summary>Messages of the private stream overtake one another.</summary>
    ReorderedMessages,

    /// <summary>Messages of the private stream come twice.</summary>
    DuplicatedMessages,

    /// <summary>Messages of the private stream are lost; what was missed has to be fetched.</summary>
    LostMessages,

    /// <summary>Requests are lost before they reach the venue: no answer, no effect.</summary>
    LostRequests,

    /// <summary>Requests reach the venue after we have given up on them, and may still take effect.</summary>
    LateRequests,

    /// <summary>Requests take effect, and their answers are lost.</summary>
    LostAnswers,

    /// <summary>Sound placements and amendments are refused.</summary>
    RefusedOrders,

    /// <summary>Every request is refused as one too many.</summary>
    RateLimit,

    /// <summary>Cancels of open orders are refused.</summary>
    RefusedCancels,

    /// <summary>An order trades just before its cancel or amendment arrives.</summary>
    FillsFirst,

    /// <summary>Takers go for our orders, in parts.</summary>
    Rush,

    /// <summary>The venue cannot be reached: no request leaves, both streams are down.</summary>
    Outage,

    /// <summary>The public feed is disconnected, and comes back with a snapshot.</summary>
    FeedDown,

    /// <summary>A delta of the public feed is lost, the gap is noticed, a snapshot fetched.</summary>
    FeedGap,

    /// <summary>The public feed is connected and says nothing.</summary>
    SilentFeed,

    /// <summary>The venue's clock goes wrong, and its offset is known a while later.</summary>
    ClockSkew,

    /// <summary>The process is killed amid its effects, and goes on from its journal after that time.</summary>
    Crash,

    /// <summary>An operator pauses, and resumes after that time.</summary>
    Pause,

    /// <summary>An operator kills, and re-enables after that time.</summary>
    Kill,

    /// <summary>An operator changes parameters.</summary>
    ParameterChange,
}
