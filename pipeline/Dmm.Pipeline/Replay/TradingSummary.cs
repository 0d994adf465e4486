using Dmm.Simulation;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// What trading came to in a run. Money in the numeraire, as at the last valuation; null where nothing could be valued or measured.
/// </summary>
internal record TradingSummary
{
    /// <summary>Observed only: no order was sent to the recorded venues.</summary>
    public bool IsShadow { get; init; }

    public long Fills { get; init; }

    public FillReasons FillReasons { get; init; }

    /// <summary>Closed trades less fees.</summary>
    public decimal? RealisedPnl { get; init; }

    public decimal? UnrealisedPnl { get; init; }

    /// <summary>Both together; the starting inventory's own gain is not in it.</summary>
    public decimal? OrderFlowPnl { get; init; }

    /// <summary>Fees less rebates, contained in <see cref="RealisedPnl"/>; null when one was charged in an asset without a rate.</summary>
    public decimal? Fees { get; init; }

    /// <summary>Largest |q_total − target| after any fill, base asset.</summary>
    public decimal InventoryMax { get; init; }

    /// <summary>q_total − target after the last fill, base asset.</summary>
    public decimal InventoryEnd { get; init; }

    /// <summary>Mean of side·(mid one second later − fill price), bps: above zero is good for us.</summary>
    public double? Markout1s { get; init; }

    /// <summary>Likewise, five seconds later.</summary>
    public double? Markout5s { get; init; }

    /// <summary>Deepest fall of the order-flow profit within a trading session.</summary>
    public decimal Drawdown { get; init; }

    /// <summary>Share of the orders that the venues accepted which were filled at least in part.</summary>
    public double? FillRatio { get; init; }
}
