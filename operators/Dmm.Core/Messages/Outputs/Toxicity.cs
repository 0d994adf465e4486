namespace Dmm.Core.Messages;

/// <summary>How toxic the flow that fills one side of one instrument is. Emitted at each scored fill, and when the widening ends.</summary>
public sealed record Toxicity
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>The side of our fills.</summary>
    public required Side Side { get; init; }

    /// <summary>Moving average of the fills' scores, venue coefficient included, bps/s.</summary>
    public required double ScoreBpsPerSecond { get; init; }

    /// <summary>1 + τ while the widening lasts, else 1.</summary>
    public required double Multiplier { get; init; }

    /// <summary>Refresh cycles that the widening lasts at least.</summary>
    public required int CyclesLeft { get; init; }

    /// <summary>Says why in words and numbers.</summary>
    public required string Reason { get; init; }
}

/// <summary>Order-flow imbalance over equal-volume buckets. Emitted when a trade fills a bucket.</summary>
/// <param name="Instrument">Where the trades are.</param>
/// <param name="Imbalance">Mean |bought − sold| over bucket volume, 0 to 1, over the buckets of the window that are full.</param>
/// <param name="IsReady">The whole window is full.</param>
/// <param name="Multiplier">1 + τ while the flow counts as toxic, else 1.</param>
public readonly record struct VpinReading(InstrumentId Instrument, double Imbalance, bool IsReady, double Multiplier);
