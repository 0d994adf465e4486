namespace Dmm.Wire.Ton;

/// <summary>What the anchor keeps of the last posting.</summary>
/// <param name="Sequence">Postings so far.</param>
/// <param name="Rows">Rows of the chain at the last.</param>
/// <param name="Head">Hash of the last of these rows.</param>
public readonly record struct AnchorState(ulong Sequence, ulong Rows, Hash256 Head)
{
    /// <summary>The get-method that tells it.</summary>
    public const string Method = "get_anchor";

    /// <summary>Before the first posting. Its head is that of a chain without rows.</summary>
    public static readonly AnchorState Initial;

    /// <summary>Reads the answer of <see cref="Method"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing
    /// is.</summary>
    public static bool TryRead(IReadOnlyList<StackItem> stack, out AnchorState state, out string fault) =>
        StackReader.TryRead(Method, stack, 3, s => new AnchorState(s.UInt64("sequence"), s.UInt64("rows"), s.Hash("head")), out state, out fault);

    /// <summary>Reads the contract's data as an account's state holds it.</summary>
    /// <exception cref="CellException">It is none.</exception>
    public static (Address Owner, AnchorState State) ReadData(Cell data)
    {
        var slice = data.Parse();
        var kept = (slice.LoadGivenAddress(), new AnchorState(slice.LoadUInt(64), slice.LoadUInt(64), slice.LoadHash()));
        slice.DemandEnd();
        return kept;
    }

    /// <summary>The contract's data.</summary>
    public Cell ToData(Address owner) =>
        new CellBuilder().StoreAddress(owner).StoreUInt(Sequence, 64).StoreUInt(Rows, 64).StoreHash(Head).Build();
}
