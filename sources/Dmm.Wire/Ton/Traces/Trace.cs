using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>How sure it is that a trace stays: what is less than <see cref="Finalized"/> may be taken back.</summary>
public enum TraceFinality : byte
{
    /// <summary>A node's guess of what will be.</summary>
    Pending,

    /// <summary>In a block of its shard that the masterchain does not know yet.</summary>
    Confirmed,

    /// <summary>In a block that the masterchain refers to.</summary>
    Finalized,
}

/// <summary>A message of a trace.</summary>
/// <param name="Hash">What links the transaction that sent it with the one that answers it.</param>
/// <param name="Content">What it says.</param>
/// <param name="ForwardFee">What its sender paid for its way, beside the fees of the sending transaction.</param>
public sealed record TraceMessage(Hash256 Hash, Message Content, Coins ForwardFee);

/// <summary>A transaction of a trace.</summary>
/// <param name="Account">Whose.</param>
/// <param name="At">Unix time in seconds of its block.</param>
/// <param name="Exit">The computation's exit code; null where there was none.</param>
/// <param name="Fees">Its own fees; not those of its messages' ways.</param>
/// <param name="Came">What it answers.</param>
/// <param name="Sent">What it sends, in order.</param>
public sealed record TraceTransaction(Address Account, uint At, int? Exit, Coins Fees, TraceMessage? Came, ImmutableArray<TraceMessage> Sent)
{
    /// <summary>Whether it answers that message from outside.</summary>
    /// <param name="message">By its normalised hash.</param>
    public bool Answers(Hash256 message) => Came is { Content: { Kind: MessageKind.ExternalIn, Destination: { } to } content }
        && new ExternalInMessage(to, content.Body).NormalisedHash == message;
}

/// <summary>A message from outside and all that followed from it.</summary>
/// <param name="Transactions">In any order.</param>
/// <param name="Finality">That of its least sure part.</param>
/// <param name="IsComplete">No message of it is still on its way.</param>
public sealed record Trace(ImmutableArray<TraceTransaction> Transactions, TraceFinality Finality, bool IsComplete);
