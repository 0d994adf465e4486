namespace Dmm.Wire.Ton;

/// <summary>What became of jettons that their owner sent or burnt.</summary>
public enum SettlementKind : byte
{
    /// <summary>The minter took note of the burn, and with it the supply fell; or the receiver's jetton wallet took the transfer.</summary>
    Settled,

    /// <summary>They are the owner's as before: a contract on the way refused.</summary>
    Refused,

    /// <summary>The owner's wallet never asked for it.</summary>
    NotSent,
}

/// <summary>The end of a burn or transfer, as its trace shows it.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Asked">Jettons that were to be burnt or sent, smallest units.</param>
/// <param name="Settled">Jettons that were burnt, or arrived: a transfer tax makes them fewer. Nothing unless settled.</param>
/// <param name="Sent">TON that went along.</param>
/// <param name="Delivered">TON that was passed on to the receiver with the jettons' news.</param>
/// <param name="Returned">TON that came back to the owner.</param>
/// <param name="Exit">Exit code of the contract that refused; 0 otherwise.</param>
public sealed record JettonSettlement(
    SettlementKind Kind, UInt128 Asked, UInt128 Settled, Coins Sent, Coins Delivered, Coins Returned, int Exit)
{
    /// <summary>What the way cost: gas and fees, what contracts on the way keep for their storage; beside those of the owner's own wallet. Never
    /// below nothing.</summary>
    public Coins Cost => Sent.Nano >= Delivered.Nano + Returned.Nano ? Sent - Delivered - Returned : Coins.Zero;

    /// <summary>
    /// Whether the minter's supply, asked before and after, fell by what was burnt and nothing else; minting and burning of others in between
    /// shows as false.
    /// </summary>
    public bool IsShownBy(UInt128 supplyBefore, UInt128 supplyAfter) =>
        Kind == SettlementKind.Settled && supplyBefore >= supplyAfter && supplyBefore - supplyAfter == Settled;
}

/// <summary>An owner of jettons.</summary>
/// <param name="Address">The owner: our wallet.</param>
/// <param name="Wallet">Its jetton wallet, as the minter tells it.</param>
public sealed record JettonHolder(Address Address, Address Wallet);
