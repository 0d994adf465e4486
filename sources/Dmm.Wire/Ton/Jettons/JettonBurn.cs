namespace Dmm.Wire.Ton;

/// <summary>
/// From an owner to its jetton wallet: destroy jettons, so that the supply falls. To a liquidity token's wallet it is a withdrawal from the pool, of
/// STON.fi and of DeDust alike.
/// </summary>
/// <param name="QueryId">Comes back in every message that follows.</param>
/// <param name="Amount">Of the jetton's smallest units.</param>
/// <param name="Response">Who gets the TON that is left; null for nobody.</param>
/// <param name="CustomPayload">For contracts that want one.</param>
/// <remarks>Source: TEP-74.</remarks>
public sealed record JettonBurn(ulong QueryId, UInt128 Amount, Address? Response, Cell? CustomPayload = null) : IMessageBody
{
    public const uint Op = 0x595f07bc;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonBurn Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var burn = new JettonBurn(slice.LoadUInt(64), slice.LoadAmount(), slice.LoadAddress(), slice.LoadOptRef());
        slice.DemandEnd();
        return burn;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreAmount(Amount).StoreAddress(Response).StoreOptRef(CustomPayload).Build();
}

/// <summary>From a jetton wallet to the minter: jettons were destroyed.</summary>
/// <param name="QueryId">Of the burn.</param>
/// <param name="Amount">Of the jetton's smallest units.</param>
/// <param name="Sender">Whose they were.</param>
/// <param name="Response">Who gets the TON that is left.</param>
/// <remarks>Source: TEP-74.</remarks>
public sealed record JettonBurnNotification(ulong QueryId, UInt128 Amount, Address Sender, Address? Response) : IMessageBody
{
    public const uint Op = 0x7bdd97de;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonBurnNotification Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var burnt = new JettonBurnNotification(slice.LoadUInt(64), slice.LoadAmount(), slice.LoadGivenAddress(), slice.LoadAddress());
        slice.DemandEnd();
        return burnt;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreAmount(Amount).StoreAddress(Sender).StoreAddress(Response).Build();
}
