namespace Dmm.Wire.Ton;

/// <summary>
/// From a jetton wallet to its owner: jettons have arrived. Anybody can send one: only one from the owner's own jetton wallet of that jetton means
/// something.
/// </summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="Amount">Of the jetton's smallest units: what arrived, which a transfer tax makes less than what was sent.</param>
/// <param name="Sender">The owner that sent them; null for new ones.</param>
/// <param name="Payload">What the sender wants to say.</param>
/// <remarks>Source: TEP-74.</remarks>
public sealed record JettonNotification(ulong QueryId, UInt128 Amount, Address? Sender, ForwardPayload Payload) : IMessageBody
{
    public const uint Op = 0x7362d09c;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonNotification Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        return new(slice.LoadUInt(64), slice.LoadAmount(), slice.LoadAddress(), ForwardPayload.Load(slice));
    }

    public Cell ToCell() => Payload.Store(BodyOps.Build(Op, QueryId).StoreAmount(Amount).StoreAddress(Sender)).Build();
}
