using System.Numerics;

namespace Dmm.Wire.Ton;

/// <summary>The label of an edge: bits that all keys below it share. Three forms, of which the shortest is written and any is read.</summary>
/// <remarks>Source: ton-blockchain/ton, crypto/block/block.tlb, HmLabel; crypto/vm/dict.cpp.</remarks>
internal static class HashmapLabel
{
    /// <summary>
    /// Reads a label into a key of which <paramref name="at"/> bits are known, the rest zeros, and <paramref name="left"/> are not: a label is no
    /// longer.
    /// </summary>
    /// <returns>How many bits it gave.</returns>
    /// <exception cref="CellException">It is longer, or cut off.</exception>
    public static int Read(CellSlice slice, byte[] key, int at, int left)
    {
        if (!slice.LoadBit())
        {
            var length = 0;
            while (slice.LoadBit()) length++;
            return Copy(slice, key, at, Within(slice, length, left));
        }

        if (!slice.LoadBit()) return Copy(slice, key, at, Within(slice, (int)slice.LoadUInt(LengthBits(left)), left));
        var bit = slice.LoadBit();
        var same = Within(slice, (int)slice.LoadUInt(LengthBits(left)), left);
        for (var i = 0; bit && i < same; i++) BitSpan.Write(key, at + i, 1, 1);
        return same;
    }

    /// <summary>Writes bits of the key from <paramref name="at"/> on, where it has <paramref name="left"/> left.</summary>
    public static void Write(CellBuilder builder, byte[] key, int at, int length, int left)
    {
        var (sizeBits, isSame) = (LengthBits(left), true);
        for (var i = 1; i < length && isSame; i++) isSame = BitSpan.Bit(key, at + i) == BitSpan.Bit(key, at);
        var (shortBits, longBits, sameBits) = (2 + 2 * length, 2 + sizeBits + length, isSame && length > 0 ? 3 + sizeBits : int.MaxValue);
        if (sameBits < Math.Min(shortBits, longBits))
        {
            builder.StoreUInt(0b11, 2).StoreBit(BitSpan.Bit(key, at)).StoreUInt((uint)length, sizeBits);
            return;
        }

        if (longBits < shortBits)
        {
            builder.StoreUInt(0b10, 2).StoreUInt((uint)length, sizeBits);
        }
        else
        {
            builder.StoreBit(false);
            for (var i = 0; i < length; i++) builder.StoreBit(true);
            builder.StoreBit(false);
        }

        for (var i = 0; i < length; i++) builder.StoreBit(BitSpan.Bit(key, at + i));
    }

    private static int LengthBits(int left) => 32 - BitOperations.LeadingZeroCount((uint)left);

    private static int Within(CellSlice slice, int length, int left) =>
        length <= left ? length : throw slice.Fault($"a label of {length} bits where the key has {left} left");

    private static int Copy(CellSlice slice, byte[] key, int at, int length)
    {
        for (var i = 0; i < length; i++) BitSpan.Write(key, at + i, slice.LoadBit() ? 1u : 0u, 1);
        return length;
    }
}
