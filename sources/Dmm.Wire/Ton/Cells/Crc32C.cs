using System.Buffers.Binary;
using System.Numerics;

namespace Dmm.Wire.Ton;

/// <summary>CRC-32C (Castagnoli): the checksum of bags of cells, which they write with the lowest byte first.</summary>
public static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
