using System.Security.Cryptography;
using System.Text;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>A jetton at a fake node.</summary>
public static class FakeJetton
{
    public static Address At(byte value) => new(0, new Hash256([.. Enumerable.Repeat(value, Hash256.Bytes)]));

    public static StackItem Number(UInt128 value) => StackItem.Named("num", $"0x{value:x}");

    /// <summary>Content that stands on the chain.</summary>
    public static Cell OnChain(params (string Name, string Value)[] entries) => new CellBuilder().StoreUInt(0, 8).StoreOptRef(Hashmap.Build(
        256,
        entries.Select(e => KeyValuePair.Create(
            SHA256.HashData(Encoding.UTF8.GetBytes(e.Name)),
            new CellBuilder().StoreRef(SnakeText.Store(new CellBuilder().StoreUInt(0, 8), e.Value).Build()))))).Build();

    /// <summary>Content that is a link.</summary>
    public static Cell OffChain(string link) => SnakeText.Store(new CellBuilder().StoreUInt(1, 8), link).Build();

    /// <summary>The minter tells that content.</summary>
    public static void Mint(IFakeContracts node, Address minter, Cell content) => node.Answer(
        minter, JettonMethods.Data, [], Number(100_000_000), StackItem.Named("num", "-0x1"), StackItem.Named("slice", None()),
        new StackItem(StackKind.Cell, content.ToBase64()), new StackItem(StackKind.Cell, Cell.Empty.ToBase64()));

    private static string None() => new CellBuilder().StoreAddress(null).Build().ToBase64();
}
