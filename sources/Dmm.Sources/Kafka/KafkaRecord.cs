using System.Collections.Immutable;
using Confluent.Kafka;
using Dmm.Wire.Bus;
using Timestamp = Dmm.Core.Timestamp;

namespace Dmm.Sources.Kafka;

/// <summary>A record as the brokers have it.</summary>
public sealed class KafkaRecord
{
    private readonly HeldPartition? _held;

    internal KafkaRecord(ConsumeResult<byte[]?, byte[]?> result, HeldPartition? held)
    {
        var message = result.Message;
        Partition = new(result.Topic, result.Partition.Value);
        Offset = result.Offset.Value;
        Key = message.Key;
        Value = message.Value ?? [];
        At = message.Timestamp.Type == TimestampType.NotAvailable
            ? Timestamp.None
            : Timestamp.FromUnixMilliseconds(message.Timestamp.UnixTimestampMs);
        if (message.Headers is { Count: > 0 } headers) Headers = [.. headers.Select(header => new BusHeader(header.Key, header.GetValueBytes()))];
        _held = held;
    }

    public BusPartition Partition { get; }

    public long Offset { get; }

    public byte[]? Key { get; }

    public byte[] Value { get; }

    public ImmutableArray<BusHeader> Headers { get; } = [];

    /// <summary>When it was published, or taken by the broker, as the topic is set up; to the millisecond.</summary>
    public Timestamp At { get; }

    /// <summary>
    /// Says that this record and all before it in its partition need not come again: a group goes on after it. Thread-safe; without effect once the
    /// partition was given away, and without a group.
    /// </summary>
    public void Applied() => _held?.Applied(Offset);

    /// <summary>What is published when it cannot be read.</summary>
    public DeadLetter ToDeadLetter(string reason) => new(reason, Partition, Offset, Key, Value);

    internal int Size => Value.Length + (Key?.Length ?? 0);
}
