using System.Text;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>Checksums, cells, bags, dictionaries, addresses.</summary>
internal static class CellVectors
{
    public static Dictionary<string, Action<Vector>> All => new()
    {
        ["crc16-1"] = v => Crc16.Of(Encoding.ASCII.GetBytes(v.In("ascii"))).ToString("x4").ShouldBe(v.Out("crc16_xmodem_be_hex")),
        ["crc32c-1"] = v => Convert.ToHexStringLower(BitConverter.GetBytes(Crc32C.Of(Encoding.ASCII.GetBytes(v.In("ascii")))))
            .ShouldBe(v.Out("crc32c_little_endian_hex")),
        ["boc-empty"] = v => Written(v, Cell.Empty),
        ["boc-u32"] = v => Written(v, U32(123456789)),
        ["boc-u34-unaligned"] = v => Written(v, new CellBuilder().StoreUInt(123456789, 34).Build()),
        ["boc-one-ref"] = v => Written(v, new CellBuilder().StoreUInt(987654321, 32).StoreRef(U32(123456789)).Build()),
        ["boc-hex-parse"] = v =>
        {
            var cell = Hex(v);
            cell.ShouldBe(new CellBuilder().StoreUInt(1, 32).StoreRef(U32(2)).Build());
            cell.Hash.ToString().ShouldBe(v.Out("hash_hex"));
        },
        ["boc-empty-hex"] = v => Hex(v).Hash.ToString().ShouldBe(v.Out("hash_hex")),
        ["boc-merkle"] = v =>
        {
            var cell = Hex(v);
            cell.Hash.ToString().ShouldBe(v.Out("hash_hex"));
            Exotic(cell).ShouldBeGreaterThan(0);
            BagOfCells.DeserializeOne(BagOfCells.Serialize(cell)).Hash.ShouldBe(cell.Hash);
        },
        ["hashmap-16"] = v =>
        {
            (ulong Key, ulong Value)[] entries = [(13, 169), (17, 289), (239, 57121)];
            var map = Hashmap.Build(16, entries.Select(e => KeyValuePair.Create(Hashmap.Key(e.Key, 16), new CellBuilder().StoreUInt(e.Value, 16))))!;
            v.Meets(map);
            map.ToBase64().ShouldBe(v.Out("boc_base64"));
            Hashmap.Read(Cell.FromBase64(v.Out("boc_base64")), 16, 3)
                .Select(e => ((ulong)(e.Key[0] << 8 | e.Key[1]), e.Value.LoadUInt(16))).ShouldBe(entries);
        },
        ["addr-forms-1"] = v =>
        {
            var address = v.InAddress("raw");
            (string Name, AddressForm Form)[] forms =
            [
                ("bounceable", new(true)), ("bounceable_testnet", new(true, true)), ("nonbounceable", new(false)),
                ("nonbounceable_testnet", new(false, true)), ("nonbounceable_std_base64", new(false, false, false)),
            ];
            foreach (var (name, form) in forms)
            {
                address.ToString(form).ShouldBe(v.Out(name));
                Address.TryParse(v.Out(name), out var read, out var readForm, out _).ShouldBeTrue();
                read.ShouldBe(address);
                readForm.ShouldBe(form);
            }

            address.ToString().ShouldBe(v.In("raw"));
        },
        ["addr-invalid"] = v =>
        {
            foreach (var text in v.Input.GetProperty("reject").EnumerateArray().Select(e => e.GetString()!))
            {
                Address.TryParse(text, out _, out _, out var fault).ShouldBeFalse(text);
                fault.ShouldContain("expected");
            }
        },
        ["contract-address"] = v =>
        {
            var init = new StateInit(new CellBuilder().StoreUInt(1, 8).Build(), new CellBuilder().StoreUInt(2, 8).Build());
            init.Address().ToString(new AddressForm(true)).ShouldBe(v.Out("address"));
            v.Meets(init.ToCell(), "state_init_boc_base64");
        },
    };

    private static Cell U32(uint value) => new CellBuilder().StoreUInt(value, 32).Build();

    private static Cell Hex(Vector v) => BagOfCells.DeserializeOne(Convert.FromHexString(v.In("boc_hex")));

    private static void Written(Vector v, Cell cell)
    {
        cell.Hash.ToString().ShouldBe(v.Out("hash_hex"));
        cell.Hash.ToBase64().ShouldBe(v.Out("hash_base64"));
        Convert.ToBase64String(BagOfCells.Serialize(cell, hasCrc32C: false)).ShouldBe(v.Out("boc_no_idx_no_crc_base64"));
        Convert.ToBase64String(BagOfCells.Serialize(cell)).ShouldBe(v.Out("boc_no_idx_crc32c_base64"));
    }

    private static int Exotic(Cell cell)
    {
        var count = cell.IsExotic ? 1 : 0;
        foreach (var child in cell.Refs) count += Exotic(child);
        return count;
    }
}
