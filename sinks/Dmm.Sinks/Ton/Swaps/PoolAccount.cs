using Dmm.Core;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>A pool, and the wallet that trades there.</summary>
/// <param name="Instrument">The pool as a market.</param>
/// <param name="Pool">As it was found.</param>
/// <param name="Wallet">Ours, which trades at no other venue: what it holds is this venue's.</param>
/// <param name="Signer">Has its key; disposed of by the caller.</param>
/// <param name="JettonWallet">The wallet's own of the base token, as the token's minter tells.</param>
/// <param name="Log">The wallet's alone; disposed of by the caller.</param>
public sealed record PoolAccount(
    Instrument Instrument, FoundPool Pool, IWalletContract Wallet, ISigner Signer, Address JettonWallet, ISendLog Log)
{
    public JettonHolder Owner => new(Wallet.Address, JettonWallet);
}
