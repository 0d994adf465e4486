namespace Dmm.Wire.Ton;

/// <summary>From an owner to its jetton wallet: send jettons on.</summary>
/// <param name="QueryId">Comes back in every message that follows.</param>
/// <param name="Amount">Of the jetton's smallest units.</param>
/// <param name="Destination">The new owner; its jetton wallet follows from it.</param>
/// <param name="Response">Who gets the TON that is left; null for nobody, who then pays for less.</param>
/// <param name="CustomPayload">For jetton wallets that want one.</param>
/// <param name="ForwardTon">Goes along with the notification to the new owner; none is sent for nothing.</param>
/// <param name="Payload">What the notification says.</param>
/// <remarks>Source: TEP-74.</remarks>
public sealed record JettonTransfer(
    ulong QueryId, UInt128 Amount, Address Destination, Address? Response, Cell? CustomPayload, Coins ForwardTon, ForwardPayload Payload)
    : IMessageBody
{
    public const uint Op = 0x0f8a7ea5;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonTransfer Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        return new(
            slice.LoadUInt(64), slice.LoadAmount(), slice.LoadGivenAddress(), slice.LoadAddress(), slice.LoadOptRef(), slice.LoadCoins(),
            ForwardPayload.Load(slice));
    }

    public Cell ToCell()
    {
        var builder = BodyOps.Build(Op, QueryId).StoreAmount(Amount).StoreAddress(Destination).StoreAddress(Response).StoreOptRef(CustomPayload);
        return Payload.Store(builder.StoreCoins(ForwardTon)).Build();
    }
}
