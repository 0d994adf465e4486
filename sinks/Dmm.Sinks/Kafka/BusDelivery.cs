using Dmm.Wire.Bus;

namespace Dmm.Sinks.Kafka;

/// <summary>What became of a message; told once for each that was queued.</summary>
/// <param name="Message">As it was given.</param>
/// <param name="Partition">Where it is; -1 when it failed before a partition was chosen.</param>
/// <param name="Offset">Where it is there; meaningless when it failed.</param>
/// <param name="Failure">Why it is not known to be stored; null when it is.</param>
/// <param name="MayBeStored">It failed, and yet a broker may have it.</param>
public readonly record struct BusDelivery(BusMessage Message, int Partition, long Offset, string? Failure, bool MayBeStored)
{
    public bool IsStored => Failure is null;
}

/// <summary>How publishing stands.</summary>
/// <param name="Queued">Messages taken since the start.</param>
/// <param name="Stored">Of those, how many the brokers acknowledged.</param>
/// <param name="Failed">Of those, how many were handed back as failed.</param>
/// <param name="Pending">Of those, how many still have no outcome.</param>
/// <param name="OldestPending">How long the oldest of them waits.</param>
/// <param name="Renewals">How often the producer was made anew after a fatal error.</param>
public readonly record struct PublisherCounters(long Queued, long Stored, long Failed, int Pending, TimeSpan OldestPending, long Renewals);

/// <summary>A message cannot be published because of its size; nothing was sent.</summary>
public sealed class MessageTooLargeException(string topic, int size, int limit)
    : Exception($"a message for {topic} takes {size} bytes with its framing: expected at most {limit}")
{
    public string Topic { get; } = topic;

    public int Size { get; } = size;

    public int Limit { get; } = limit;
}
