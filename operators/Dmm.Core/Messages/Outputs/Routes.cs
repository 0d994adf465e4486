namespace Dmm.Core.Messages;

public enum RouteKind : byte
{
    /// <summary>Two legs that leave inventory where it is.</summary>
    Arbitrage,

    /// <summary>One leg that brings it back to its target, where another market's price pays for it.</summary>
    Hedge,
}

/// <summary>Why the router sends a leg.</summary>
public enum RoutePurpose : byte
{
    /// <summary>It opens the trade, on the less liquid market.</summary>
    First,

    /// <summary>It closes what the first has filled, at the market that was meant.</summary>
    Second,

    /// <summary>It closes at the next best market.</summary>
    Reroute,

    /// <summary>It closes wherever that costs least.</summary>
    Unwind,
}

public enum RouteResult : byte
{
    /// <summary>Both legs, or the hedge, as meant; what is left is too small for an order.</summary>
    Done,

    /// <summary>The first leg filled nothing, or was never sent.</summary>
    Missed,

    /// <summary>Closed, and not as meant.</summary>
    Unwound,

    /// <summary>Something is left open, to the skew of quotes.</summary>
    LeftOpen,
}

/// <summary>
/// What a route is expected to earn, each term in bps of the mean of both prices: net = gross − fees − gas − slippage. Of a hedge the other side is
/// the fair value.
/// </summary>
/// <param name="GrossBps">Mean selling price over mean buying price.</param>
/// <param name="BuyFeeBps">Taker fee; of a pool its fees and the token's tax.</param>
/// <param name="SellFeeBps">The same.</param>
/// <param name="GasBps">Gas of both swaps over the notional.</param>
/// <param name="SlippageBps">Expected of both legs.</param>
/// <param name="NetBps">What is left.</param>
/// <param name="MarginalBps">What is left of the last unit.</param>
/// <param name="ThresholdBps">What that was compared with.</param>
public readonly record struct RouteTerms(
    double GrossBps, double BuyFeeBps, double SellFeeBps, double GasBps, double SlippageBps, double NetBps, double MarginalBps, double ThresholdBps);

/// <summary>The router begins a trade.</summary>
public sealed record RouteIntent
{
    /// <summary>Counts the router's trades from 1.</summary>
    public required long Trade { get; init; }

    public required RouteKind Kind { get; init; }

    /// <summary>Where it buys; null for a hedge that sells.</summary>
    public required InstrumentId? Buy { get; init; }

    /// <summary>Where it sells; null for a hedge that buys.</summary>
    public required InstrumentId? Sell { get; init; }

    /// <summary>Base asset.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>q̂ at that moment.</summary>
    public required double InventoryRatio { get; init; }

    public required RouteTerms Terms { get; init; }
}

/// <summary>The router sends a leg; the order itself follows under that id.</summary>
public sealed record RouteLegSent
{
    public required long Trade { get; init; }

    public required RoutePurpose Purpose { get; init; }

    public required InstrumentId Instrument { get; init; }

    public required Side Side { get; init; }

    public required string ClientOrderId { get; init; }

    /// <summary>Base asset.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Limit, quote asset per base asset.</summary>
    public required decimal Price { get; init; }

    /// <summary>Of the trade before this leg, base asset, positive when long.</summary>
    public required decimal Exposure { get; init; }
}

/// <summary>A trade of the router has ended.</summary>
public sealed record RouteOutcome
{
    public required long Trade { get; init; }

    public required RouteKind Kind { get; init; }

    public required RouteResult Result { get; init; }

    /// <summary>Base asset, over all legs.</summary>
    public required decimal Bought { get; init; }

    /// <summary>Base asset, over all legs.</summary>
    public required decimal Sold { get; init; }

    /// <summary>Received less paid less fees of all legs, numeraire; what is left open counts at the fair value.</summary>
    public required decimal Profit { get; init; }

    /// <summary>Why it ended so.</summary>
    public required string Reason { get; init; }
}
