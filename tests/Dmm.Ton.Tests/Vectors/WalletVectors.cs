using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>Addresses, ids and signed messages of wallets, and the fees of one.</summary>
internal static class WalletVectors
{
    public const string Mnemonic0 =
        "hospital stove relief fringe tongue always charge angry urge sentence again match nerve inquiry senior coconut label tumble carry " +
        "category beauty bean road solution";

    // Code of versions that we do not run: what is checked is how an address follows from code and data.
    private const string CodeV3R1 =
        "te6ccgEBAQEAYgAAwP8AIN0gggFMl7qXMO1E0NcLH+Ck8mCDCNcYINMf0x/TH/gjE7vyY+1E0NMf0x/T/9FRMrryoVFEuvKiBPkBVBBV+RDyo/gAkyDXSpbTB9QC+wDo" +
        "0QGkyMsfyx/L/8ntVA==";

    private const string CodeV3R2 =
        "te6ccgEBAQEAcQAA3v8AIN0gggFMl7ohggEznLqxn3Gw7UTQ0x/THzHXC//jBOCk8mCDCNcYINMf0x/TH/gjE7vyY+1E0NMf0x/T/9FRMrryoVFEuvKiBPkBVBBV+RDy" +
        "o/gAkyDXSpbTB9QC+wDo0QGkyMsfyx/L/8ntVA==";

    public static Dictionary<string, Action<Vector>> All => new()
    {
        ["wallet-addr-v3r1"] = v => OlderWallet(v, CodeV3R1),
        ["wallet-addr-v3r2"] = v => OlderWallet(v, CodeV3R2),
        ["wallet-addr-v4r2"] = v => new WalletV4R2(Key(v), (sbyte)v.InNumber("workchain"), (uint)v.InNumber("wallet_id"))
            .Address.ToString().ShouldBe(v.Out("raw")),
        ["v5r1-wallet-id--239-0"] = WalletId,
        ["v5r1-wallet-id--239--1"] = WalletId,
        ["v5r1-wallet-id--3-0"] = WalletId,
        ["wallet-code-hash"] = v =>
        {
            new WalletV4R2(default).Init.Code.Hash.ToString().ShouldBe(v.Out("v4r2_code_hash_hex"));
            new WalletV5R1(default).Init.Code.Hash.ToString().ShouldBe(v.Out("v5r1_code_hash_hex"));
        },
        ["v5r1-outlist-ext"] = v =>
        {
            var extension = Address.Parse("0:" + new string('1', 64));
            // ext_out_msg_info$11 without addresses and time, the body (one zero byte) inline.
            var message = new CellBuilder().StoreUInt(0b11, 2).StoreAddress(null).StoreAddress(null).StoreUInt(0, 64).StoreUInt(0, 32).StoreUInt(0, 2)
                .StoreUInt(0, 8).Build();
            WalletV5Action[] others = [new WalletV5Action.AddExtension(extension), new WalletV5Action.AllowSignature(false)];
            var cell = WalletV5Actions.Store(new(), [new(message)], others).Build();
            cell.Hash.ToString().ShouldBe(v.Out("hash_hex"));
            cell.ShouldBe(BagOfCells.DeserializeOne(Convert.FromHexString(v.Out("boc_hex"))));
            WalletV5Actions.ReadTransfers(cell.Refs[0]).ShouldBe([new(message)]);
        },
        ["signed-ext-v4r2-seq0"] = v => Signed(v, key => new WalletV4R2(key, walletId: (uint)v.InNumber("wallet_id"))),
        ["signed-ext-v5r1-seq0"] = v => Signed(v, key => new WalletV5R1(key, walletId: (uint)v.InNumber("wallet_id"))),
        ["fees-v4-transfer"] = v =>
        {
            // The prices and sizes that the vector's text names.
            var fees = new ChainFees(65_536_000, 1_000_000, 65_536_000, 6_553_600_000, 21_845, 1, 500);
            var (storage, gas) = (fees.ForStorage(6888, 14, 653_439), fees.ForGas((ulong)v.InNumber("gas_used")));
            var sent = fees.FirstPart(fees.ForMessage(0, 0));
            storage.ShouldBe(Coins.Parse(v.Out("storage_ton")));
            gas.ShouldBe(Coins.Parse(v.Out("gas_ton")));
            sent.ShouldBe(Coins.Parse(v.Out("fwd_first_part_ton")));
            // The message from outside has one cell of 672 bits behind its first.
            var import = fees.ForMessage(672, 1);
            import.ShouldBe(Coins.Parse(v.Out("import_ton")));
            (storage + import + gas + sent).ShouldBe(Coins.Parse(v.Out("total_ton")));
        },
    };

    private static void OlderWallet(Vector v, string code)
    {
        var data = new CellBuilder().StoreUInt(0, 32).StoreUInt((ulong)v.InNumber("wallet_id"), 32).StoreHash(Key(v)).Build();
        var address = new StateInit(Cell.FromBase64(code), data).Address((sbyte)v.InNumber("workchain"));
        address.ToString().ShouldBe(v.Out("raw"));
        address.ToString(new AddressForm(true)).ShouldBe(v.Out("address"));
    }

    private static Hash256 Key(Vector v) => Hash256.FromHex(v.In("public_key_hex"));

    private static void WalletId(Vector v) =>
        ((long)WalletV5R1.WalletId((int)v.InNumber("network_global_id"), (sbyte)v.InNumber("workchain"), (int)v.InNumber("subwallet")))
        .ShouldBe(long.Parse(v.Out("wallet_id_uint32")));

    private static void Signed(Vector v, Func<Hash256, IWalletContract> of)
    {
        using var signer = new Ed25519Signer(KeyVectors.Words(Mnemonic0).DeriveSeed());
        var wallet = of(signer.PublicKey);
        wallet.Address.ToString().ShouldBe(v.Out("address"));
        var transfers = v.Input.GetProperty("messages").EnumerateArray().Select(m => new WalletTransfer(new InternalMessage(
            Address.Parse(m.GetProperty("to").GetString()!), Coins.FromNano(UInt128.Parse(m.GetProperty("value").GetString()!)),
            m.GetProperty("body").GetString() == "empty" ? Cell.Empty : new TextComment("hello").ToCell(),
            m.GetProperty("bounce").GetBoolean()), (SendMode)v.InNumber("mode"))).ToArray();
        var signed = SignedExternal.Sign(wallet, signer, (uint)v.InNumber("seqno"), (uint)v.InNumber("valid_until"), transfers);
        signed.Message.Body.Hash.ToString().ShouldBe(v.Out("body_hash_hex"));
        Convert.ToHexStringLower(SignatureOf(wallet, signed.Message.Body)).ShouldBe(v.Out("signature_hex"));
        signed.NormalisedHash.ToString().ShouldBe(v.Out("normalized_hash_hex"));
        var message = BagOfCells.DeserializeOne(signed.ToBoc());
        message.Hash.ToString().ShouldBe(v.Out("message_hash_hex"));
        var read = Message.Read(message);
        (read.Kind, read.Destination, read.Body, read.Init).ShouldBe((MessageKind.ExternalIn, wallet.Address, signed.Message.Body, wallet.Init));
    }

    private static byte[] SignatureOf(IWalletContract wallet, Cell body)
    {
        var slice = body.Parse();
        if (wallet is WalletV5R1) slice.SkipBits(slice.BitsLeft - 8 * ISigner.SignatureBytes);
        return slice.LoadBytes(ISigner.SignatureBytes);
    }
}
