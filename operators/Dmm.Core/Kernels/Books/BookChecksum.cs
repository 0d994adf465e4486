using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// OKX's proof of a book: CRC-32 (IEEE 802.3, as in zlib) over <c>bid:size:ask:size:…</c> of the best 25 levels a side, bid and ask in turn, a side
/// that has fewer left out from there on. Prices and sizes are the venue's own texts, which are plain decimals without trailing zeros (30214,
/// 0.0012029).
/// </summary>
internal static class BookChecksum
{
    public const int Depth = 25;

    private const int NumberLengthMax = 40;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(TableEntry)];

    public static int Compute(Instrument instrument, ReadOnlySpan<BookLevel> bids, ReadOnlySpan<BookLevel> asks)
    {
        Span<byte> text = stackalloc byte[Depth * 4 * NumberLengthMax];
        var length = 0;
        for (var i = 0; i < Math.Max(bids.Length, asks.Length); i++)
        {
            if (i < bids.Length) length += WriteLevel(instrument, bids[i], text[length..]);
            if (i < asks.Length) length += WriteLevel(instrument, asks[i], text[length..]);
        }

        var crc = uint.MaxValue;
        foreach (var octet in text[..Math.Max(0, length - 1)]) crc = Table[(byte)(crc ^ octet)] ^ (crc >> 8);
        return unchecked((int)~crc);
    }

    private static int WriteLevel(Instrument instrument, BookLevel level, Span<byte> text)
    {
        var length = WriteNumber(instrument.Prices, level.PriceTicks, text);
        text[length++] = (byte)':';
        length += WriteNumber(instrument.Sizes, level.SizeLots, text[length..]);
        text[length++] = (byte)':';
        return length;
    }

    private static int WriteNumber(DecimalGrid grid, long steps, Span<byte> text)
    {
        var (units, decimals) = (steps * grid.Units, grid.Decimals);
        for (; decimals > 0 && units % 10 == 0; decimals--) units /= 10;
        Span<byte> digits = stackalloc byte[20];
        units.TryFormat(digits, out var digitCount, default, CultureInfo.InvariantCulture);
        var whole = digitCount - decimals;
        var length = 0;
        if (whole <= 0)
        {
            "0."u8.CopyTo(text);
            text.Slice(2, -whole).Fill((byte)'0');
            length = 2 - whole;
            whole = 0;
        }

        digits[..whole].CopyTo(text[length..]);
        length += whole;
        if (whole > 0 && decimals > 0) text[length++] = (byte)'.';
        digits[whole..digitCount].CopyTo(text[length..]);
        return length + digitCount - whole;
    }

    private static uint TableEntry(int octet)
    {
        var entry = (uint)octet;
        for (var bit = 0; bit < 8; bit++) entry = (entry & 1) != 0 ? 0xEDB88320u ^ (entry >> 1) : entry >> 1;
        return entry;
    }
}
