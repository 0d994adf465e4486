namespace Dmm.Wire.Ton;

/// <summary>
/// Puts a cell together, bit by bit. Not thread-safe. Everything throws <see cref="CellException"/> when the cell has no room left.
/// </summary>
public sealed class CellBuilder
{
    private readonly byte[] _data = new byte[128];
    private readonly Cell[] _refs = new Cell[Cell.RefsMax];

    public int BitsCount { get; private set; }

    public int RefsCount { get; private set; }

    public int BitsLeft => Cell.BitsMax - BitsCount;

    public int RefsLeft => Cell.RefsMax - RefsCount;

    public CellBuilder StoreBit(bool bit) => StoreUInt(bit ? 1u : 0u, 1);

    /// <summary>A number in 0 to 64 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more bits.</exception>
    public CellBuilder StoreUInt(ulong value, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        if (bits < 64) ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (1ul << bits) - 1);
        BitSpan.Write(_data, Take(bits), value, bits);
        return this;
    }

    /// <summary>A number in 1 to 64 bits, two's complement.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more bits.</exception>
    public CellBuilder StoreInt(long value, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        if (value >> (bits - 1) is not (0 or -1)) throw new ArgumentOutOfRangeException(nameof(value), value, $"needs more than {bits} bits");
        BitSpan.Write(_data, Take(bits), (ulong)value & (ulong.MaxValue >> (64 - bits)), bits);
        return this;
    }

    /// <summary>An amount as messages carry it: its length in bytes in four bits, then the bytes (VarUInteger 16).</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 120 bits.</exception>
    public CellBuilder StoreAmount(UInt128 amount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Coins.NanoMax);
        var bytes = (128 - (int)UInt128.LeadingZeroCount(amount) + 7) / 8;
        StoreUInt((uint)bytes, 4);
        if (bytes > 8) StoreUInt((ulong)(amount >> 64), 8 * (bytes - 8));
        return StoreUInt((ulong)amount, 8 * Math.Min(bytes, 8));
    }

    public CellBuilder StoreCoins(Coins coins) => StoreAmount(coins.Nano);

    /// <param name="address">Null for <c>addr_none</c>.</param>
    public CellBuilder StoreAddress(Address? address)
    {
        if (address is null) return StoreUInt(0, 2);
        Demand(Address.Bits, 0);
        return StoreUInt(0b100, 3).StoreInt(address.Workchain, 8).StoreHash(address.Account);
    }

    public CellBuilder StoreHash(Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Bytes];
        hash.CopyTo(bytes);
        return StoreBytes(bytes);
    }

    public CellBuilder StoreBytes(ReadOnlySpan<byte> bytes) => StoreBits(bytes, 8 * bytes.Length);

    /// <summary>The first bits of the bytes.</summary>
    public CellBuilder StoreBits(ReadOnlySpan<byte> bytes, int bits) => CopyBits(bytes, 0, bits);

    public CellBuilder StoreRef(Cell cell)
    {
        Demand(0, 1);
        _refs[RefsCount++] = cell;
        return this;
    }

    /// <summary>A bit that says whether there is one, and the reference (Maybe ^Cell).</summary>
    public CellBuilder StoreOptRef(Cell? cell) => cell is null ? StoreBit(false) : StoreBit(true).StoreRef(cell);

    /// <summary>What the slice has left, which stays there.</summary>
    public CellBuilder StoreSlice(CellSlice slice)
    {
        Demand(slice.BitsLeft, slice.RefsLeft);
        CopyBits(slice.Cell.Data, slice.BitAt, slice.BitsLeft);
        foreach (var cell in slice.Cell.Refs.Slice(slice.RefAt, slice.RefsLeft)) StoreRef(cell);
        return this;
    }

    /// <summary>All of an ordinary cell, inline.</summary>
    public CellBuilder StoreCell(Cell cell) => StoreSlice(cell.Parse());

    /// <summary>What another builder has so far.</summary>
    public CellBuilder StoreBuilder(CellBuilder other)
    {
        Demand(other.BitsCount, other.RefsCount);
        StoreBits(other._data, other.BitsCount);
        foreach (var cell in other._refs.AsSpan(0, other.RefsCount)) StoreRef(cell);
        return this;
    }

    /// <summary>The cell so far. The builder can go on.</summary>
    /// <exception cref="CellException">It is too deep, or exotic and not of its type's shape.</exception>
    public Cell Build(bool isExotic = false) =>
        new(_data.AsSpan(0, (BitsCount + 7) >> 3).ToArray(), BitsCount, _refs.AsSpan(0, RefsCount).ToArray(), isExotic);

    /// <summary>Whether so much still goes in.</summary>
    public bool HasRoom(int bits, int refs) => bits <= BitsLeft && refs <= RefsLeft;

    private CellBuilder CopyBits(ReadOnlySpan<byte> bytes, int from, int bits)
    {
        BitSpan.Copy(bytes, from, _data, Take(bits), bits);
        return this;
    }

    private int Take(int bits)
    {
        Demand(bits, 0);
        var at = BitsCount;
        BitsCount += bits;
        return at;
    }

    private void Demand(int bits, int refs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        if (HasRoom(bits, refs)) return;
        throw new CellException(
            "cell being built",
            $"{BitsCount} bits and {RefsCount} references are in it: no room for {bits} more bits and {refs} more references");
    }
}
