using System.Globalization;

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

    // Each posting has new rows, and before the first there is nothing.
    private bool IsPossible => Sequence == 0 ? this == Initial : Sequence <= Rows;

    /// <summary>Reads the answer of <see cref="Method"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing
    /// is.</summary>
    public static bool TryRead(IReadOnlyList<StackItem> stack, out AnchorState state, out string fault)
    {
        static AnchorState Read(StackReader items) => new(items.UInt64("sequence"), items.UInt64("rows"), items.Hash("head"));

        if (!StackReader.TryRead(Method, stack, 3, Read, out state, out fault)) return false;
        if (state.IsPossible) return true;
        fault = string.Create(
            CultureInfo.InvariantCulture,
            $"{Method}: posting {state.Sequence} at row {state.Rows}: expected no more postings than rows, and no row without one");
        state = default;
        return false;
    }

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
