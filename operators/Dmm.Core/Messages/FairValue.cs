using System.Collections.Immutable;

namespace Dmm.Core.Messages;

/// <summary>The traded asset's consolidated value in the numeraire (USD) at one instant.</summary>
public readonly record struct FairValue
{
    /// <summary>Depth-weighted mean of the venues' mids, numeraire per base asset; 0 while <see cref="IsReady"/> is false.</summary>
    public required double Value { get; init; }

    /// <summary>How many instruments had a weight above zero.</summary>
    public required int Contributions { get; init; }

    /// <summary>When it was sampled, on the engine's clock.</summary>
    public required Timestamp At { get; init; }

    /// <summary>Per instrument, in the catalogue's order: numeraire per unit of its quote asset; 0 when there is no fresh reference rate.</summary>
    public required ImmutableArray<double> QuoteAssetRates { get; init; }

    public bool IsReady => Contributions > 0;

    /// <summary>The value in that instrument's quote asset; 0 when there is no value, or no fresh rate to convert it with.</summary>
    public double InQuoteAssetOf(InstrumentId instrument)
    {
        var rate = QuoteAssetRates[instrument.Index];
        return rate > 0 ? Quantised.Price(Value / rate) : 0;
    }

    /// <summary>Numeraire per unit of that instrument's quote asset; 0 when not known.</summary>
    public double RateOf(InstrumentId instrument) => QuoteAssetRates[instrument.Index];

    /// <summary>Equal in every value, the rates compared one by one.</summary>
    public bool Equals(FairValue other) =>
        Value.Equals(other.Value) && Contributions == other.Contributions && At == other.At
        && QuoteAssetRates.AsSpan().SequenceEqual(other.QuoteAssetRates.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Value, Contributions, At);
}
