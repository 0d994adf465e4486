using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>
/// Tells which fills the ledger has counted. A fill enters as an input and comes out as positions: one told again leads to none, one that the ledger
/// refuses does not raise its count.
/// </summary>
/// <param name="before">Fills counted before.</param>
internal sealed class CountedFills(long before)
{
    private Fill? _entered;
    private long _applied = before;

    public void Take(Fill entered) => _entered = entered;

    /// <summary>The fill that led to these positions; null when none was counted.</summary>
    public Fill? Take(InventorySnapshot positions)
    {
        var counted = positions.AppliedFills > _applied ? _entered : null;
        (_applied, _entered) = (positions.AppliedFills, null);
        return counted;
    }
}
