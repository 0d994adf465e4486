using System.Globalization;

namespace Dmm.Wire.Ton;

/// <summary>What a get-method's answer holds at a place.</summary>
public enum StackKind : byte
{
    Number,
    Cell,
    Slice,
    Null,

    /// <summary>A tuple, a list, a builder: none of the methods that we ask gives one.</summary>
    Other,
}

/// <summary>An item of a get-method's answer as nodes write it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">
/// Of a number: decimal, or hexadecimal behind <c>0x</c>, with a sign in front where it is negative. Of a cell or slice: a bag of cells, in
/// either base64 or hexadecimal.
/// </param>
public readonly record struct StackItem(StackKind Kind, string Text)
{
    /// <summary>The kind by the name that nodes give it (<c>num</c>, <c>int</c>, <c>cell</c>, <c>tvm.Slice</c>, …).</summary>
    public static StackItem Named(string kind, string? text) => new(
        kind switch
        {
            "num" or "int" => StackKind.Number,
            "cell" or "tvm.Cell" => StackKind.Cell,
            "slice" or "tvm.Slice" => StackKind.Slice,
            "null" => StackKind.Null,
            _ => StackKind.Other,
        },
        text ?? "");

    /// <summary>As an argument of a get-method.</summary>
    public static StackItem Slice(Cell cell) => new(StackKind.Slice, cell.ToBase64());

    /// <summary>As an argument of a get-method.</summary>
    public static StackItem Slice(Address address) => Slice(new CellBuilder().StoreAddress(address).Build());

    /// <summary>As an argument of a get-method.</summary>
    public static StackItem Number(UInt128 value) => new(StackKind.Number, string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));
}
