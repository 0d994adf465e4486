using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>
/// Trees of cells as bytes (BoC). Read in every form that nodes write (with and without index, checksum, cache bits and stored hashes, the two older
/// kinds; index, checksum and stored hashes are verified); written in the general form. Time and memory are bounded by the bytes that are read.
/// </summary>
/// <remarks>Source: ton-blockchain/ton, crypto/tl/boc.tlb and crypto/vm/boc.cpp.</remarks>
public static class BagOfCells
{
    /// <summary>The largest bag that is read or written: what an account's largest state takes.</summary>
    public const int BytesMax = 10 << 20;

    /// <summary>The cells of an account's largest state.</summary>
    public const int CellsMax = 65_536;

    public const int RootsMax = 256;

    /// <summary>The roots, in their order.</summary>
    /// <exception cref="CellException">The bytes are no bag of cells, or too large a one.</exception>
    public static ImmutableArray<Cell> Deserialize(ReadOnlySpan<byte> bytes) => BocReader.Read(bytes);

    /// <exception cref="CellException">As for <see cref="Deserialize"/>, or there are more roots.</exception>
    public static Cell DeserializeOne(ReadOnlySpan<byte> bytes)
    {
        var roots = Deserialize(bytes);
        return roots.Length == 1 ? roots[0] : throw new CellException("bag of cells", $"has {roots.Length} roots: expected 1");
    }

    /// <summary>
    /// As <see cref="DeserializeOne"/>, for bytes of others; <paramref name="fault"/> says why it is no bag, and is empty when it is one.
    /// </summary>
    public static bool TryDeserialize(ReadOnlySpan<byte> bytes, out Cell? root, out string fault)
    {
        try
        {
            (root, fault) = (DeserializeOne(bytes), "");
            return true;
        }
        catch (CellException malformed)
        {
            (root, fault) = (null, malformed.Message);
            return false;
        }
    }

    public static byte[] Serialize(Cell root, bool hasIndex = false, bool hasCrc32C = true) => BocWriter.Write([root], hasIndex, hasCrc32C);

    /// <exception cref="ArgumentException">There is no root, or there are more than <see cref="RootsMax"/>.</exception>
    public static byte[] Serialize(ReadOnlySpan<Cell> roots, bool hasIndex = false, bool hasCrc32C = true) => roots.Length is >= 1 and <= RootsMax
        ? BocWriter.Write(roots, hasIndex, hasCrc32C)
        : throw new ArgumentException($"{roots.Length} roots: expected 1 to {RootsMax}", nameof(roots));

    /// <summary>The bytes of base64 text in either alphabet.</summary>
    /// <exception cref="CellException">It is none.</exception>
    public static byte[] Bytes(string base64)
    {
        const int lengthMax = BytesMax / 3 * 4;
        if (base64.Length > lengthMax) throw new CellException("bag of cells", $"is {base64.Length} characters of base64: expected at most {lengthMax}");
        var isUrlSafe = base64.AsSpan().IndexOfAny('-', '_') >= 0;
        var bytes = new byte[base64.Length / 4 * 3 + 3];
        var written = 0;
        // The method of Base64Url whose name begins with Try throws.
        var isRead = isUrlSafe
            ? Base64Url.DecodeFromChars(base64, bytes, out _, out written) == OperationStatus.Done
            : Convert.TryFromBase64String(base64, bytes, out written);
        return isRead ? bytes[..written] : throw new CellException("bag of cells", "is no base64");
    }
}
