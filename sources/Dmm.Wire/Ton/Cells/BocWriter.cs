using System.Buffers.Binary;

namespace Dmm.Wire.Ton;

/// <summary>Writes a bag of cells: each cell once, and before what it refers to. Nothing recurses.</summary>
internal static class BocWriter
{
    /// <exception cref="CellException">There are more cells than a bag may hold here.</exception>
    public static byte[] Write(ReadOnlySpan<Cell> roots, bool hasIndex, bool hasCrc32C)
    {
        var (cells, places) = Order(roots);
        var refBytes = Size((ulong)cells.Length);
        var data = 0L;
        foreach (var cell in cells) data += 2 + cell.Data.Length + (long)cell.RefsCount * refBytes;
        var offsetBytes = Size((ulong)data);
        var (index, crc) = (hasIndex ? (long)cells.Length * offsetBytes : 0, hasCrc32C ? 4 : 0);
        var length = 6 + 3 * refBytes + offsetBytes + (long)roots.Length * refBytes + index + data + crc;
        if (length > BagOfCells.BytesMax) throw new CellException("bag of cells", $"takes {length} bytes: expected at most {BagOfCells.BytesMax}");

        var bytes = new byte[length];
        var at = 0;
        Put(bytes, ref at, BocHeader.Generic, 4);
        Put(bytes, ref at, (hasIndex ? 0x80ul : 0) | (hasCrc32C ? 0x40ul : 0) | (uint)refBytes, 1);
        Put(bytes, ref at, (ulong)offsetBytes, 1);
        Put(bytes, ref at, (ulong)cells.Length, refBytes);
        Put(bytes, ref at, (ulong)roots.Length, refBytes);
        Put(bytes, ref at, 0, refBytes);
        Put(bytes, ref at, (ulong)data, offsetBytes);
        foreach (var root in roots) Put(bytes, ref at, (ulong)places[root.Hash], refBytes);
        var offset = 0ul;
        foreach (var cell in hasIndex ? cells : [])
        {
            offset += (ulong)(2 + cell.Data.Length + cell.RefsCount * refBytes);
            Put(bytes, ref at, offset, offsetBytes);
        }

        foreach (var cell in cells)
        {
            Put(bytes, ref at, CellSeal.Descriptor1(cell.RefsCount, cell.IsExotic, cell.LevelMask), 1);
            Put(bytes, ref at, CellSeal.Descriptor2(cell.BitsCount), 1);
            at += CellSeal.CopyData(cell, bytes.AsSpan(at));
            foreach (var child in cell.Refs) Put(bytes, ref at, (ulong)places[child.Hash], refBytes);
        }

        if (hasCrc32C) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32C.Of(bytes.AsSpan(0, at)));
        return bytes;
    }

    /// <summary>
    /// The reverse of the order in which a walk from the last root and the last reference leaves the cells, so that the first root is first.
    /// </summary>
    private static (Cell[] Cells, Dictionary<Hash256, int> Places) Order(ReadOnlySpan<Cell> roots)
    {
        var left = new List<Cell>();
        var places = new Dictionary<Hash256, int>();
        var path = new Stack<(Cell Cell, int Next)>();
        for (var r = roots.Length - 1; r >= 0; r--)
        {
            Enter(roots[r]);
            while (path.TryPop(out var step))
            {
                if (step.Next < 0)
                {
                    places[step.Cell.Hash] = left.Count;
                    left.Add(step.Cell);
                    continue;
                }

                path.Push((step.Cell, step.Next - 1));
                Enter(step.Cell.Refs[step.Next]);
            }
        }

        var cells = left.ToArray();
        Array.Reverse(cells);
        for (var i = 0; i < cells.Length; i++) places[cells[i].Hash] = i;
        return (cells, places);

        void Enter(Cell cell)
        {
            if (!places.TryAdd(cell.Hash, -1)) return;
            if (places.Count > BagOfCells.CellsMax) throw new CellException("bag of cells", $"has more than {BagOfCells.CellsMax} cells");
            path.Push((cell, cell.RefsCount - 1));
        }
    }

    /// <summary>Bytes that a number takes, one at least.</summary>
    private static int Size(ulong number) => Math.Max(1, (64 - (int)ulong.LeadingZeroCount(number) + 7) / 8);

    private static void Put(byte[] bytes, ref int at, ulong number, int size)
    {
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes[at++] = (byte)(number >> shift);
    }
}
