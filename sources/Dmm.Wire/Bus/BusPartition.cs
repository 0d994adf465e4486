namespace Dmm.Wire.Bus;

/// <summary>A partition of a topic, from 0.</summary>
public readonly record struct BusPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}/{Partition}";
}

/// <summary>Where to begin reading a partition.</summary>
/// <param name="Partition">Which one.</param>
/// <param name="Offset">Of the first record wanted, or <see cref="Beginning"/>, or <see cref="End"/>.</param>
public readonly record struct BusPosition(BusPartition Partition, long Offset)
{
    /// <summary>The oldest record there is.</summary>
    public const long Beginning = -2;

    /// <summary>What is published from now on.</summary>
    public const long End = -1;
}

/// <summary>How many records of a partition are published and not yet observed.</summary>
public readonly record struct PartitionLag(BusPartition Partition, long Records);
