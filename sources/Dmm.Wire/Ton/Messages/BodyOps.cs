using System.Globalization;

namespace Dmm.Wire.Ton;

/// <summary>Bodies begin with 32 bits that say what is asked.</summary>
public static class BodyOps
{
    /// <summary>The operation; null when the body has no 32 bits, or is no ordinary cell.</summary>
    public static uint? Of(Cell body) => !body.IsExotic && body.BitsCount >= 32 ? (uint)body.Parse().ReadUInt(32) : null;

    /// <summary>Reads on behind the operation.</summary>
    /// <exception cref="CellException">The body begins otherwise.</exception>
    internal static CellSlice Begin(Cell body, uint op)
    {
        var slice = body.Parse();
        var found = slice.ReadUInt(32);
        if (found != op) throw slice.Fault(string.Create(CultureInfo.InvariantCulture, $"the operation {found:x8}: expected {op:x8}"));
        slice.SkipBits(32);
        return slice;
    }

    /// <summary>A body that begins with operation and query.</summary>
    internal static CellBuilder Build(uint op, ulong queryId) => new CellBuilder().StoreUInt(op, 32).StoreUInt(queryId, 64);
}
