using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Dmm.Core.QuickQuote;

/// <summary>The quick quote: prices in quote currency per unit of the asset, sizes in units of the asset.</summary>
public sealed record MarketMakerQuote
{
    /// <summary>Price bid, in quote currency per unit.</summary>
    public required double BidPrice { get; init; }

    /// <summary>Price asked, in quote currency per unit.</summary>
    public required double AskPrice { get; init; }

    /// <summary>Size bid for, in units.</summary>
    public required double BidSize { get; init; }

    /// <summary>Size offered, in units.</summary>
    public required double AskSize { get; init; }

    /// <summary>Full spread in bps of the fair value, before the inventory skew: ask − bid is this times (1 + 0.35·ratio).</summary>
    public required double SpreadBps { get; init; }

    /// <summary>Fair value the quote is built around, in quote currency per unit; at least 0.01.</summary>
    public required double FairValue { get; init; }

    /// <summary>Distance of the inventory from its target as a fraction of the limit, −1…1; positive when above the target.</summary>
    public required double InventoryRatio { get; init; }

    /// <summary>The inventory ratio is at least 0.35 either way.</summary>
    public required bool RebalanceRequired { get; init; }

    /// <summary>The volatility is above 0.5.</summary>
    public required bool VolatilityElevated { get; init; }

    /// <summary>The treasury support is at least 0.8.</summary>
    public required bool TreasurySupportActive { get; init; }

    /// <summary>What a desk should know, in the order inventory, volatility, support; empty when all is normal.</summary>
    public IReadOnlyList<string> Notes =>
    [
        .. RebalanceRequired ? ["outside comfort band, schedule a rebalance"] : Array.Empty<string>(),
        .. VolatilityElevated ? ["elevated volatility"] : Array.Empty<string>(),
        .. TreasurySupportActive ? ["treasury support active"] : Array.Empty<string>(),
    ];

    /// <summary>
    /// Writes one JSON object: <c>bid_price, ask_price, bid_size, ask_size, spread_bps, fair_value, inventory_ratio, rebalance_required, notes,
    /// summary</c>, in this order. Numbers have the fewest digits that read back as the same double.
    /// </summary>
    /// <exception cref="ArgumentException">A number of this quote is not finite, which no quote of <see cref="MarketMakerModel"/> is.</exception>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteNumber("bid_price", BidPrice);
        writer.WriteNumber("ask_price", AskPrice);
        writer.WriteNumber("bid_size", BidSize);
        writer.WriteNumber("ask_size", AskSize);
        writer.WriteNumber("spread_bps", SpreadBps);
        writer.WriteNumber("fair_value", FairValue);
        writer.WriteNumber("inventory_ratio", InventoryRatio);
        writer.WriteBoolean("rebalance_required", RebalanceRequired);
        writer.WriteStartArray("notes");
        foreach (var note in Notes)
            writer.WriteStringValue(note);
        writer.WriteEndArray();
        writer.WriteString("summary", MarketMakerService.NoteSummary(this));
        writer.WriteEndObject();
    }

    /// <returns>The object of <see cref="WriteTo"/> as compact text.</returns>
    /// <exception cref="ArgumentException">As for <see cref="WriteTo"/>.</exception>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
