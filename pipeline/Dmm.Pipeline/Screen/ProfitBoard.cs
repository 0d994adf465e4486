using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>Inventory and profit: the latest of each, and their extremes over the run.</summary>
internal sealed class ProfitBoard
{
    private readonly NumeraireRates _rates;
    private readonly InventoryParameters _limits;
    private InventorySnapshot? _positions;

    /// <param name="rates">Give the numeraire.</param>
    /// <param name="limits">The starting inventory and its limits.</param>
    /// <param name="held">What is held as the run begins; null for the starting inventory.</param>
    public ProfitBoard(NumeraireRates rates, InventoryParameters limits, InventorySnapshot? held)
    {
        (_rates, _limits, _positions) = (rates, limits, held);
        LowestInventory = HighestInventory = Inventory;
        LargestRatio = Math.Abs(limits.RatioOf(Inventory));
    }

    /// <summary>q_total, base asset; the starting inventory before the first fill.</summary>
    public decimal Inventory => _positions?.Total ?? _limits.Starting;

    public PnlSnapshot? Pnl { get; private set; }

    public void Take(InventorySnapshot positions)
    {
        _positions = positions;
        LowestInventory = Math.Min(LowestInventory, positions.Total);
        HighestInventory = Math.Max(HighestInventory, positions.Total);
        LargestRatio = Math.Max(LargestRatio, Math.Abs(positions.InventoryRatio));
    }

    public void Take(PnlSnapshot pnl)
    {
        Pnl = pnl;
        DeepestDrawdown = Math.Max(DeepestDrawdown, pnl.DeepestDrawdown);
    }

    public decimal LowestInventory { get; private set; }

    public decimal HighestInventory { get; private set; }

    /// <summary>The largest |q̂|.</summary>
    public double LargestRatio { get; private set; }

    /// <summary>Over all trading sessions of the run.</summary>
    public decimal DeepestDrawdown { get; private set; }

    /// <summary>Fees and gas less rebates at the latest rates, numeraire; what has no rate is left out.</summary>
    public decimal Fees()
    {
        var sum = 0m;
        if (_positions is null) return sum;
        foreach (var position in _positions.Positions)
        {
            sum += position.Fees * (_rates.Of(position.SettlementAsset) ?? 0);
            foreach (var fee in position.UnconvertedFees) sum += fee.Amount * (_rates.Of(fee.Asset) ?? 0);
        }

        return sum;
    }
}
