using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dmm.Wire;

/// <summary>Eight characters taken as one word, so that a number costs a few multiplications and no branch a digit.</summary>
/// <remarks>Source: the well-known SWAR conversion of eight ASCII digits, as in simdjson and fast_float.</remarks>
internal static class DigitWord
{
    public const int Length = sizeof(ulong);

    /// <summary>
    /// The eight characters from <paramref name="at"/> on, each less '0': 0 to 9 for a digit, more for anything else; the first is lowest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ 0x3030303030303030;

    /// <summary>How many of the characters are digits, up to the first that is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountDigits(ulong word)
    {
        // A carry can only come from a character that is itself flagged, and only spoils those behind it.
        var others = (word + 0x7676767676767676 | word) & 0x8080808080808080;
        return BitOperations.TrailingZeroCount(others) >> 3;
    }

    /// <summary>The value of the first <paramref name="count"/> characters, 1 to 8, all digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Value(ulong word, int count) => Value(word << (64 - 8 * count));

    /// <summary>The value of eight digits, the first of which is the highest; a zero byte is a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Value(ulong word)
    {
        word = word * 10 + (word >> 8);
        return (long)((word & 0x000000FF000000FF) * 0x000F424000000064 + (word >> 16 & 0x000000FF000000FF) * 0x0000271000000001 >> 32);
    }
}
