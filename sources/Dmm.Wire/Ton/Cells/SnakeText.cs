using System.Text;

namespace Dmm.Wire.Ton;

/// <summary>Bytes that are longer than a cell: what goes in stays in, the rest follows in the last reference, and so on.</summary>
public static class SnakeText
{
    private const int BytesACell = Cell.BitsMax / 8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Appends text in UTF-8.</summary>
    /// <exception cref="CellException">It takes more cells than may lie below each other.</exception>
    public static CellBuilder Store(CellBuilder builder, string text) => Store(builder, Utf8.GetBytes(text));

    /// <summary>Appends bytes.</summary>
    /// <exception cref="CellException">They take more cells than may lie below each other.</exception>
    public static CellBuilder Store(CellBuilder builder, ReadOnlySpan<byte> bytes)
    {
        var here = Math.Min(bytes.Length, builder.BitsLeft / 8);
        builder.StoreBytes(bytes[..here]);
        bytes = bytes[here..];
        Cell? tail = null;
        while (bytes.Length > 0)
        {
            // From the end, so that the first ones are full.
            var size = (bytes.Length - 1) % BytesACell + 1;
            var cell = new CellBuilder().StoreBytes(bytes[^size..]);
            tail = (tail is null ? cell : cell.StoreRef(tail)).Build();
            bytes = bytes[..^size];
        }

        return tail is null ? builder : builder.StoreRef(tail);
    }

    /// <summary>All that is left, as text.</summary>
    /// <exception cref="CellException">It is not in whole bytes, has more than one reference in a cell, or is no UTF-8.</exception>
    public static string Load(CellSlice slice)
    {
        var bytes = LoadBytes(slice);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw slice.Fault("the text behind is no UTF-8");
        }
    }

    /// <summary>All that is left, as bytes.</summary>
    /// <exception cref="CellException">It is not in whole bytes, or has more than one reference in a cell.</exception>
    public static byte[] LoadBytes(CellSlice slice)
    {
        var bytes = new MemoryStream();
        while (true)
        {
            if (slice.BitsLeft % 8 != 0 || slice.RefsLeft > 1)
                throw slice.Fault($"text of {slice.BitsLeft} bits and {slice.RefsLeft} references: expected whole bytes and at most one");
            bytes.Write(slice.LoadBytes(slice.BitsLeft / 8));
            if (slice.RefsLeft == 0) return bytes.ToArray();
            slice = slice.LoadRef().Parse();
        }
    }
}
