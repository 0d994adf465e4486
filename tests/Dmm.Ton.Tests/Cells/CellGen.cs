using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Cells;

/// <summary>Arbitrary cells: trees that share subtrees, as real ones do.</summary>
internal static class CellGen
{
    private static readonly Gen<(byte[] Data, int Bits, int[] Refs)> Node =
        Gen.Select(Gen.Byte.Array[128], Gen.Int[0, Cell.BitsMax], Gen.Int[0, 1_000_000].Array[0, Cell.RefsMax]);

    public static readonly Gen<Cell[]> Cells = Node.Array[1, 30].Select(nodes =>
    {
        List<Cell> cells = [];
        foreach (var (data, bits, refs) in nodes)
        {
            var builder = new CellBuilder().StoreBits(data, bits);
            if (cells.Count > 0)
                foreach (var to in refs) builder.StoreRef(cells[to % cells.Count]);
            cells.Add(builder.Build());
        }

        return cells.ToArray();
    });

    public static readonly Gen<Cell> Root = Cells.Select(cells => cells[^1]);

    public static readonly Gen<Address> Address =
        Gen.Select(Gen.SByte, Gen.Byte.Array[32], (workchain, account) => new Address(workchain, new Hash256(account)));

    public static readonly Gen<Address?> MaybeAddress = Gen.Frequency((1, Gen.Const((Address?)null)), (3, Address.Select(a => (Address?)a)));

    public static readonly Gen<UInt128> Amount =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[8, 127], (high, low, bits) => new UInt128(high, low) >> bits);
}
