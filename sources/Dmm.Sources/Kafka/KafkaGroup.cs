using System.Collections.Immutable;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>Consumers that share the partitions of topics, each partition read by one of them. All is told on the polling thread.</summary>
public sealed record KafkaGroup
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Topics { get; init; }

    /// <summary>Where a partition begins that the group never read: <see cref="BusPosition.Beginning"/> or <see cref="BusPosition.End"/>.</summary>
    public long From { get; init; } = BusPosition.Beginning;

    /// <summary>Partitions are ours from now on; before their first record, and soon: records of the others wait meanwhile.</summary>
    public Action<ImmutableArray<BusPartition>> OnAssigned { get; init; } = static _ => { };

    /// <summary>
    /// Partitions are taken from us, by the group or by our leaving it. No record of them is observed any more; they are let go when the task ends,
    /// or when <see cref="KafkaRecordsOptions.HandOverMax"/> is over, which cancels it. What is applied until then is stored.
    /// </summary>
    public Func<ImmutableArray<BusPartition>, CancellationToken, Task> OnRevoked { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>
    /// Partitions were let go without the brokers having stored what is applied, for that reason: the next who has them is given it once more.
    /// </summary>
    public Action<ImmutableArray<BusPartition>, string> OnUncommitted { get; init; } = static (_, _) => { };

    /// <summary>Partitions are no longer ours, for some time already, and another may have them: nothing of them may be stored any more.</summary>
    public Action<ImmutableArray<BusPartition>> OnLost { get; init; } = static _ => { };
}
