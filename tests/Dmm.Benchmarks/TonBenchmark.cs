using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Benchmarks;

/// <summary>TON's layer on one swap: a signed message of a v5 wallet that swaps TON on STON.fi, as it is sent and as it is read.</summary>
internal static class TonBenchmark
{
    private const int Repeats = 2_000;
    private const uint Now = 1_750_000_000;

    private static readonly Address Someone = new(0, new Hash256([.. Enumerable.Repeat((byte)0x5A, 32)]));
    private static readonly Cell SwapCell = Swap(1).ToCell();

    public static void Run()
    {
        Report.Title("ton: one signed swap (v5 wallet, wrapped TON, STON.fi v2)");
        using var signer = new Ed25519Signer(new byte[32]);
        var wallet = new WalletV5R1(signer.PublicKey);
        var message = Sign(wallet, signer, 7).Message.ToCell();
        var boc = message.Serialize();
        Report.Note($"{boc.Length} bytes, {message.Depth + 1} cells deep");
        Measure("bag → cells, with every hash", _ => BagOfCells.DeserializeOne(boc));
        Measure("cells → bag with checksum", _ => BagOfCells.Serialize(message));
        Measure("a cell of 1,023 bits and four references: build, hash", Full);
        Measure("the body of a swap: build", i => Swap((ulong)i).ToCell());
        Measure("the body of a swap: read", _ => StonFiV2Swap.Read(SwapCell));
        var (hash, signature) = (message.Hash.ToArray(), new byte[ISigner.SignatureBytes]);
        Measure("signatures", _ => signer.Sign(hash, signature));
        Measure("a swap built, signed and written", i => Sign(wallet, signer, (uint)i + 1).ToBoc());
    }

    private static void Measure(string name, Action<int> once)
    {
        var measured = Measured.Of(() => once, action =>
        {
            for (var i = 0; i < Repeats; i++) action(i);
        });
        Report.Figure(name, measured.PerSecond(Repeats) / 1e3, "k/s", beside:
            $"best {Report.Number(measured.BestPerSecond(Repeats) / 1e3)}; {Report.Number(measured.BytesPerItem(Repeats))} B");
    }

    private static void Full(int i)
    {
        var builder = new CellBuilder().StoreBytes(new byte[119]).StoreUInt((uint)i, 64).StoreUInt(0, 7);
        for (var r = 0; r < Cell.RefsMax; r++) builder.StoreRef(Cell.Empty);
        builder.Build();
    }

    private static StonFiV2Swap Swap(ulong minOut) => new()
    {
        AskWallet = Someone, Refund = Someone, Excesses = Someone, Deadline = Now + 900, MinOut = minOut, Receiver = Someone,
    };

    private static SignedExternal Sign(WalletV5R1 wallet, Ed25519Signer signer, uint seqno)
    {
        var transfer = new PtonTransfer(seqno, 1_000_000_000, Someone, Swap(900_000_000).ToCell());
        var message = new InternalMessage(Someone, transfer.Value(StonFiV2.TonSwapForward), transfer.ToCell());
        return SignedExternal.Sign(wallet, signer, seqno, Now + 60, [new(message)]);
    }
}
