namespace Dmm.Wire.Ton;

/// <summary>
/// To a router's wallet of wrapped TON, version 2: take TON as if it were a jetton. (Version 1 takes a <see cref="JettonTransfer"/>.) The message
/// carries <see cref="Value(Coins)"/>.
/// </summary>
/// <param name="QueryId">Comes back in every message that follows.</param>
/// <param name="Amount">The TON that is swapped or provided.</param>
/// <param name="Refund">Who gets it back if the router does not take it.</param>
/// <param name="Payload">What the router is told; null for nothing.</param>
/// <remarks>Source: ston-fi/sdk contracts/pTON/v2_1.</remarks>
public sealed record PtonTransfer(ulong QueryId, Coins Amount, Address Refund, Cell? Payload) : IMessageBody
{
    public const uint Op = 0x01f3835d;

    /// <summary>What the wallet itself uses.</summary>
    public static readonly Coins Gas = 10_000_000;

    /// <exception cref="CellException">It is none.</exception>
    public static PtonTransfer Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var transfer = new PtonTransfer(slice.LoadUInt(64), slice.LoadCoins(), slice.LoadGivenAddress(), slice.LoadOptRef());
        slice.DemandEnd();
        return transfer;
    }

    /// <summary>What the message must carry when so much is to go on with the payload.</summary>
    public Coins Value(Coins forward) => Amount + forward + Gas;

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreCoins(Amount).StoreAddress(Refund).StoreOptRef(Payload).Build();
}
