namespace Dmm.Core.Messages;

/// <summary>A public trade.</summary>
public readonly record struct Trade
{
    public required InstrumentId Instrument { get; init; }

    public required Timestamp VenueTime { get; init; }

    public required Timestamp ReceiveTime { get; init; }

    /// <summary>The venue's trade id.</summary>
    public required long TradeId { get; init; }

    public required long PriceTicks { get; init; }

    public required long SizeLots { get; init; }

    /// <summary>The side that took liquidity.</summary>
    public required Side Aggressor { get; init; }
}
