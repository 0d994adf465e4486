using Confluent.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>A partition while it is ours: how far it is observed and applied. Given away and gained again, it is another one.</summary>
internal sealed class HeldPartition(TopicPartition partition)
{
    private long _nextObserved = Offset.Unset.Value;
    private long _nextApplied = Offset.Unset.Value;
    private long _nextStored = Offset.Unset.Value;

    public TopicPartition Partition => partition;

    public BusPartition Name { get; } = new(partition.Topic, partition.Partition.Value);

    /// <summary>Offset after the last record observed; negative before the first.</summary>
    public long NextObserved
    {
        get => Volatile.Read(ref _nextObserved);
        set => Volatile.Write(ref _nextObserved, value);
    }

    public void Applied(long offset)
    {
        var next = offset + 1;
        for (var seen = Volatile.Read(ref _nextApplied); seen < next;)
        {
            var found = Interlocked.CompareExchange(ref _nextApplied, next, seen);
            if (found == seen) return;
            seen = found;
        }
    }

    /// <summary>All that is applied; null if nothing is.</summary>
    public TopicPartitionOffset? AppliedSoFar => Volatile.Read(ref _nextApplied) is >= 0 and var next ? new(partition, next) : null;

    /// <summary>What is applied since the last call; null if nothing is. For the polling thread.</summary>
    public TopicPartitionOffset? TakeApplied()
    {
        var next = Volatile.Read(ref _nextApplied);
        if (next == _nextStored) return null;
        _nextStored = next;
        return new(partition, next);
    }
}
