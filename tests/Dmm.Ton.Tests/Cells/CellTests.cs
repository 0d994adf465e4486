using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Cells;

public sealed class CellTests
{
    [Fact]
    public void WhatIsStored_IsLoaded() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 64], Gen.ULong), Gen.Select(Gen.Int[1, 64], Gen.Long), CellGen.MaybeAddress, CellGen.Amount, Gen.Byte.Array[0, 20],
            Gen.Bool).Sample((unsigned, signed, address, amount, bytes, bit) =>
            {
                var number = unsigned.Item1 == 0 ? 0 : unsigned.Item2 >> (64 - unsigned.Item1);
                var whole = signed.Item2 >> (64 - signed.Item1);
                var child = new CellBuilder().StoreAmount(amount).Build();
                var slice = new CellBuilder().StoreUInt(number, unsigned.Item1).StoreInt(whole, signed.Item1).StoreAddress(address)
                    .StoreAmount(amount).StoreBytes(bytes).StoreBit(bit).StoreOptRef(child).StoreOptRef(null).Build().Parse();
                slice.LoadUInt(unsigned.Item1).ShouldBe(number);
                slice.LoadInt(signed.Item1).ShouldBe(whole);
                slice.LoadAddress().ShouldBe(address);
                slice.LoadAmount().ShouldBe(amount);
                slice.LoadBytes(bytes.Length).ShouldBe(bytes);
                slice.LoadBit().ShouldBe(bit);
                slice.LoadOptRef().ShouldBe(child);
                slice.LoadOptRef().ShouldBeNull();
                slice.DemandEnd();
            }, iter: 5_000);

    [Fact]
    public void SliceStoredElsewhere_AtAnyBit_KeepsItsBits() =>
        Gen.Select(Gen.Byte.Array[60], Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, 64]).Sample((bytes, skipped, length, before) =>
        {
            var slice = new CellBuilder().StoreBytes(bytes).Build().Parse();
            slice.SkipBits(skipped);
            var moved = new CellBuilder().StoreUInt(0, before).StoreSlice(slice.LoadSlice(length, 0)).Build().Parse();
            moved.SkipBits(before);
            var origin = new CellBuilder().StoreBytes(bytes).Build().Parse();
            origin.SkipBits(skipped);
            for (var i = 0; i < length; i++) moved.LoadBit().ShouldBe(origin.LoadBit());
            moved.DemandEnd();
        }, iter: 2_000);

    [Fact]
    public void FullCell_TakesNoMore_AndSaysWhatItHolds()
    {
        var builder = new CellBuilder().StoreBytes(new byte[127]).StoreUInt(0, 7);
        builder.BitsLeft.ShouldBe(0);
        Should.Throw<CellException>(() => builder.StoreBit(true)).Message
            .ShouldContain("1023 bits and 0 references are in it: no room for 1 more bits");
        for (var i = 0; i < Cell.RefsMax; i++) builder.StoreRef(Cell.Empty);
        Should.Throw<CellException>(() => builder.StoreRef(Cell.Empty)).Message.ShouldContain("4 references are in it");
        builder.Build().BitsCount.ShouldBe(Cell.BitsMax);
    }

    [Fact]
    public void ValueOfTooManyBits_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new CellBuilder().StoreUInt(256, 8));
        Should.Throw<ArgumentOutOfRangeException>(() => new CellBuilder().StoreInt(128, 8));
        Should.Throw<ArgumentOutOfRangeException>(() => new CellBuilder().StoreInt(-129, 8));
        Should.Throw<ArgumentOutOfRangeException>(() => new CellBuilder().StoreAmount(Coins.NanoMax + 1));
        new CellBuilder().StoreInt(-128, 8).Build().Parse().LoadInt(8).ShouldBe(-128);
        new CellBuilder().StoreAmount(Coins.NanoMax).Build().Parse().LoadAmount().ShouldBe(Coins.NanoMax);
    }

    [Fact]
    public void ReadingPastTheEnd_SaysWhere()
    {
        var slice = new CellBuilder().StoreUInt(5, 10).Build().Parse();
        slice.SkipBits(4);
        var fault = Should.Throw<CellException>(() => slice.LoadUInt(32));
        fault.Message.ShouldContain("bit 4, reference 0: 6 bits and 0 references are left: expected 32 bits");
        Should.Throw<CellException>(slice.LoadRef).Message.ShouldContain("expected 0 bits and 1 references");
        Should.Throw<CellException>(slice.DemandEnd).Message.ShouldContain("6 bits and 0 references are left over");
        slice.LoadUInt(6).ShouldBe(5u);
    }

    [Fact]
    public void AddressesThatNoContractHas_AreRefused()
    {
        Should.Throw<CellException>(() => Slice(0b01, 2).LoadAddress()).Message.ShouldContain("external address");
        Should.Throw<CellException>(() => Slice(0b11, 2).LoadAddress()).Message.ShouldContain("variable length");
        Should.Throw<CellException>(() => Slice(0b101, 3).LoadAddress()).Message.ShouldContain("anycast");
        Should.Throw<CellException>(() => Slice(0b00, 2).LoadGivenAddress()).Message.ShouldContain("addr_none");

        static CellSlice Slice(ulong value, int bits) => new CellBuilder().StoreUInt(value, bits).Build().Parse();
    }

    [Fact]
    public void CutOffTree_KeepsTheHashOfTheWhole()
    {
        var leaf = new CellBuilder().StoreUInt(1, 8).StoreRef(new CellBuilder().StoreUInt(2, 8).Build()).Build();
        var whole = new CellBuilder().StoreUInt(3, 8).StoreRef(leaf).StoreRef(Cell.Empty).Build();
        var pruned = Pruned(leaf);
        var cut = new CellBuilder().StoreUInt(3, 8).StoreRef(pruned).StoreRef(Cell.Empty).Build();
        cut.Level.ShouldBe(1);
        cut.Hash.ShouldNotBe(whole.Hash);
        cut.HashAt(0).ShouldBe(whole.Hash);
        cut.DepthAt(0).ShouldBe(whole.Depth);

        var proof = Proof(cut, whole.Hash, whole.Depth).Build(isExotic: true);
        (proof.Type, proof.Level).ShouldBe((CellType.MerkleProof, 0));
        BagOfCells.DeserializeOne(BagOfCells.Serialize(proof)).Hash.ShouldBe(proof.Hash);
        Should.Throw<CellException>(() => Proof(cut, leaf.Hash, whole.Depth).Build(isExotic: true)).Message.ShouldContain("another hash or depth");
        Should.Throw<CellException>(() => Proof(cut, whole.Hash, 9).Build(isExotic: true)).Message.ShouldContain("another hash or depth");
        Should.Throw<CellException>(pruned.Parse).Message.ShouldContain("is a PrunedBranch cell: expected an ordinary one");
        pruned.ParseAny().LoadUInt(8).ShouldBe((ulong)CellType.PrunedBranch);
    }

    [Theory]
    [InlineData(1, 8, "level mask")]
    [InlineData(1, 16, "level mask")]
    [InlineData(2, 8, "a library reference of 8 bits")]
    [InlineData(3, 280, "a Merkle proof of 280 bits and 0 references")]
    [InlineData(4, 8, "a Merkle update of 8 bits")]
    [InlineData(9, 8, "type 9: expected 1 to 4")]
    public void ExoticCellOfAnotherShape_IsRefused(byte type, int bits, string expected) =>
        Should.Throw<CellException>(() => new CellBuilder().StoreBits([type, .. new byte[40]], bits).Build(isExotic: true))
            .Message.ShouldContain(expected);

    private static Cell Pruned(Cell cell) =>
        new CellBuilder().StoreUInt(1, 8).StoreUInt(1, 8).StoreHash(cell.Hash).StoreUInt((ulong)cell.Depth, 16).Build(isExotic: true);

    private static CellBuilder Proof(Cell tree, Hash256 hash, int depth) =>
        new CellBuilder().StoreUInt(3, 8).StoreHash(hash).StoreUInt((ulong)depth, 16).StoreRef(tree);
}
