namespace Dmm.Wire.Ton;

/// <summary>A message that a wallet is told to send; fees, source and time are filled in on the chain.</summary>
/// <param name="To">Whom.</param>
/// <param name="Value">What goes along.</param>
/// <param name="Body">What it says.</param>
/// <param name="IsBounceable">What cannot be used comes back; false for a wallet that is not deployed yet.</param>
/// <param name="Init">Deploys the receiver.</param>
public sealed record InternalMessage(Address To, Coins Value, Cell Body, bool IsBounceable = true, StateInit? Init = null)
{
    /// <summary>As the wallet's actions take it (MessageRelaxed).</summary>
    public Cell ToCell()
    {
        // int_msg_info$0, instant hypercube routing disabled, bounced, source addr_none.
        var builder = new CellBuilder().StoreUInt(0b01, 2).StoreBit(IsBounceable).StoreBit(false).StoreAddress(null);
        // No other currencies, no fees, time zero.
        builder.StoreAddress(To).StoreCoins(Value).StoreBit(false).StoreCoins(0).StoreCoins(0).StoreUInt(0, 64).StoreUInt(0, 32);
        return MessageParts.Store(builder, Init, Body).Build();
    }
}
