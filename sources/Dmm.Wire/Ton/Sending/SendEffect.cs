namespace Dmm.Wire.Ton;

/// <summary>What is to be done, in the order given; each only when those before it have succeeded.</summary>
public abstract record SendEffect
{
    /// <summary>To the disk, and through to it.</summary>
    public sealed record Persist(SendRecord Record) : SendEffect;

    /// <summary>Sign it, and give the attempt to <see cref="SenderKernel.Signed"/>.</summary>
    public sealed record Sign(SpendIntent Intent, uint Seqno, uint ValidUntil) : SendEffect;

    /// <summary>To a node: it does no harm however often.</summary>
    public sealed record Send(SendAttempt Attempt) : SendEffect;

    /// <summary>Tell whoever wanted it.</summary>
    public sealed record Report(string IntentId, SendOutcome Outcome) : SendEffect;

    /// <summary>Nothing is signed any more; people must look.</summary>
    public sealed record Alarm(string Reason) : SendEffect;
}
