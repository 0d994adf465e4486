using System.Security.Cryptography;
using System.Text;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>A wallet of ours on the chain: signs with its key and counts on for itself.</summary>
internal sealed class WalletOnChain : IDisposable
{
    public const uint Now = 1_750_000_000;

    private readonly TvmChain _chain;
    private readonly Ed25519Signer _signer;

    private WalletOnChain(TvmChain chain, string version, string name)
    {
        _chain = chain;
        _signer = new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        Contract = Of(version, _signer.PublicKey, walletId: null);
    }

    public IWalletContract Contract { get; }

    public Address Address => Contract.Address;

    public uint Seqno { get; private set; }

    /// <summary>A wallet with TON that is not deployed yet.</summary>
    public static WalletOnChain Funded(TvmChain chain, string version, string name = "ours")
    {
        var wallet = new WalletOnChain(chain, version, name);
        chain.Pay(wallet.Address, Coins.Parse("100"));
        return wallet;
    }

    public static IWalletContract Of(string version, Hash256 key, uint? walletId) =>
        version == "v4r2" ? new WalletV4R2(key, walletId: walletId) : new WalletV5R1(key, walletId: walletId);

    public SignedExternal Sign(uint seqno, uint validUntil, params IReadOnlyList<InternalMessage> messages) =>
        SignedExternal.Sign(Contract, _signer, seqno, validUntil, [.. messages.Select(m => new WalletTransfer(m))]);

    /// <summary>The bag of a message whose signed part is another contract's, or signed by another key.</summary>
    public byte[] Forge(IWalletContract signedFor, ISigner? signer, params IReadOnlyList<WalletTransfer> transfers)
    {
        var part = signedFor.SignedPart(Seqno, Now + 60, transfers);
        return SignPart(part, signer ?? _signer);
    }

    public byte[] SignPart(Cell part, ISigner? signer = null)
    {
        var signature = new byte[ISigner.SignatureBytes];
        (signer ?? _signer).Sign(part.Hash.ToArray(), signature);
        return new ExternalInMessage(Address, Contract.Body(part, signature)).ToCell().Serialize();
    }

    /// <summary>Sends a batch that the wallet must accept.</summary>
    public IReadOnlyList<TvmTransaction> Send(params IReadOnlyList<InternalMessage> messages)
    {
        var outcome = _chain.Send(Sign(Seqno, Now + 60, messages).ToBoc());
        outcome.Refused.ShouldBeNull();
        outcome.Transactions[0].Account.ShouldBe(Address);
        outcome.Transactions[0].Exit.ShouldBe(0);
        Seqno++;
        SeqnoOnChain().ShouldBe(Seqno);
        return outcome.Transactions;
    }

    public uint SeqnoOnChain() => (uint)_chain.Call(Address, "seqno")[0].Number;

    public void Dispose() => _signer.Dispose();
}
