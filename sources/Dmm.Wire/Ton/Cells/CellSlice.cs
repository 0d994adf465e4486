namespace Dmm.Wire.Ton;

/// <summary>
/// Reads a cell from front to back. Not thread-safe. Everything throws <see cref="CellException"/> when the cell does not hold what is asked for,
/// with the cell, the bit and the reference.
/// </summary>
public sealed class CellSlice
{
    private readonly int _bitEnd;
    private readonly int _refEnd;

    internal CellSlice(Cell cell) : this(cell, 0, cell.BitsCount, 0, cell.RefsCount)
    {
    }

    private CellSlice(Cell cell, int bitAt, int bitEnd, int refAt, int refEnd) =>
        (Cell, BitAt, _bitEnd, RefAt, _refEnd) = (cell, bitAt, bitEnd, refAt, refEnd);

    public Cell Cell { get; }

    public int BitAt { get; private set; }

    public int RefAt { get; private set; }

    public int BitsLeft => _bitEnd - BitAt;

    public int RefsLeft => _refEnd - RefAt;

    public bool IsEmpty => BitsLeft == 0 && RefsLeft == 0;

    public bool LoadBit()
    {
        Demand(1, 0);
        return BitSpan.Bit(Cell.Data, BitAt++);
    }

    /// <param name="bits">0 to 64.</param>
    public ulong LoadUInt(int bits)
    {
        var value = ReadUInt(bits);
        BitAt += bits;
        return value;
    }

    public uint LoadUInt32() => (uint)LoadUInt(32);

    /// <summary>As <see cref="LoadUInt"/>, and stays where it is.</summary>
    public ulong ReadUInt(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        Demand(bits, 0);
        return BitSpan.Read(Cell.Data, BitAt, bits);
    }

    /// <summary>Two's complement.</summary>
    /// <param name="bits">1 to 64.</param>
    public long LoadInt(int bits) => (long)LoadUInt(bits) << (64 - bits) >> (64 - bits);

    /// <summary>An amount as messages carry it (VarUInteger 16). Leading zero bytes are read, as the virtual machine reads them.</summary>
    public UInt128 LoadAmount()
    {
        var bytes = (int)LoadUInt(4);
        var high = bytes > 8 ? LoadUInt(8 * (bytes - 8)) : 0;
        return new UInt128(high, LoadUInt(8 * Math.Min(bytes, 8)));
    }

    public Coins LoadCoins() => Coins.FromNano(LoadAmount());

    /// <returns>Null for <c>addr_none</c>.</returns>
    /// <exception cref="CellException">The address is an external one, of variable length or an anycast: no contract that we know uses
    /// these.</exception>
    public Address? LoadAddress()
    {
        switch (LoadUInt(2))
        {
            case 0b00:
                return null;
            case 0b10:
                if (LoadBit()) throw Fault("an anycast address: expected one without");
                return new((sbyte)LoadInt(8), LoadHash());
            case 0b01:
                throw Fault("an external address: expected a contract's");
            default:
                throw Fault("an address of variable length: expected a standard one");
        }
    }

    /// <summary>As <see cref="LoadAddress"/>, and there must be one.</summary>
    public Address LoadGivenAddress() => LoadAddress() ?? throw Fault("no address (addr_none): expected a contract's");

    /// <summary>The address of something outside the chain, passed over.</summary>
    public void SkipExternalAddress()
    {
        var kind = LoadUInt(2);
        if (kind == 0b01) SkipBits((int)LoadUInt(9));
        else if (kind != 0b00) throw Fault("a contract's address: expected an external one or none");
    }

    public Hash256 LoadHash()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Bytes];
        LoadBytes(bytes);
        return new(bytes);
    }

    public void LoadBytes(Span<byte> target)
    {
        Demand(8 * target.Length, 0);
        target.Clear();
        BitSpan.Copy(Cell.Data, BitAt, target, 0, 8 * target.Length);
        BitAt += 8 * target.Length;
    }

    public byte[] LoadBytes(int count)
    {
        Demand(8 * count, 0);
        var bytes = new byte[count];
        LoadBytes(bytes);
        return bytes;
    }

    public Cell LoadRef()
    {
        Demand(0, 1);
        return Cell.Refs[RefAt++];
    }

    /// <summary>A bit that says whether there is one, and the reference (Maybe ^Cell).</summary>
    public Cell? LoadOptRef() => LoadBit() ? LoadRef() : null;

    /// <summary>The next bits and references as a slice of their own, which this one leaves behind.</summary>
    public CellSlice LoadSlice(int bits, int refs)
    {
        Demand(bits, refs);
        var slice = new CellSlice(Cell, BitAt, BitAt + bits, RefAt, RefAt + refs);
        (BitAt, RefAt) = (BitAt + bits, RefAt + refs);
        return slice;
    }

    public void SkipBits(int bits)
    {
        Demand(bits, 0);
        BitAt += bits;
    }

    /// <summary>All that is left as a cell, which this slice leaves behind.</summary>
    public Cell LoadRemainder()
    {
        var builder = new CellBuilder().StoreSlice(this);
        (BitAt, RefAt) = (_bitEnd, _refEnd);
        return builder.Build();
    }

    /// <summary>Ends the reading of something that must have nothing behind it.</summary>
    public void DemandEnd()
    {
        if (!IsEmpty) throw Fault($"{BitsLeft} bits and {RefsLeft} references are left over: expected none");
    }

    /// <summary>What is wrong at this place.</summary>
    public CellException Fault(string what) => new($"{Cell}, bit {BitAt}, reference {RefAt}", what);

    private void Demand(int bits, int refs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfNegative(refs);
        if (bits > BitsLeft || refs > RefsLeft)
            throw Fault($"{BitsLeft} bits and {RefsLeft} references are left: expected {bits} bits and {refs} references");
    }
}
