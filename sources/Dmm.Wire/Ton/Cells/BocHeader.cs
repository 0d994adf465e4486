using System.Buffers.Binary;

namespace Dmm.Wire.Ton;

/// <summary>
/// The head of a bag of cells: what it holds and where. Everything is compared with the bytes there are before anything is allocated for it.
/// </summary>
internal readonly ref struct BocHeader
{
    public const uint Generic = 0xb5ee9c72;
    public const uint Indexed = 0x68ff65f3;
    public const uint IndexedWithCrc = 0xacc3a728;

    private const string Place = "bag of cells";

    private BocHeader(
        int refBytes, int offsetBytes, int cells, ReadOnlySpan<byte> roots, ReadOnlySpan<byte> index, bool hasCacheBits, int dataAt, int dataBytes)
    {
        (RefBytes, OffsetBytes, Cells, HasCacheBits, DataAt, DataBytes) = (refBytes, offsetBytes, cells, hasCacheBits, dataAt, dataBytes);
        Roots = roots;
        Index = index;
    }

    /// <summary>Bytes of a reference to a cell.</summary>
    public int RefBytes { get; }

    /// <summary>Bytes of an offset in the index.</summary>
    public int OffsetBytes { get; }

    public int Cells { get; }

    /// <summary>References to the roots; empty where the one root is the first cell.</summary>
    public ReadOnlySpan<byte> Roots { get; }

    /// <summary>Offsets behind each cell; empty without an index.</summary>
    public ReadOnlySpan<byte> Index { get; }

    /// <summary>Offsets are doubled, and their last bit is an advice to a node's cache.</summary>
    public bool HasCacheBits { get; }

    public int DataAt { get; }

    public int DataBytes { get; }

    /// <exception cref="CellException">The head is wrong, or promises more or less than there is.</exception>
    public static BocHeader Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var magic = (uint)Number(bytes, ref at, 4, "the magic number");
        if (magic is not (Generic or Indexed or IndexedWithCrc))
            throw Fault(0, $"begins with {magic:x8}: expected {Generic:x8}, {Indexed:x8} or {IndexedWithCrc:x8}");
        var flags = (int)Number(bytes, ref at, 1, "flags");
        var isGeneric = magic == Generic;
        var hasIndex = !isGeneric || (flags & 0x80) != 0;
        var hasCrc = isGeneric ? (flags & 0x40) != 0 : magic == IndexedWithCrc;
        var hasCacheBits = isGeneric && (flags & 0x20) != 0;
        if (hasCacheBits && !hasIndex) throw Fault(4, "has cache bits without an index");
        if (isGeneric && (flags & 0x18) != 0) throw Fault(4, $"has the flags 0x{flags:x2}: expected bits 3 and 4 to be zero");
        var refBytes = isGeneric ? flags & 7 : flags;
        if (refBytes is < 1 or > 4) throw Fault(4, $"writes references in {refBytes} bytes: expected 1 to 4");
        var offsetBytes = (int)Number(bytes, ref at, 1, "the size of offsets");
        if (offsetBytes is < 1 or > 8) throw Fault(5, $"writes offsets in {offsetBytes} bytes: expected 1 to 8");

        var cells = Count(bytes, ref at, refBytes, "cells", 1, BagOfCells.CellsMax);
        var roots = Count(bytes, ref at, refBytes, "roots", 1, Math.Min(cells, BagOfCells.RootsMax));
        if (!isGeneric && roots != 1) throw Fault(at, $"has {roots} roots: expected 1 in a bag of the kind {magic:x8}");
        Count(bytes, ref at, refBytes, "absent cells", 0, 0);
        var data = Number(bytes, ref at, offsetBytes, "the size of all cells");
        var rootList = Part(bytes, ref at, isGeneric ? roots * refBytes : 0, "the list of roots");
        var index = Part(bytes, ref at, hasIndex ? (long)cells * offsetBytes : 0, "the index");
        var end = bytes.Length - (hasCrc ? 4 : 0);
        if (data != (ulong)Math.Max(0, end - at)) throw Fault(at, $"holds {Math.Max(0, end - at)} bytes of cells: expected {data}");
        if (hasCrc) Check(bytes, end);
        // A cell has two descriptors at least.
        if (data < 2ul * (ulong)cells) throw Fault(at, $"holds {cells} cells in {data} bytes: expected two bytes a cell at least");
        return new(refBytes, offsetBytes, cells, rootList, index, hasCacheBits, at, (int)data);
    }

    public static CellException Fault(int at, string what) => new($"{Place}, byte {at}", what);

    private static void Check(ReadOnlySpan<byte> bytes, int end)
    {
        var (written, actual) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[end..]), Crc32C.Of(bytes[..end]));
        if (written != actual) throw Fault(end, $"has the checksum {written:x8}: expected {actual:x8}");
    }

    private static int Count(scoped ReadOnlySpan<byte> bytes, scoped ref int at, int size, string what, int least, int most)
    {
        var place = at;
        var count = Number(bytes, ref at, size, $"the number of {what}");
        return count >= (ulong)least && count <= (ulong)most
            ? (int)count
            : throw Fault(place, $"has {count} {what}: expected {(least == most ? $"{least}" : $"{least} to {most}")}");
    }

    private static ulong Number(scoped ReadOnlySpan<byte> bytes, scoped ref int at, int size, string what)
    {
        ulong number = 0;
        foreach (var b in Part(bytes, ref at, size, what)) number = (number << 8) | b;
        return number;
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, scoped ref int at, long size, string what)
    {
        if (size > bytes.Length - at) throw Fault(at, $"ends within {what}: expected {size} bytes, has {bytes.Length - at}");
        var part = bytes.Slice(at, (int)size);
        at += (int)size;
        return part;
    }
}
