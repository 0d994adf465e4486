namespace Dmm.Wire.Ton;

/// <summary>Wallet v5, revision 1: up to 255 messages a batch. The signature is at the end.</summary>
/// <remarks>Source: ton-blockchain/wallet-contract-v5; @ton/ton's WalletContractV5R1.</remarks>
public sealed class WalletV5R1 : IWalletContract
{
    public const int MainnetId = -239;
    public const int TestnetId = -3;

    /// <summary>"sign": a request with a signature, in an external message.</summary>
    public const uint SignedExternalOp = 0x7369676e;

    private readonly uint _walletId;

    /// <param name="publicKey">Whose signatures the wallet obeys.</param>
    /// <param name="workchain">0, or −1 for the masterchain.</param>
    /// <param name="walletId">As <see cref="WalletId"/> makes it; null for the first wallet on the main network.</param>
    public WalletV5R1(Hash256 publicKey, sbyte workchain = 0, uint? walletId = null)
    {
        PublicKey = publicKey;
        _walletId = walletId ?? WalletId(MainnetId, workchain, 0);
        // Signatures are allowed, sequence number, id, key, no extensions.
        var data = new CellBuilder().StoreBit(true).StoreUInt(0, 32).StoreUInt(_walletId, 32).StoreHash(publicKey).StoreBit(false).Build();
        Init = new(WalletCode.V5R1, data);
        Address = Init.Address(workchain);
    }

    public Address Address { get; }

    public Hash256 PublicKey { get; }

    public StateInit Init { get; }

    public int TransfersMax => 255;

    /// <summary>The id of a wallet: the network's xor (a one, workchain, version 0 in eight bits, number of the wallet in 15).</summary>
    /// <param name="networkId">The network's global id: −239 for the main network, −3 for the test network.</param>
    /// <param name="workchain">The wallet's.</param>
    /// <param name="number">Tells wallets of one key apart; below 32,768.</param>
    public static uint WalletId(int networkId, sbyte workchain, int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 0x7FFF);
        return (uint)networkId ^ (0x8000_0000 | (uint)(byte)workchain << 23 | (uint)number);
    }

    public Cell SignedPart(uint seqno, uint validUntil, IReadOnlyList<WalletTransfer> transfers)
    {
        WalletBatch.Demand(transfers, TransfersMax);
        foreach (var (_, mode) in transfers)
        {
            // The contract refuses the whole batch otherwise (exit code 137).
            if ((mode & SendMode.IgnoreErrors) != 0) continue;
            throw new ArgumentException($"the mode {(byte)mode}: expected one with {nameof(SendMode.IgnoreErrors)} in a signed batch", nameof(transfers));
        }

        var builder = new CellBuilder().StoreUInt(SignedExternalOp, 32).StoreUInt(_walletId, 32).StoreUInt(validUntil, 32).StoreUInt(seqno, 32);
        return WalletV5Actions.Store(builder, transfers, []).Build();
    }

    public Cell Body(Cell signedPart, ReadOnlySpan<byte> signature) =>
        WalletBatch.StoreSignature(new CellBuilder().StoreCell(signedPart), signature).Build();
}
