namespace Dmm.Core.Messages;

/// <summary>Realised spread of a fill against the theoretical one it was quoted with, both bps, and what it makes of the venue.</summary>
public readonly record struct FillQuality(InstrumentId Instrument, string TradeId, double RealisedSpreadBps, double TheoreticalSpreadBps)
{
    /// <summary>Realised over theoretical spread, each averaged over recent fills of the venue; 1 earns exactly what was quoted.</summary>
    public required double SpreadEfficiency { get; init; }

    /// <summary>Slippage takes too large a share of the theoretical edge: quote smaller there until this is false again.</summary>
    public required bool IsSizeCut { get; init; }

    /// <summary>Age beyond which a resting quote of this venue is cancelled; null while too few fills tell.</summary>
    public required TimeSpan? QuoteAgeLimit { get; init; }

    /// <summary>Says why in words and numbers.</summary>
    public required string Reason { get; init; }
}
