using System.Buffers.Binary;

namespace Dmm.Wire.Ton;

/// <summary>Bits in bytes, the most significant first. No bounds but those of the spans: callers check.</summary>
internal static class BitSpan
{
    /// <summary>Up to 64 bits as a number.</summary>
    public static ulong Read(ReadOnlySpan<byte> data, int at, int count)
    {
        if (count == 0) return 0;
        var (first, skipped) = (at >> 3, at & 7);
        if (skipped + count <= 64 && first + 8 <= data.Length)
            return BinaryPrimitives.ReadUInt64BigEndian(data[first..]) << skipped >> (64 - count);
        UInt128 window = 0;
        var last = (at + count - 1) >> 3;
        for (var i = first; i <= last; i++) window = (window << 8) | data[i];
        var after = ((last + 1) << 3) - (at + count);
        return (ulong)(window >> after) & (ulong.MaxValue >> (64 - count));
    }

    /// <summary>Writes the low bits of a number, up to 64, over zeros.</summary>
    public static void Write(Span<byte> data, int at, ulong value, int count)
    {
        while (count > 0)
        {
            var room = 8 - (at & 7);
            var taken = Math.Min(room, count);
            var bits = (byte)((value >> (count - taken)) & (0xFFu >> (8 - taken)));
            data[at >> 3] |= (byte)(bits << (room - taken));
            at += taken;
            count -= taken;
        }
    }

    /// <summary>Copies bits over zeros.</summary>
    public static void Copy(ReadOnlySpan<byte> source, int from, Span<byte> target, int at, int count)
    {
        if ((from & 7) == 0 && (at & 7) == 0)
        {
            var whole = count >> 3;
            source.Slice(from >> 3, whole).CopyTo(target[(at >> 3)..]);
            (from, at, count) = (from + 8 * whole, at + 8 * whole, count & 7);
        }

        for (; count > 0;)
        {
            var taken = Math.Min(count, 64);
            Write(target, at, Read(source, from, taken), taken);
            (from, at, count) = (from + taken, at + taken, count - taken);
        }
    }

    public static bool Bit(ReadOnlySpan<byte> data, int at) => ((data[at >> 3] >> (7 - (at & 7))) & 1) != 0;
}
