using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Dmm.Wire.Journal;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4): one instruction for eight bytes on x64 and ARM64, tables elsewhere.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var one in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
