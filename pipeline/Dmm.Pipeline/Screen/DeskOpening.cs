using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>How a run stands as it begins.</summary>
/// <param name="At">Where the engine's clock begins.</param>
/// <param name="Inventory">What an earlier process left; null for the starting inventory and no fill.</param>
/// <param name="Controls">Where the controls stand.</param>
/// <param name="Orders">Orders that may rest.</param>
internal sealed record DeskOpening(Timestamp At, InventorySnapshot? Inventory, TradingStatesState Controls, LiveOrdersState Orders)
{
    public static DeskOpening Fresh(Timestamp at) => new(at, null, TradingStatesState.Starting, LiveOrdersState.Empty);
}
