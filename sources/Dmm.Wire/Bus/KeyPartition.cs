using System.Buffers.Binary;

namespace Dmm.Wire.Bus;

/// <summary>Which partition a key belongs to: Murmur2 as Kafka's own producer hashes, so that tools of any language look in the same place.</summary>
public static class KeyPartition
{
    private const uint Factor = 0x5bd1e995;
    private const uint Seed = 0x9747b28c;

    /// <param name="key">Bytes of the message's key.</param>
    /// <param name="partitions">How many the topic has; a key moves when that changes.</param>
    public static int Of(ReadOnlySpan<byte> key, int partitions) => (int)((Murmur2(key) & 0x7fff_ffff) % (uint)partitions);

    private static uint Murmur2(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (uint)bytes.Length;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Factor;
            hash = (hash * Factor) ^ ((word ^ (word >> 24)) * Factor);
        }

        if (bytes.Length == 3) hash ^= (uint)bytes[2] << 16;
        if (bytes.Length >= 2) hash ^= (uint)bytes[1] << 8;
        if (bytes.Length >= 1) hash = (hash ^ bytes[0]) * Factor;
        hash = (hash ^ (hash >> 13)) * Factor;
        return hash ^ (hash >> 15);
    }
}
