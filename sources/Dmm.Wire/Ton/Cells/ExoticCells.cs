namespace Dmm.Wire.Ton;

/// <summary>Shapes of exotic cells: a type byte and what each type demands behind it.</summary>
internal static class ExoticCells
{
    private const int HashBits = 8 * Hash256.Bytes;
    private const int DepthBits = 16;

    /// <exception cref="CellException">The type is unknown, or bits or references are not the type's.</exception>
    public static CellType TypeOf(ReadOnlySpan<byte> data, int bits, ReadOnlySpan<Cell> refs)
    {
        if (bits < 8) throw Fault($"{bits} bits: expected a type byte");
        var type = (CellType)data[0];
        switch (type)
        {
            case CellType.PrunedBranch:
                if (bits < 16 || data[1] is < 1 or > 7) throw Fault("a pruned branch without a level mask from 1 to 7");
                Demand("a pruned branch", bits, 16 + int.PopCount(data[1]) * (HashBits + DepthBits), refs.Length, 0);
                break;
            case CellType.LibraryReference:
                Demand("a library reference", bits, 8 + HashBits, refs.Length, 0);
                break;
            case CellType.MerkleProof:
                Demand("a Merkle proof", bits, 8 + HashBits + DepthBits, refs.Length, 1);
                Compare("a Merkle proof", data[1..], data[(1 + Hash256.Bytes)..], refs[0]);
                break;
            case CellType.MerkleUpdate:
                Demand("a Merkle update", bits, 8 + 2 * (HashBits + DepthBits), refs.Length, 2);
                Compare("a Merkle update's old side", data[1..], data[(1 + 2 * Hash256.Bytes)..], refs[0]);
                Compare("a Merkle update's new side", data[(1 + Hash256.Bytes)..], data[(3 + 2 * Hash256.Bytes)..], refs[1]);
                break;
            default:
                throw Fault($"type {data[0]}: expected 1 to 4");
        }

        return type;
    }

    /// <summary>The hash that a pruned branch keeps of one of its levels.</summary>
    public static Hash256 PrunedHash(ReadOnlySpan<byte> data, int index) => new(data.Slice(2 + Hash256.Bytes * index, Hash256.Bytes));

    public static int PrunedDepth(ReadOnlySpan<byte> data, int index)
    {
        var at = 2 + Hash256.Bytes * int.PopCount(data[1]) + 2 * index;
        return (data[at] << 8) | data[at + 1];
    }

    private static void Demand(string what, int bits, int bitsExpected, int refs, int refsExpected)
    {
        if (bits != bitsExpected || refs != refsExpected)
            throw Fault($"{what} of {bits} bits and {refs} references: expected {bitsExpected} and {refsExpected}");
    }

    private static void Compare(string what, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> depth, Cell proven)
    {
        if (new Hash256(hash[..Hash256.Bytes]) != proven.HashAt(0) || ((depth[0] << 8) | depth[1]) != proven.DepthAt(0))
            throw Fault($"{what} names another hash or depth than that of its tree");
    }

    private static CellException Fault(string what) => new("exotic cell", what);
}
