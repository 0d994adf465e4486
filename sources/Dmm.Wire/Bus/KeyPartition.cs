using System.Buffers.Binary;

namespace Dmm.Wire.Bus;

/// <summary>
/// Which partition a key belongs to: murmur2 of the key, as Java clients have it by default and librdkafka calls it <c>murmur2_random</c>. So whoever
/// publishes, an asset is in the same partition, as long as their count stays.
/// </summary>
public static class KeyPartition
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Shift = 24;

    /// <param name="key">Not empty: messages without a key go anywhere.</param>
    /// <param name="partitions">How many the topic has.</param>
    /// <returns>From 0.</returns>
    public static int Of(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        if (key.IsEmpty) throw new ArgumentException("an empty key belongs to no partition", nameof(key));
        return (int)(Murmur2(key) & int.MaxValue) % partitions;
    }

    /// <summary>MurmurHash2 by Austin Appleby, 32 bits, with the seed that Kafka uses.</summary>
    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            hash = hash * Multiplier ^ (word ^ word >> Shift) * Multiplier;
        }

        if (data.Length > 2) hash ^= (uint)data[2] << 16;
        if (data.Length > 1) hash ^= (uint)data[1] << 8;
        if (data.Length > 0) hash = (hash ^ data[0]) * Multiplier;
        hash = (hash ^ hash >> 13) * Multiplier;
        return hash ^ hash >> 15;
    }
}
