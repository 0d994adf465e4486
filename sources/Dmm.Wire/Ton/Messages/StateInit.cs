namespace Dmm.Wire.Ton;

/// <summary>What a contract begins with, and what its address is the hash of.</summary>
public sealed record StateInit(Cell Code, Cell Data)
{
    /// <summary>Reads one with code and data and nothing else.</summary>
    /// <exception cref="CellException">It has a split depth, is a special contract, has libraries, or lacks code or data.</exception>
    public static StateInit Load(CellSlice slice)
    {
        var head = slice.LoadUInt(5);
        if (head != 0b00110) throw slice.Fault($"initial state of the form {head:b5}: expected 00110, code and data only");
        return new(slice.LoadRef(), slice.LoadRef());
    }

    /// <summary>No split depth, not special, code, data, no library.</summary>
    public CellBuilder Store(CellBuilder builder) => builder.StoreUInt(0b00110, 5).StoreRef(Code).StoreRef(Data);

    public Cell ToCell() => Store(new()).Build();

    public Address Address(sbyte workchain = 0) => new(workchain, ToCell().Hash);
}
