namespace Dmm.Wire.Ton;

/// <summary>Wallet v4, revision 2: up to four messages a batch. The signature is in front.</summary>
/// <remarks>Source: ton-blockchain/wallet-contract; @ton/ton's WalletContractV4.</remarks>
public sealed class WalletV4R2 : IWalletContract
{
    /// <summary>By convention this plus the workchain.</summary>
    public const uint DefaultWalletId = 698_983_191;

    private const byte SimpleSend = 0;

    private readonly uint _walletId;

    /// <param name="publicKey">Whose signatures the wallet obeys.</param>
    /// <param name="workchain">0, or −1 for the masterchain.</param>
    /// <param name="walletId">Tells wallets of one key apart; null for the default.</param>
    public WalletV4R2(Hash256 publicKey, sbyte workchain = 0, uint? walletId = null)
    {
        PublicKey = publicKey;
        _walletId = walletId ?? (uint)(DefaultWalletId + workchain);
        // Sequence number, id, key, no plugins.
        var data = new CellBuilder().StoreUInt(0, 32).StoreUInt(_walletId, 32).StoreHash(publicKey).StoreBit(false).Build();
        Init = new(WalletCode.V4R2, data);
        Address = Init.Address(workchain);
    }

    public Address Address { get; }

    public Hash256 PublicKey { get; }

    public StateInit Init { get; }

    public int TransfersMax => 4;

    public Cell SignedPart(uint seqno, uint validUntil, IReadOnlyList<WalletTransfer> transfers)
    {
        WalletBatch.Demand(transfers, TransfersMax);
        var builder = new CellBuilder().StoreUInt(_walletId, 32).StoreUInt(validUntil, 32).StoreUInt(seqno, 32).StoreUInt(SimpleSend, 8);
        foreach (var transfer in transfers) builder.StoreUInt((byte)transfer.Mode, 8).StoreRef(transfer.Message);
        return builder.Build();
    }

    public Cell Body(Cell signedPart, ReadOnlySpan<byte> signature) =>
        WalletBatch.StoreSignature(new(), signature).StoreCell(signedPart).Build();
}
