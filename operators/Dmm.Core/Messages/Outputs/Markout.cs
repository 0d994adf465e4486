namespace Dmm.Core.Messages;

/// <summary>How the mid moved after a fill: side·(mid after the horizon − fill price) in bps of the fill price; above zero is good for us.</summary>
public readonly record struct Markout(InstrumentId Instrument, string TradeId, Side Side, TimeSpan Horizon, double Bps)
{
    /// <summary>side·(mid after the horizon − mid at the fill) in bps of the mid at the fill; null when there was no mid at the fill.</summary>
    public double? MidMoveBps { get; init; }

    /// <summary>From quote placed to fill, on the engine's clock; null when the fill does not say when it was quoted.</summary>
    public TimeSpan? TimeToFill { get; init; }

    /// <summary><see cref="Fill.QuotedHalfSpreadBps"/>.</summary>
    public double QuotedHalfSpreadBps { get; init; }

    public bool IsMaker { get; init; }
}
