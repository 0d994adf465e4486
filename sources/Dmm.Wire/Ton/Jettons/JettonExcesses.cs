namespace Dmm.Wire.Ton;

/// <summary>The TON that was left of what paid for a jetton's way. Others send it in the same form.</summary>
public sealed record JettonExcesses(ulong QueryId) : IMessageBody
{
    public const uint Op = 0xd53276db;

    /// <exception cref="CellException">It is none.</exception>
    public static JettonExcesses Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var excesses = new JettonExcesses(slice.LoadUInt(64));
        slice.DemandEnd();
        return excesses;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).Build();
}
