using System.Collections.Immutable;
using Confluent.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>Which partitions a subscription reads. All is called on its polling thread.</summary>
internal abstract class Reading
{
    private readonly Dictionary<TopicPartition, HeldPartition> _held = [];

    public IReadOnlyCollection<HeldPartition> Held => _held.Values;

    /// <summary>Partitions came since this was last set to false.</summary>
    public bool HasGained { get; set; }

    public HeldPartition? Of(TopicPartition partition) => _held.GetValueOrDefault(partition);

    public abstract IConsumer<byte[]?, byte[]?> Begin(Func<ConsumerConfig, ConsumerBuilder<byte[]?, byte[]?>> builder, ReadAhead ahead);

    /// <summary>Whether that partition is to be read from the oldest record there is, whichever that may be.</summary>
    public virtual bool IsFromBeginning(TopicPartition partition) => false;

    /// <summary>Gives the library what is applied, to be committed.</summary>
    public abstract void StoreApplied(IConsumer<byte[]?, byte[]?> consumer);

    protected void Gain(TopicPartition partition)
    {
        _held[partition] = new(partition);
        HasGained = true;
    }

    protected HashSet<HeldPartition> Among(IEnumerable<TopicPartition> partitions) => [.. partitions.Select(Of).OfType<HeldPartition>()];

    protected void Release(IEnumerable<HeldPartition> partitions)
    {
        foreach (var partition in partitions) _held.Remove(partition.Partition);
    }
}

internal sealed class AssignedReading(KafkaRecordsOptions options, ImmutableArray<BusPosition> positions) : Reading
{
    public override IConsumer<byte[]?, byte[]?> Begin(Func<ConsumerConfig, ConsumerBuilder<byte[]?, byte[]?>> builder, ReadAhead ahead)
    {
        var consumer = builder(ConsumerSettings.Assigned(options.Kafka, options.AheadBytesMax)).Build();
        var starts = positions.Select(p => new TopicPartitionOffset(p.Partition.Topic, p.Partition.Partition, p.Offset)).ToList();
        foreach (var start in starts) Gain(start.TopicPartition);
        consumer.Assign(starts);
        return consumer;
    }

    public override bool IsFromBeginning(TopicPartition partition) => positions.Any(
        p => p.Offset == BusPosition.Beginning && p.Partition == new BusPartition(partition.Topic, partition.Partition.Value));

    public override void StoreApplied(IConsumer<byte[]?, byte[]?> consumer)
    {
    }
}

internal sealed class GroupReading(KafkaRecordsOptions options, KafkaGroup group, BusHealth health) : Reading
{
    public override IConsumer<byte[]?, byte[]?> Begin(Func<ConsumerConfig, ConsumerBuilder<byte[]?, byte[]?>> builder, ReadAhead ahead)
    {
        var consumer = builder(ConsumerSettings.OfGroup(options, group))
            .SetPartitionsAssignedHandler((_, gained) => Assigned(gained))
            .SetPartitionsRevokedHandler((consumer, taken) => Revoked(consumer, ahead, Among(taken.Select(one => one.TopicPartition))))
            .SetPartitionsLostHandler((_, lost) => Lost(ahead, Among(lost.Select(one => one.TopicPartition))))
            .Build();
        consumer.Subscribe(group.Topics);
        return consumer;
    }

    public override void StoreApplied(IConsumer<byte[]?, byte[]?> consumer)
    {
        foreach (var partition in Held)
            if (partition.TakeApplied() is { } next) consumer.StoreOffset(next);
    }

    private static ImmutableArray<BusPartition> Names(IEnumerable<HeldPartition> partitions) =>
        [.. partitions.Select(partition => partition.Name).OrderBy(name => name.Topic, StringComparer.Ordinal).ThenBy(name => name.Partition)];

    private void Assigned(List<TopicPartition> gained)
    {
        if (gained.Count == 0) return;
        foreach (var partition in gained) Gain(partition);
        group.OnAssigned(Names(Among(gained)));
    }

    private void Revoked(IConsumer<byte[]?, byte[]?> consumer, ReadAhead ahead, HashSet<HeldPartition> taken)
    {
        if (taken.Count == 0) return;
        var deadline = Environment.TickCount64 + (long)options.HandOverMax.TotalMilliseconds;
        ahead.Drop(taken, options.HandOverMax);
        using var cutShort = new CancellationTokenSource();
        // This thread is there to wait: the group knows that we hand over, and lets us for longer than this.
        var handedOver = group.OnRevoked(Names(taken), cutShort.Token);
        var left = (int)Math.Max(0, deadline - Environment.TickCount64);
        if (!((IAsyncResult)handedOver).AsyncWaitHandle.WaitOne(left)) cutShort.Cancel();
        if (handedOver.Exception is { } fault) throw fault.GetBaseException();
        StoreApplied(consumer);
        if (Uncommitted(consumer, taken) is { } reason) group.OnUncommitted(Names(taken), reason);
        Release(taken);
    }

    /// <summary>
    /// Has the brokers store what is applied before the partitions are let go: the library would do it by itself, and say nothing where they refuse,
    /// as they may while the group is being joined anew.
    /// </summary>
    /// <returns>Why it is not stored; null when it is.</returns>
    private string? Uncommitted(IConsumer<byte[]?, byte[]?> consumer, HashSet<HeldPartition> taken)
    {
        TopicPartitionOffset[] applied = [.. taken.Select(partition => partition.AppliedSoFar).OfType<TopicPartitionOffset>()];
        if (applied.Length == 0) return null;
        // Where nobody answers, waiting for an answer would only hold up the hand-over.
        if (health.Status is { IsUp: false, Detail: var away }) return away;
        try
        {
            consumer.Commit(applied);
            return null;
        }
        catch (KafkaException refused)
        {
            return refused.Error.Reason;
        }
    }

    private void Lost(ReadAhead ahead, HashSet<HeldPartition> lost)
    {
        if (lost.Count == 0) return;
        Release(lost);
        ahead.Drop(lost, options.HandOverMax);
        group.OnLost(Names(lost));
    }
}
