using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>
/// Reads a bag of cells in two passes, neither of which recurses: where each cell begins, from the front; the cells, from the back, since a cell
/// may refer only to those behind it.
/// </summary>
internal static class BocReader
{
    /// <exception cref="CellException">The bag is malformed.</exception>
    public static ImmutableArray<Cell> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BagOfCells.BytesMax) throw BocHeader.Fault(0, $"is {bytes.Length} bytes long: expected at most {BagOfCells.BytesMax}");
        var header = BocHeader.Read(bytes);
        var data = bytes.Slice(header.DataAt, header.DataBytes);
        var starts = Starts(header, data);
        var cells = new Cell[header.Cells];
        for (var i = header.Cells - 1; i >= 0; i--) cells[i] = ReadCell(header, data[starts[i]..starts[i + 1]], i, header.DataAt + starts[i], cells);
        if (header.Roots.Length == 0) return [cells[0]];
        var roots = ImmutableArray.CreateBuilder<Cell>(header.Roots.Length / header.RefBytes);
        for (var at = 0; at < header.Roots.Length; at += header.RefBytes)
        {
            var root = Number(header.Roots.Slice(at, header.RefBytes));
            if (root >= (ulong)header.Cells) throw BocHeader.Fault(header.DataAt, $"names cell {root} as a root: expected one below {header.Cells}");
            roots.Add(cells[root]);
        }

        return roots.MoveToImmutable();
    }

    private static int[] Starts(in BocHeader header, ReadOnlySpan<byte> data)
    {
        var starts = new int[header.Cells + 1];
        for (var i = 0; i < header.Cells; i++)
        {
            var at = starts[i];
            if (at + 2 > data.Length) throw BocHeader.Fault(header.DataAt + at, $"ends within the descriptors of cell {i}");
            var end = at + 2L + HashBytes(data[at], header.DataAt + at) + ((data[at + 1] + 1) >> 1) + (data[at] & 7) * header.RefBytes;
            if (end > data.Length) throw BocHeader.Fault(header.DataAt + at, $"ends within cell {i}: expected {end - data.Length} bytes more");
            starts[i + 1] = (int)end;
            CheckIndex(header, i, (ulong)end);
        }

        return starts[header.Cells] == data.Length
            ? starts
            : throw BocHeader.Fault(header.DataAt + starts[header.Cells], $"has {data.Length - starts[header.Cells]} bytes behind its last cell");
    }

    private static void CheckIndex(in BocHeader header, int cell, ulong end)
    {
        if (header.Index.Length == 0) return;
        var entry = Number(header.Index.Slice(cell * header.OffsetBytes, header.OffsetBytes));
        if (header.HasCacheBits) entry >>= 1;
        if (entry != end) throw BocHeader.Fault(header.DataAt, $"says in its index that cell {cell} ends at {entry}: expected {end}");
    }

    private static int HashBytes(byte descriptor, int at)
    {
        if ((descriptor & 7) > Cell.RefsMax)
            throw BocHeader.Fault(at, $"holds a cell with {descriptor & 7} references: expected at most {Cell.RefsMax}");
        return (descriptor & 16) == 0 ? 0 : Hashes(descriptor) * (Hash256.Bytes + 2);
    }

    private static int Hashes(byte descriptor) => int.PopCount(descriptor >> 5) + 1;

    private static Cell ReadCell(in BocHeader header, ReadOnlySpan<byte> bytes, int number, int place, Cell[] cells)
    {
        var (descriptor, size) = (bytes[0], bytes[1]);
        var at = 2 + HashBytes(descriptor, place);
        var length = (size + 1) >> 1;
        var content = bytes.Slice(at, length);
        var bits = Bits(content, (size & 1) != 0, place);
        var refs = (descriptor & 7) == 0 ? [] : new Cell[descriptor & 7];
        for (var i = 0; i < refs.Length; i++)
        {
            var to = Number(bytes.Slice(at + length + i * header.RefBytes, header.RefBytes));
            if (to <= (ulong)number || to >= (ulong)header.Cells)
                throw BocHeader.Fault(place, $"holds cell {number}, which refers to cell {to}: expected one behind it and below {header.Cells}");
            refs[i] = cells[to];
        }

        var data = content[..((bits + 7) >> 3)].ToArray();
        // The one behind the last bit is no data.
        if ((bits & 7) != 0) data[^1] &= (byte)(0xFF << (8 - (bits & 7)));
        var cell = Seal(data, bits, refs, descriptor, place);
        if (cell.LevelMask != descriptor >> 5)
            throw BocHeader.Fault(place, $"holds cell {number} with the level mask {descriptor >> 5}: expected {cell.LevelMask}");
        if ((descriptor & 16) != 0) CheckHashes(bytes[2..], cell, place);
        return cell;
    }

    private static Cell Seal(byte[] data, int bits, Cell[] refs, byte descriptor, int place)
    {
        try
        {
            return new(data, bits, refs, (descriptor & 8) != 0);
        }
        catch (CellException fault)
        {
            throw BocHeader.Fault(place, fault.Message);
        }
    }

    private static int Bits(ReadOnlySpan<byte> content, bool isPartial, int place)
    {
        if (!isPartial) return 8 * content.Length;
        var last = content[^1];
        if ((last & 0x7F) == 0)
            throw BocHeader.Fault(place, $"holds a cell whose last byte is {last:x2}: expected a one behind its last bit, and not in front");
        return 8 * content.Length - 1 - byte.TrailingZeroCount(last);
    }

    private static void CheckHashes(ReadOnlySpan<byte> stored, Cell cell, int place)
    {
        var (count, i) = (int.PopCount(cell.LevelMask) + 1, 0);
        for (var level = 0; level <= cell.Level; level++)
        {
            if (level > 0 && (cell.LevelMask >> (level - 1) & 1) == 0) continue;
            var (hash, depth) = (new Hash256(stored.Slice(i * Hash256.Bytes, Hash256.Bytes)), Number(stored.Slice(count * Hash256.Bytes + 2 * i, 2)));
            if (hash != cell.HashAt(level) || depth != (ulong)cell.DepthAt(level))
                throw BocHeader.Fault(place, $"stores another hash or depth of {cell} than it has");
            i++;
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        foreach (var b in bytes) number = (number << 8) | b;
        return number;
    }
}
