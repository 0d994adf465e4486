namespace Dmm.Wire.Ton;

/// <summary>A signed batch of an intent; what was sent, byte for byte.</summary>
/// <param name="Seqno">What it uses up.</param>
/// <param name="ValidUntil">Unix time in seconds of the chain from which on it can do nothing any more.</param>
/// <param name="Hash">The normalised hash, by which indexers know it.</param>
/// <param name="Boc">What nodes are sent, again and again.</param>
public sealed record SendAttempt(uint Seqno, uint ValidUntil, Hash256 Hash, ReadOnlyMemory<byte> Boc);

/// <summary>How an intent ended; there is one end, and no other after it.</summary>
public enum SendEnd : byte
{
    /// <summary>The chain took it; <see cref="SendOutcome.Trace"/> tells what came of it.</summary>
    Traced,

    /// <summary>Its time is over and it certainly did nothing.</summary>
    Expired,

    /// <summary>It was never signed.</summary>
    Refused,
}

/// <param name="End">Which of the three.</param>
/// <param name="Trace">What the chain shows; null unless it took it.</param>
/// <param name="Reason">In words.</param>
public sealed record SendOutcome(SendEnd End, TraceOutcome? Trace, string Reason);

/// <summary>What must be on the disk before anything else happens; the sender's state is nothing but the fold of these.</summary>
public abstract record SendRecord(string IntentId)
{
    public sealed record Accepted(SpendIntent Intent) : SendRecord(Intent.Id);

    public sealed record Signed(string IntentId, SendAttempt Attempt) : SendRecord(IntentId);

    public sealed record Ended(string IntentId, SendOutcome Outcome) : SendRecord(IntentId);
}
