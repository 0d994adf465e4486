using System.Security.Cryptography;

namespace Dmm.Wire.Ton;

/// <summary>
/// Hashes, depths and level of a cell, reckoned once from those of what it refers to. A cell has one hash for each level that its mask holds, and one
/// more; all but cells of proofs have one only.
/// </summary>
/// <remarks>Source: the TON whitepaper, TVM, 3.1.4 to 3.1.7.</remarks>
internal readonly struct CellSeal
{
    private readonly (Hash256 Hash, int Depth)[]? _lower;

    private CellSeal(int levelMask, Hash256 hash, int depth, (Hash256 Hash, int Depth)[]? lower) =>
        (LevelMask, Hash, Depth, _lower) = (levelMask, hash, depth, lower);

    public int LevelMask { get; }

    public Hash256 Hash { get; }

    public int Depth { get; }

    public static int LevelOf(int levelMask) => 32 - int.LeadingZeroCount(levelMask);

    /// <exception cref="CellException">The cell is too deep.</exception>
    public static CellSeal Of(Cell cell)
    {
        var mask = MaskOf(cell);
        if (mask == 0 || cell.Type == CellType.PrunedBranch)
        {
            var (hash, depth) = HashOf(cell, mask, LevelOf(mask), previous: null);
            return new(mask, hash, depth, lower: null);
        }

        var hashes = new (Hash256 Hash, int Depth)[int.PopCount(mask) + 1];
        var done = 0;
        for (var level = 0; level <= LevelOf(mask); level++)
        {
            if (level > 0 && (mask >> (level - 1) & 1) == 0) continue;
            hashes[done] = HashOf(cell, mask, level, done == 0 ? null : hashes[done - 1].Hash);
            done++;
        }

        return new(mask, hashes[^1].Hash, hashes[^1].Depth, hashes);
    }

    public Hash256 HashAt(Cell cell, int level)
    {
        var index = IndexOf(level);
        if (index == int.PopCount(LevelMask)) return Hash;
        return _lower is null ? ExoticCells.PrunedHash(cell.Data, index) : _lower[index].Hash;
    }

    public int DepthAt(Cell cell, int level)
    {
        var index = IndexOf(level);
        if (index == int.PopCount(LevelMask)) return Depth;
        return _lower is null ? ExoticCells.PrunedDepth(cell.Data, index) : _lower[index].Depth;
    }

    private int IndexOf(int level) => int.PopCount(LevelMask & ((1 << level) - 1));

    private static int MaskOf(Cell cell)
    {
        if (cell.Type == CellType.PrunedBranch) return cell.Data[1];
        var mask = 0;
        foreach (var child in cell.Refs) mask |= child.LevelMask;
        return cell.Type is CellType.MerkleProof or CellType.MerkleUpdate ? mask >> 1 : mask;
    }

    private static (Hash256 Hash, int Depth) HashOf(Cell cell, int mask, int level, Hash256? previous)
    {
        var refs = cell.Refs;
        Span<byte> bytes = stackalloc byte[2 + 128 + Cell.RefsMax * (2 + Hash256.Bytes)];
        bytes[0] = Descriptor1(refs.Length, cell.IsExotic, mask & ((1 << level) - 1));
        bytes[1] = Descriptor2(cell.BitsCount);
        var length = 2;
        if (previous is { } lower)
        {
            lower.CopyTo(bytes[length..]);
            length += Hash256.Bytes;
        }
        else
        {
            length += CopyData(cell, bytes[length..]);
        }

        var below = cell.Type is CellType.MerkleProof or CellType.MerkleUpdate ? level + 1 : level;
        var depth = 0;
        foreach (var child in refs)
        {
            var childDepth = child.DepthAt(below);
            depth = Math.Max(depth, childDepth + 1);
            bytes[length++] = (byte)(childDepth >> 8);
            bytes[length++] = (byte)childDepth;
        }

        if (depth > Cell.DepthMax) throw new CellException("cell", $"is {depth} cells deep: expected at most {Cell.DepthMax}");
        foreach (var child in refs)
        {
            child.HashAt(below).CopyTo(bytes[length..]);
            length += Hash256.Bytes;
        }

        Span<byte> hash = stackalloc byte[Hash256.Bytes];
        SHA256.HashData(bytes[..length], hash);
        return (new(hash), depth);
    }

    /// <summary>References, exotic or not, level mask.</summary>
    public static byte Descriptor1(int refs, bool isExotic, int levelMask) => (byte)(refs | (isExotic ? 8 : 0) | (levelMask << 5));

    /// <summary>Whole bytes plus begun bytes.</summary>
    public static byte Descriptor2(int bits) => (byte)((bits >> 3) + ((bits + 7) >> 3));

    /// <summary>The data with a one behind its last bit when that does not end a byte.</summary>
    /// <returns>How many bytes.</returns>
    public static int CopyData(Cell cell, Span<byte> target)
    {
        cell.Data.CopyTo(target);
        var length = cell.Data.Length;
        if ((cell.BitsCount & 7) != 0) target[length - 1] |= (byte)(0x80 >> (cell.BitsCount & 7));
        return length;
    }
}
