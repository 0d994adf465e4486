using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>An intent that was signed at least once, and whose end is not known.</summary>
/// <param name="Intent">What is sent.</param>
/// <param name="Attempts">All for one sequence number, so that the chain takes one of them at most; each later one signed when those before it had
/// certainly expired.</param>
public sealed record SendFlight(SpendIntent Intent, ImmutableArray<SendAttempt> Attempts)
{
    public uint Seqno => Attempts[0].Seqno;

    public SendAttempt Last => Attempts[^1];
}

/// <summary>What one wallet's sender knows. What a restart must know is a fold of the records; the rest is learnt anew from the chain.</summary>
/// <param name="Queue">Accepted and not signed yet, in order.</param>
/// <param name="Flight">Signed; one at a time, as a wallet takes one sequence number after another.</param>
/// <param name="Ended">What became of every intent so far.</param>
/// <param name="SeqnoMin">Numbers below it are used up for certain: a node that tells one is behind.</param>
/// <param name="ChainTime">The latest that was read, s; not of the records.</param>
/// <param name="UsedUpAt">The chain's time at which the flight's number was first seen used up, s; null before; not of the records.</param>
/// <param name="Fault">Why nothing is signed any more until somebody has looked; null when all is well; not of the records.</param>
public sealed record SenderState(
    ImmutableArray<SpendIntent> Queue, SendFlight? Flight, ImmutableDictionary<string, SendOutcome> Ended, uint SeqnoMin, uint ChainTime,
    uint? UsedUpAt, string? Fault)
{
    public static readonly SenderState Initial = new([], null, ImmutableDictionary<string, SendOutcome>.Empty, 0, 0, null, null);

    public bool IsIdle => Queue.IsEmpty && Flight is null;

    /// <summary>The intent of an id that has not ended; null when there is none.</summary>
    public SpendIntent? Open(string id) => Flight?.Intent.Id == id ? Flight.Intent : Queue.FirstOrDefault(i => i.Id == id);

    /// <summary>Whether it was accepted, whatever became of it.</summary>
    public bool Knows(string id) => Ended.ContainsKey(id) || Open(id) is not null;

    /// <summary>What a record means, when it is written and when it is read again.</summary>
    /// <exception cref="InvalidOperationException">Records that no sender writes in this order.</exception>
    public SenderState With(SendRecord record) => record switch
    {
        SendRecord.Accepted accepted => Accept(accepted.Intent),
        SendRecord.Signed signed => Sign(signed),
        SendRecord.Ended ended => End(ended),
        _ => throw new InvalidOperationException($"a record of the kind {record.GetType().Name}: expected one of the three"),
    };

    private SenderState Accept(SpendIntent intent) => Open(intent.Id) is null && !Ended.ContainsKey(intent.Id)
        ? this with { Queue = Queue.Add(intent) }
        : throw new InvalidOperationException($"intent {intent.Id} was accepted twice");

    private SenderState Sign(SendRecord.Signed signed)
    {
        if (Flight is null)
        {
            return Queue.IsEmpty || Queue[0].Id != signed.IntentId
                ? throw new InvalidOperationException($"intent {signed.IntentId} was signed out of its turn")
                : this with { Queue = Queue.RemoveAt(0), Flight = new(Queue[0], [signed.Attempt]), UsedUpAt = null };
        }

        return Flight.Intent.Id == signed.IntentId && Flight.Seqno == signed.Attempt.Seqno
            ? this with { Flight = Flight with { Attempts = Flight.Attempts.Add(signed.Attempt) } }
            : throw new InvalidOperationException(
                $"intent {signed.IntentId} was signed for {signed.Attempt.Seqno} beside {Flight.Intent.Id} for {Flight.Seqno}");
    }

    private SenderState End(SendRecord.Ended ended)
    {
        var after = this with { Ended = Ended.Add(ended.IntentId, ended.Outcome) };
        if (Flight?.Intent.Id == ended.IntentId)
        {
            var isUsedUp = ended.Outcome.End == SendEnd.Traced;
            return after with { Flight = null, UsedUpAt = null, SeqnoMin = isUsedUp ? Math.Max(SeqnoMin, Flight.Seqno + 1) : SeqnoMin };
        }

        return Open(ended.IntentId) is { } waiting
            ? after with { Queue = Queue.Remove(waiting) }
            : throw new InvalidOperationException($"intent {ended.IntentId} ended, and was not open");
    }
}
