namespace Dmm.Wire;

/// <summary>What a frame of a venue's web socket is to the session that reads it.</summary>
public enum VenueFrameKind : byte
{
    /// <summary>None of the others: refused.</summary>
    Unknown,

    /// <summary>Market data, or something of our orders, fills and balances: its messages are in the batch.</summary>
    Data,

    /// <summary>The answer to our ping.</summary>
    Pong,

    /// <summary>The venue asks for a sign of life: it is answered with the socket's pong.</summary>
    Ping,
    LoggedIn,

    /// <summary>One subscription is in force.</summary>
    Subscribed,

    /// <summary>The login or a subscription was refused, or the venue is about to close: the session ends.</summary>
    Error,

    /// <summary>The venue announces something that changes nothing.</summary>
    Notice,
}

/// <summary>What the session needs to know of a frame beside its messages.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">The channel of a subscription, or the venue's words of an error; empty otherwise.</param>
/// <param name="Number">Where the venue counts what it says of our account: this order's message among those of orders, or this fill among the
/// fills, each rising by one. Of a pong, its ping's. 0 otherwise.</param>
public readonly record struct VenueFrame(VenueFrameKind Kind, string Detail = "", long Number = 0);
