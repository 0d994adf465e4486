using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What a frame of the venue's web socket is.</summary>
public enum HmacFrameKind : byte
{
    /// <summary>None of the others: refused.</summary>
    Unknown,
    Book,
    Trades,

    /// <summary>A change of one of our orders.</summary>
    Order,

    /// <summary>One of our fills.</summary>
    Fill,
    Pong,
    LoggedIn,
    Subscribed,
    Error,
}

/// <summary>What the client needs to know of a frame beside its messages.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Number of an order's or a fill's message, each stream rising by one; the ping's number of a pong.</param>
/// <param name="Code">Of an error: its code; empty otherwise.</param>
public readonly record struct HmacFrame(HmacFrameKind Kind, long Sequence = 0, string Code = "");
