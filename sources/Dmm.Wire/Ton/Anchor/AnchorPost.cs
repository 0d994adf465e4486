namespace Dmm.Wire.Ton;

/// <summary>From its owner to the anchor: keep this head.</summary>
/// <param name="QueryId">Comes back when it was taken.</param>
/// <param name="Sequence">Of this posting; one more than the last, the first is 1.</param>
/// <param name="Rows">Rows of the chain; more than at the last posting.</param>
/// <param name="Previous">The head that the contract keeps; zero before the first.</param>
/// <param name="Head">Hash of the last of the rows.</param>
public sealed record AnchorPost(ulong QueryId, ulong Sequence, ulong Rows, Hash256 Previous, Hash256 Head) : IMessageBody
{
    public const uint Op = 0x616e6372;

    /// <summary>The posting of a head after a known state.</summary>
    /// <param name="last">What the contract told.</param>
    /// <param name="queryId">Comes back when it was taken.</param>
    /// <param name="rows">Rows of the chain; more than at the last posting.</param>
    /// <param name="head">Hash of the last of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chain has no new rows: the contract would refuse.</exception>
    public static AnchorPost After(in AnchorState last, ulong queryId, ulong rows, Hash256 head)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rows, last.Rows);
        return new(queryId, last.Sequence + 1, rows, last.Head, head);
    }

    /// <exception cref="CellException">It is none.</exception>
    public static AnchorPost Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var post = new AnchorPost(slice.LoadUInt(64), slice.LoadUInt(64), slice.LoadUInt(64), slice.LoadHash(), slice.LoadHash());
        slice.DemandEnd();
        return post;
    }

    public Cell ToCell() =>
        BodyOps.Build(Op, QueryId).StoreUInt(Sequence, 64).StoreUInt(Rows, 64).StoreHash(Previous).StoreHash(Head).Build();
}
