using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Cells;

public sealed class HashmapTests
{
    internal static readonly Gen<(int KeyBits, Dictionary<ulong, ulong> Entries)> Maps =
        from keyBits in Gen.Int[1, 64]
        from keys in Gen.OneOf(Gen.ULong, Gen.ULong[0, 40]).Array[0, 40]
        select (keyBits, keys.Select(k => k & (ulong.MaxValue >> (64 - keyBits))).Distinct().ToDictionary(k => k, k => k ^ 0xABCDEF));

    [Fact]
    public void AnyMap_IsReadBackInTheOrderOfItsKeys_AndHasOneShape() =>
        Maps.Sample(map =>
        {
            var built = Build(map.KeyBits, map.Entries);
            Build(map.KeyBits, map.Entries.Reverse()).ShouldBe(built);
            if (built is null)
            {
                map.Entries.ShouldBeEmpty();
                return;
            }

            var read = Hashmap.Read(built, map.KeyBits, map.Entries.Count);
            read.Select(e => Convert.ToHexString(e.Key))
                .ShouldBe(map.Entries.Keys.Order().Select(k => Convert.ToHexString(Hashmap.Key(k, map.KeyBits))));
            read.Select(e => e.Value.LoadUInt(64)).ShouldBe(map.Entries.OrderBy(e => e.Key).Select(e => e.Value));
        }, iter: 3_000);

    [Fact]
    public void MutatedMap_GivesEntriesOrTheOneError() =>
        Gen.Select(Maps.Where(m => m.Entries.Count > 0), Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[1, 4]).Sample((map, changes) =>
        {
            var bytes = BagOfCells.Serialize(Build(map.KeyBits, map.Entries)!, hasCrc32C: false);
            foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
            try
            {
                Hashmap.Read(BagOfCells.DeserializeOne(bytes), map.KeyBits, 1_000);
            }
            catch (CellException fault)
            {
                fault.Where.ShouldNotBeEmpty();
            }
        }, iter: 10_000);

    [Fact]
    public void FewCellsThatStandForManyEntries_EndAtTheLimit()
    {
        // A leaf whose label is empty, and above it forks with empty labels, both sides the same: 2^60 entries in 61 cells.
        var cell = new CellBuilder().StoreUInt(0, 2).Build();
        for (var i = 0; i < 60; i++) cell = new CellBuilder().StoreUInt(0, 2).StoreRef(cell).StoreRef(cell).Build();
        Should.Throw<CellException>(() => Hashmap.Read(cell, 60, 10_000)).Message.ShouldContain("more than 10000 entries");
    }

    [Fact]
    public void LabelLongerThanTheKey_IsRefused()
    {
        // hml_same of 9 zeros where keys have 8 bits.
        var cell = new CellBuilder().StoreUInt(0b110, 3).StoreUInt(9, 4).Build();
        Should.Throw<CellException>(() => Hashmap.Read(cell, 8, 1)).Message.ShouldContain("a label of 9 bits where the key has 8 left");
    }

    [Fact]
    public void KeyThatComesTwiceOrIsOfAnotherLength_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Hashmap.Build(8, [new([1], new()), new([1], new())])).Message.ShouldContain("comes twice");
        Should.Throw<ArgumentException>(() => Hashmap.Build(8, [new([1, 2], new())])).Message.ShouldContain("is not of 8 bits");
        Should.Throw<ArgumentException>(() => Hashmap.Build(7, [new([1], new())])).Message.ShouldContain("is not of 7 bits");
    }

    internal static Cell? Build(int keyBits, IEnumerable<KeyValuePair<ulong, ulong>> entries) =>
        Hashmap.Build(keyBits, entries.Select(e => KeyValuePair.Create(Hashmap.Key(e.Key, keyBits), new CellBuilder().StoreUInt(e.Value, 64))));
}
