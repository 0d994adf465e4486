namespace Dmm.Wire.Ton;

/// <summary>What an owner's wallet sends to its jetton wallet, with the TON that goes along; what is not used comes back.</summary>
public static class JettonOrders
{
    /// <summary>About a sixth of it is used, on the virtual machine; a taxed jetton's contracts may do more.</summary>
    public static readonly Coins BurnValue = 100_000_000;

    /// <summary>The receiver's jetton wallet may have to be made, and keeps some for its storage.</summary>
    public static readonly Coins TransferValue = 100_000_000;

    /// <summary>Enough for the receiver to be told.</summary>
    public static readonly Coins ForwardedWithNews = 1;

    /// <summary>Destroys jettons: the supply falls.</summary>
    public static InternalMessage Burn(JettonHolder owner, UInt128 amount, ulong queryId) =>
        new(owner.Wallet, BurnValue, new JettonBurn(queryId, amount, owner.Address).ToCell());

    /// <summary>Sends jettons on: the supply stays.</summary>
    public static InternalMessage Transfer(JettonHolder owner, Address receiver, UInt128 amount, ulong queryId) => new(
        owner.Wallet, TransferValue,
        new JettonTransfer(queryId, amount, receiver, owner.Address, null, ForwardedWithNews, ForwardPayload.None).ToCell());
}
