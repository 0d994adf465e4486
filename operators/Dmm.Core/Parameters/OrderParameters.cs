namespace Dmm.Core;

/// <summary>When a live order is close enough to its target to keep its place in the queue, and how quotes age.</summary>
public sealed record OrderParameters
{
    /// <summary>Price tolerance, bps of the target; one tick is always tolerated.</summary>
    public double PriceToleranceBps { get; init; } = 1;

    /// <summary>Size tolerance, share of the target size.</summary>
    public double SizeTolerance { get; init; } = 0.10;

    /// <summary>A placement that the venue has not confirmed for this long counts as one whose fate is not known.</summary>
    public TimeSpan PlacementExpiry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Quantile of a venue's time to fill beyond which a quote is too old.</summary>
    public double QuoteAgeQuantile { get; init; } = 0.9;

    /// <summary>Fills needed before the quantile is used.</summary>
    public int QuoteAgeMinimumFills { get; init; } = 30;

    /// <summary>Slippage over this share of the theoretical edge cuts a venue's size.</summary>
    public double SlippageShareOfEdge { get; init; } = 0.5;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("orders.priceToleranceBps", PriceToleranceBps, 0, 100, "bps");
        faults.Within("orders.sizeTolerance", SizeTolerance, 0, 1, "");
        faults.Within("orders.placementExpiry", PlacementExpiry, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        faults.Within("orders.quoteAgeQuantile", QuoteAgeQuantile, 0.5, 0.999, "");
        faults.Within("orders.quoteAgeMinimumFills", QuoteAgeMinimumFills, 1, 100_000);
        faults.Within("orders.slippageShareOfEdge", SlippageShareOfEdge, 0.05, 1, "");
    }
}
