namespace Dmm.Wire.Ton;

/// <summary>From jetton wallet to jetton wallet, or from the minter: jettons arrive.</summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="Amount">Of the jetton's smallest units.</param>
/// <param name="From">The owner that sent them; null for new ones.</param>
/// <param name="Response">Who gets the TON that is left.</param>
/// <param name="ForwardTon">Goes along with the notification.</param>
/// <param name="Payload">What the notification says.</param>
/// <remarks>Source: TEP-74.</remarks>
public sealed record JettonInternalTransfer(
    ulong QueryId, UInt128 Amount, Address? From, Address? Response, Coins ForwardTon, ForwardPayload Payload) : IMessageBody
{
    public const uint Op = 0x178d4519;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonInternalTransfer Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        return new(
            slice.LoadUInt(64), slice.LoadAmount(), slice.LoadAddress(), slice.LoadAddress(), slice.LoadCoins(), ForwardPayload.Load(slice));
    }

    public Cell ToCell() =>
        Payload.Store(BodyOps.Build(Op, QueryId).StoreAmount(Amount).StoreAddress(From).StoreAddress(Response).StoreCoins(ForwardTon)).Build();
}
