namespace Dmm.Wire.Ton;

/// <summary>What a jetton transfer tells its receiver: inline or in a reference, which is part of the message's hash.</summary>
/// <param name="Cell">Empty when there is nothing to tell.</param>
/// <param name="IsReference">STON.fi version 1 reads no other.</param>
public readonly record struct ForwardPayload(Cell Cell, bool IsReference)
{
    public static readonly ForwardPayload None = new(Cell.Empty, IsReference: false);

    public static ForwardPayload InReference(Cell cell) => new(cell, IsReference: true);

    internal static ForwardPayload Load(CellSlice slice)
    {
        var isReference = slice.LoadBit();
        var payload = new ForwardPayload(isReference ? slice.LoadRef() : slice.LoadRemainder(), isReference);
        slice.DemandEnd();
        return payload;
    }

    internal CellBuilder Store(CellBuilder builder) =>
        IsReference ? builder.StoreBit(true).StoreRef(Cell) : builder.StoreBit(false).StoreCell(Cell);
}
