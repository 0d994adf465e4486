namespace Dmm.Wire.Ton;

/// <summary>A message from outside the chain: what is sent to a node.</summary>
/// <param name="To">The wallet.</param>
/// <param name="Body">What it says, signature included.</param>
/// <param name="Init">Deploys the wallet with its first message.</param>
public sealed record ExternalInMessage(Address To, Cell Body, StateInit? Init = null)
{
    /// <summary>
    /// What indexers know the message by whatever form it travelled in (TEP-467): no source, no import fee, no initial state, the body in a
    /// reference.
    /// </summary>
    public Hash256 NormalisedHash => Head().StoreBit(false).StoreBit(true).StoreRef(Body).Build().Hash;

    public Cell ToCell() => MessageParts.Store(Head(), Init, Body).Build();

    // ext_in_msg_info$10, source addr_none, import fee zero.
    private CellBuilder Head() => new CellBuilder().StoreUInt(0b10, 2).StoreAddress(null).StoreAddress(To).StoreCoins(0);
}
