using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>What a run came to. Money in the numeraire, inventory and volume in the base asset, times on the engine's clock.</summary>
internal sealed record RunTotals
{
    public required string Asset { get; init; }

    public required string Numeraire { get; init; }

    public required Timestamp From { get; init; }

    public required Timestamp To { get; init; }

    public double Seconds => (To - From).TotalSeconds;

    /// <summary>Stamped inputs, market data and all else.</summary>
    public required long Events { get; init; }

    /// <summary>Book updates, tops and trades among them.</summary>
    public required long MarketDataEvents { get; init; }

    public required long Decisions { get; init; }

    public required long Quotes { get; init; }

    /// <summary>Placements that left.</summary>
    public required long OrdersPlaced { get; init; }

    public required long OrdersAmended { get; init; }

    /// <summary>Ended, by us or by the venue, before they were filled.</summary>
    public required long OrdersCancelled { get; init; }

    public required long OrdersRejected { get; init; }

    /// <summary>Orders that may rest at the end; 0 after a clean stop.</summary>
    public required long OrdersOpen { get; init; }

    public required long Fills { get; init; }

    public required long Buys { get; init; }

    public required long Sells { get; init; }

    /// <summary>Orders filled at least in part, of those placed and not rejected, 0 to 1; null when there are none.</summary>
    public required double? FillRatio { get; init; }

    public required decimal TradedVolume { get; init; }

    public required decimal TradedNotional { get; init; }

    /// <summary>Fees and gas less rebates, at the latest rates; contained in <see cref="RealisedPnl"/>.</summary>
    public required decimal Fees { get; init; }

    public required decimal RealisedPnl { get; init; }

    public required decimal UnrealisedPnl { get; init; }

    /// <summary>Realised and unrealised.</summary>
    public required decimal OrderFlowPnl { get; init; }

    /// <summary>Of the starting inventory; not in the order-flow profit.</summary>
    public required decimal StartingMarkToMarket { get; init; }

    /// <summary>The deepest fall of the order-flow profit from its peak within a trading session.</summary>
    public required decimal DeepestDrawdown { get; init; }

    /// <summary>What is missing from the sums for want of a rate; empty when nothing is.</summary>
    public required string Unvalued { get; init; }

    public required decimal InventoryEnd { get; init; }

    public required decimal InventoryMin { get; init; }

    public required decimal InventoryMax { get; init; }

    /// <summary>The largest |q̂|.</summary>
    public required double InventoryRatioMax { get; init; }

    /// <summary>By horizon, shortest first; empty before the first markout.</summary>
    public required ImmutableArray<MarkoutMean> Markouts { get; init; }

    /// <summary>Mean markout 1 s after the fill, bps; null before there is one.</summary>
    [JsonPropertyName("markout1s")]
    public double? Markout1Second => MarkoutAfter(1);

    /// <summary>Mean markout 5 s after the fill, bps; null before there is one.</summary>
    [JsonPropertyName("markout5s")]
    public double? Markout5Seconds => MarkoutAfter(5);

    public required long StateChanges { get; init; }

    public required long BreakerChanges { get; init; }

    public required long Alerts { get; init; }

    public required ImmutableArray<StateTime> States { get; init; }

    private double? MarkoutAfter(double seconds)
    {
        foreach (var mean in Markouts)
            if (mean.HorizonSeconds == seconds) return mean.MeanBps;
        return null;
    }
}
