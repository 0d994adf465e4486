namespace Dmm.Wire.Ton;

/// <summary>Text to people: 32 zeros and the text.</summary>
public sealed record TextComment(string Text) : IMessageBody
{
    public const uint Op = 0;

    /// <exception cref="CellException">It is none, or no UTF-8.</exception>
    public static TextComment Read(Cell body) => new(SnakeText.Load(BodyOps.Begin(body, Op)));

    public Cell ToCell() => SnakeText.Store(new CellBuilder().StoreUInt(Op, 32), Text).Build();
}
