using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Dmm.Wire;

/// <summary>
/// A public trade's id as a number. Spot counts its trades, and that number stands as it is. A contract's trade is named by a UUID of 128 bits, which
/// is
/// folded: the two halves, big-endian, are combined by exclusive or and the sign is dropped. A UUID of version 5 is a hash, so that the 63 bits are
/// as
/// good as drawn: among 4,096 trades two have the same number once in 10¹², and then they would
/// also need the same exchange time to be taken for one.
/// The number is the same in every process, and says nothing of the order in which trades were made.
/// </summary>
internal static class BybitTradeId
{
    private const int NumberLengthMax = 19;
    private const int UuidLength = 36;

    /// <summary>False for text that is neither a whole number of 64 bits nor a UUID.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long id)
    {
        // Zero bytes behind a number are no fault to the parser of the library.
        if (text.Length is > 0 and <= NumberLengthMax && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

        id = 0;
        if (text.Length != UuidLength || !Utf8Parser.TryParse(text, out Guid uuid, out var length) || length != UuidLength) return false;
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        id = (BinaryPrimitives.ReadInt64BigEndian(bytes) ^ BinaryPrimitives.ReadInt64BigEndian(bytes[8..])) & long.MaxValue;
        return true;
    }
}
