namespace Dmm.Wire.Ton;

/// <summary>
/// Up to 1,023 bits and four references to other cells. Immutable, and made from cells that exist already, so that cells never form a cycle and
/// every hash is known when its cell is. Two cells are equal when their hashes are.
/// </summary>
public sealed class Cell : IEquatable<Cell>
{
    public const int BitsMax = 1023;
    public const int RefsMax = 4;
    public const int LevelMax = 3;

    /// <summary>How many cells may lie below one: what the virtual machine holds.</summary>
    public const int DepthMax = 1024;

    /// <summary>No bits, no references.</summary>
    public static readonly Cell Empty = new([], 0, [], isExotic: false);

    private readonly byte[] _data;
    private readonly Cell[] _refs;
    private readonly CellSeal _seal;

    /// <summary>Takes both arrays over. Bits behind the last are zero.</summary>
    /// <exception cref="CellException">An exotic cell is not of its type's shape, or the cell is deeper than <see cref="DepthMax"/>.</exception>
    internal Cell(byte[] data, int bitsCount, Cell[] refs, bool isExotic)
    {
        (_data, BitsCount, _refs) = (data, bitsCount, refs);
        Type = isExotic ? ExoticCells.TypeOf(data, bitsCount, refs) : CellType.Ordinary;
        _seal = CellSeal.Of(this);
    }

    public int BitsCount { get; }

    public int RefsCount => _refs.Length;

    public CellType Type { get; }

    public bool IsExotic => Type != CellType.Ordinary;

    /// <summary>Bit n is set when the tree holds pruned branches of level n + 1.</summary>
    public int LevelMask => _seal.LevelMask;

    /// <summary>0 for all cells but those of proofs.</summary>
    public int Level => CellSeal.LevelOf(LevelMask);

    /// <summary>The representation hash: SHA-256 over descriptors, data, and the depths and hashes of what it refers to.</summary>
    public Hash256 Hash => _seal.Hash;

    /// <summary>How many cells lie below it on the longest path.</summary>
    public int Depth => _seal.Depth;

    /// <summary>The bits in their bytes; those behind the last bit are zero.</summary>
    public ReadOnlySpan<byte> Data => _data;

    public ReadOnlySpan<Cell> Refs => _refs;

    /// <exception cref="CellException">The text is no base64 of a bag with exactly one root.</exception>
    public static Cell FromBase64(string boc) => BagOfCells.DeserializeOne(BagOfCells.Bytes(boc));

    /// <summary>What the cell's hash was before branches were pruned at that level and above; <see cref="Hash"/> for cells without proofs.</summary>
    public Hash256 HashAt(int level) => _seal.HashAt(this, level);

    /// <summary>As <see cref="HashAt"/>, the depth.</summary>
    public int DepthAt(int level) => _seal.DepthAt(this, level);

    /// <summary>Reads the cell from its first bit.</summary>
    /// <exception cref="CellException">The cell is exotic: its bits are no data.</exception>
    public CellSlice Parse() => IsExotic
        ? throw new CellException(ToString(), $"is a {Type} cell: expected an ordinary one")
        : new CellSlice(this);

    /// <summary>Reads the cell whatever its type, the type byte of an exotic one included.</summary>
    public CellSlice ParseAny() => new(this);

    /// <summary>A bag of this one root, with checksum.</summary>
    public byte[] Serialize() => BagOfCells.Serialize(this);

    public string ToBase64() => Convert.ToBase64String(Serialize());

    public bool Equals(Cell? other) => other is not null && Hash == other.Hash;

    public override bool Equals(object? obj) => Equals(obj as Cell);

    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>As errors name it: the beginning of its hash.</summary>
    public override string ToString() => $"cell {Hash.ToString()[..8]}";
}
