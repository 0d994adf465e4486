using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Cells;

public sealed class BagOfCellsTests
{
    [Fact]
    public void AnyTree_WrittenInAnyForm_IsReadBack() =>
        Gen.Select(CellGen.Root, Gen.Bool, Gen.Bool).Sample((root, hasIndex, hasCrc) =>
        {
            var read = BagOfCells.DeserializeOne(BagOfCells.Serialize(root, hasIndex, hasCrc));
            read.Hash.ShouldBe(root.Hash);
            read.Depth.ShouldBe(root.Depth);
            BagOfCells.Serialize(read, hasIndex, hasCrc).ShouldBe(BagOfCells.Serialize(root, hasIndex, hasCrc));
        }, iter: 2_000);

    [Fact]
    public void SeveralRoots_ComeBackInTheirOrder() =>
        CellGen.Cells.Sample(cells => BagOfCells.Deserialize(BagOfCells.Serialize(cells, hasIndex: true)).ShouldBe(cells), iter: 500);

    [Fact]
    public void SharedSubtree_IsWrittenOnce()
    {
        var cell = Cell.Empty;
        // 2^60 paths.
        for (var i = 0; i < 60; i++) cell = new CellBuilder().StoreUInt((uint)i, 8).StoreRef(cell).StoreRef(cell).Build();
        var bytes = BagOfCells.Serialize(cell);
        bytes.Length.ShouldBeLessThan(500);
        BagOfCells.DeserializeOne(bytes).ShouldBe(cell);
    }

    [Fact]
    public void MutatedBag_GivesCellsOrTheOneError() =>
        Gen.Select(CellGen.Root, Gen.Bool, Gen.Bool, Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[1, 6], Gen.Int[-20, 20]).Sample(
            (root, hasIndex, hasCrc, changes, longer) =>
            {
                var bytes = BagOfCells.Serialize(root, hasIndex, hasCrc);
                foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
                Array.Resize(ref bytes, Math.Max(0, bytes.Length + longer));
                OnlyTheOneError(bytes);
            }, iter: 20_000);

    [Fact]
    public void BytesOfNoMeaning_GiveTheOneError() =>
        Gen.Select(Gen.Int[0, 2].Select(i => new[] { 0xb5ee9c72u, 0x68ff65f3u, 0xacc3a728u }[i]), Gen.Byte.Array[0, 200]).Sample(
            (magic, rest) => OnlyTheOneError([(byte)(magic >> 24), (byte)(magic >> 16), (byte)(magic >> 8), (byte)magic, .. rest]), iter: 20_000);

    [Fact]
    public void BagCutOffAnywhere_GivesTheOneError()
    {
        var bytes = BagOfCells.Serialize(new CellBuilder().StoreUInt(7, 34).StoreRef(Cell.Empty).Build(), hasIndex: true);
        for (var length = 0; length < bytes.Length; length++)
            BagOfCells.TryDeserialize(bytes.AsSpan(0, length), out _, out var fault).ShouldBeFalse(fault);
    }

    /// <summary>Each with the part of the message that says what is wrong.</summary>
    [Theory]
    [InlineData("00ee9c72", "begins with 00ee9c72: expected b5ee9c72")]
    [InlineData("b5ee9c7200010101000200 00", "writes references in 0 bytes")]
    [InlineData("b5ee9c7205010101000200 00", "writes references in 5 bytes")]
    [InlineData("b5ee9c720109010100020000", "writes offsets in 9 bytes")]
    [InlineData("b5ee9c72090101010002000000", "has the flags 0x09")]
    [InlineData("b5ee9c72210101010002000000", "cache bits without an index")]
    [InlineData("b5ee9c72010100010002000000", "has 0 cells")]
    [InlineData("b5ee9c72010101000002000000", "has 0 roots")]
    [InlineData("b5ee9c72010101020002000000", "has 2 roots: expected 1")]
    [InlineData("b5ee9c72010101010102000000", "has 1 absent cells: expected 0")]
    [InlineData("b5ee9c7201010101000200000000", "holds 3 bytes of cells: expected 2")]
    [InlineData("b5ee9c720101010100020100 00", "names cell 1 as a root")]
    [InlineData("b5ee9c72010102010002000000", "expected two bytes a cell at least")]
    [InlineData("b5ee9c7201010101000300010000", "refers to cell 0: expected one behind it")]
    [InlineData("b5ee9c72010102010006000100010100 00", "refers to cell 0: expected one behind it")]
    [InlineData("b5ee9c7201010101000300010005", "refers to cell 5: expected one behind it")]
    [InlineData("b5ee9c720101010100070005000000000000", "holds a cell with 5 references")]
    [InlineData("b5ee9c72010101010003000001 80", "expected a one behind its last bit, and not in front")]
    [InlineData("b5ee9c72010101010003000001 00", "expected a one behind its last bit, and not in front")]
    [InlineData("b5ee9c72010101010002000004", "ends within cell 0: expected 2 bytes more")]
    [InlineData("b5ee9c72010101010003000000 00", "has 1 bytes behind its last cell")]
    [InlineData("b5ee9c7201010101000200002000", "holds 3 bytes")]
    [InlineData("b5ee9c72010101010002002000", "with the level mask 1: expected 0")]
    [InlineData("b5ee9c7281010101000200030000", "says in its index that cell 0 ends at 3: expected 2")]
    [InlineData("b5ee9c72010101010003000802 05", "type 5: expected 1 to 4")]
    [InlineData("b5ee9c72410101010002000000ffffffff", "has the checksum ffffffff")]
    [InlineData("b5ee9c7204080000000100000001000000000000000000000002", "ends within the list of roots")]
    [InlineData("b5ee9c7204087fffffff00000001000000000000000000000002", "has 2147483647 cells: expected 1 to 65536")]
    public void MalformedBag_SaysWhatAndWhere(string hex, string expected)
    {
        BagOfCells.TryDeserialize(Convert.FromHexString(hex.Replace(" ", "")), out _, out var fault).ShouldBeFalse();
        fault.ShouldStartWith("bag of cells, byte ");
        fault.ShouldContain(expected);
    }

    [Fact]
    public void OlderKinds_AreRead()
    {
        // Sizes, one cell, one root, none absent, two bytes in all, the index, the empty cell.
        var indexed = Convert.FromHexString("68ff65f3" + "0101" + "010100" + "02" + "02" + "0000");
        BagOfCells.DeserializeOne(indexed).ShouldBe(Cell.Empty);
        byte[] head = Convert.FromHexString("acc3a728" + "0101" + "010100" + "02" + "02" + "0000");
        BagOfCells.DeserializeOne([.. head, .. BitConverter.GetBytes(Crc32C.Of(head))]).ShouldBe(Cell.Empty);
    }

    [Fact]
    public void IndexWithCacheBits_IsRead() =>
        BagOfCells.DeserializeOne(Convert.FromHexString("b5ee9c72" + "a101" + "010100" + "02" + "00" + "05" + "0000")).ShouldBe(Cell.Empty);

    [Fact]
    public void StoredHashes_AreVerified()
    {
        var hash = Cell.Empty.Hash.ToString();
        var head = "b5ee9c72" + "0101" + "010100" + "24" + "00" + "1000";
        BagOfCells.DeserializeOne(Convert.FromHexString(head + hash + "0000")).ShouldBe(Cell.Empty);
        foreach (var wrong in new[] { head + hash + "0001", head + "00" + hash[2..] + "0000" })
        {
            BagOfCells.TryDeserialize(Convert.FromHexString(wrong), out _, out var fault).ShouldBeFalse();
            fault.ShouldContain("stores another hash or depth");
        }
    }

    [Fact]
    public void DeepestTree_IsRead_AndOneDeeperIsNone()
    {
        var cell = Cell.Empty;
        for (var i = 0; i < Cell.DepthMax; i++) cell = new CellBuilder().StoreRef(cell).Build();
        var bytes = BagOfCells.Serialize(cell);
        BagOfCells.DeserializeOne(bytes).Depth.ShouldBe(Cell.DepthMax);
        Should.Throw<CellException>(() => new CellBuilder().StoreRef(cell).Build()).Message.ShouldContain("1025 cells deep: expected at most 1024");
        BagOfCells.TryDeserialize(Chain(Cell.DepthMax + 2), out _, out var fault).ShouldBeFalse();
        fault.ShouldContain("1025 cells deep");
    }

    [Fact]
    public void LongestChain_EndsEarlyAndWithoutAStack()
    {
        BagOfCells.TryDeserialize(Chain(BagOfCells.CellsMax), out _, out var fault).ShouldBeFalse();
        fault.ShouldContain("1025 cells deep");
        BagOfCells.TryDeserialize(Chain(BagOfCells.CellsMax + 1), out _, out fault).ShouldBeFalse();
        fault.ShouldContain("has 65537 cells: expected 1 to 65536");
    }

    [Fact]
    public void TooManyBytes_AreNotLookedAt()
    {
        BagOfCells.TryDeserialize(new byte[BagOfCells.BytesMax + 1], out _, out var fault).ShouldBeFalse();
        fault.ShouldContain($"expected at most {BagOfCells.BytesMax}");
        Should.Throw<CellException>(() => Cell.FromBase64(new string('A', BagOfCells.BytesMax * 2)));
        foreach (var text in new[] { "no base64!", "te6cckEBAQEAAgAAAEysuc0", "te6cckEBAQEAAgAAAEysuc0=_" })
            Should.Throw<CellException>(() => Cell.FromBase64(text)).Message.ShouldContain("is no base64");
    }

    // Cells of no bits, each referring to the next, written with four bytes a reference.
    private static byte[] Chain(int cells)
    {
        var bytes = new List<byte>(Convert.FromHexString("b5ee9c720404"));
        Put(cells);
        Put(1);
        Put(0);
        Put(6 * cells - 4);
        Put(0);
        for (var i = 0; i < cells; i++)
        {
            bytes.AddRange(i == cells - 1 ? [0, 0] : [1, 0]);
            if (i < cells - 1) Put(i + 1);
        }

        return [.. bytes];

        void Put(int number) => bytes.AddRange([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }

    private static void OnlyTheOneError(byte[] bytes)
    {
        try
        {
            foreach (var root in BagOfCells.Deserialize(bytes)) BagOfCells.DeserializeOne(BagOfCells.Serialize(root)).Hash.ShouldBe(root.Hash);
        }
        catch (CellException fault)
        {
            fault.Where.ShouldNotBeEmpty();
        }
    }
}
