using System.Text.Json.Serialization;

namespace Dmm.Core.Messages;

/// <summary>
/// An input that is not on the hot path: an immutable record. Whatever changes behaviour enters the engine as one of these or as market data.
/// </summary>
public abstract record ControlMessage;

/// <summary>The price of one asset in another, such as TON in USDT. Its staleness counts like a feed's.</summary>
public sealed record ReferenceRate(string BaseAsset, string QuoteAsset, decimal Rate, Timestamp VenueTime) : ControlMessage;

/// <summary>A perpetual's funding: rate per interval as a fraction of notional, positive when longs pay.</summary>
public sealed record FundingRate(InstrumentId Instrument, decimal Rate, Timestamp NextFundingAt, Timestamp VenueTime) : ControlMessage;

/// <summary>What one swap costs in gas, TON.</summary>
public sealed record GasPrice(decimal TonPerSwap, Timestamp VenueTime) : ControlMessage;

public enum FeedState : byte
{
    Connected,
    Disconnected,
    Resyncing,
    Ended,
}

/// <summary>What a source knows of its link. A connected feed may still be silent: staleness is judged by exchange time.</summary>
public sealed record FeedStatus(string Venue, FeedState State, string Detail) : ControlMessage;

/// <summary>How far a venue's clock runs ahead of ours, as estimated at the edge; negative when it runs behind.</summary>
public sealed record ClockOffset(string Venue, TimeSpan Offset) : ControlMessage;

/// <summary>A message that was refused at the edge, kept with its raw text; the stream it came from lives on.</summary>
public sealed record Rejected(string Venue, string Reason, string Raw) : ControlMessage;

/// <summary>An execution. Exact: decimals, in the instrument's own units.</summary>
public sealed record Fill : ControlMessage
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>The venue's trade id: fills are counted once by venue and trade id.</summary>
    public required string TradeId { get; init; }

    public required string ClientOrderId { get; init; }

    public required Side Side { get; init; }

    /// <summary>Quote asset per base asset.</summary>
    public required decimal Price { get; init; }

    /// <summary>Base asset, or contracts.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Cost above zero, rebate below zero, in <see cref="FeeAsset"/>.</summary>
    public required decimal Fee { get; init; }

    public required string FeeAsset { get; init; }

    public required bool IsMaker { get; init; }

    /// <summary>
    /// When the filled quote was placed, on the engine's clock. No venue tells: the pipeline fills it in from the live order; <see cref="Timestamp.None"/>
    /// when that is not known.
    /// </summary>
    public Timestamp QuotedAt { get; init; }

    /// <summary>δ in force when the filled quote was placed, bps, filled in likewise; 0 when not known.</summary>
    public double QuotedHalfSpreadBps { get; init; }

    public required Timestamp VenueTime { get; init; }
}

/// <summary>A swap of ours that bought nothing: its input came back, less gas. One that executes is a <see cref="Fill"/>, whose fee its gas
/// is.</summary>
public sealed record FailedSwap : ControlMessage
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>Of one series with the trade ids of fills: a swap counts once, as one or as the other.</summary>
    public required string SwapId { get; init; }

    public required string ClientOrderId { get; init; }

    public required Side Side { get; init; }

    /// <summary>What it cost, in <see cref="GasAsset"/>.</summary>
    public required decimal Gas { get; init; }

    public required string GasAsset { get; init; }

    public required string Reason { get; init; }

    public required Timestamp VenueTime { get; init; }
}

/// <summary>Status of an order; only ever rises.</summary>
public enum OrderStatus : byte
{
    PendingNew,
    PendingUnknown,
    Live,
    PartiallyFilled,
    PendingCancel,
    Filled,
    Cancelled,
    Rejected,
    Expired,
}

/// <summary>What a venue (or the adapter, for refusals and unknown outcomes) says of one of our orders.</summary>
public sealed record OrderUpdate : ControlMessage
{
    public required InstrumentId Instrument { get; init; }

    public required string ClientOrderId { get; init; }

    public required OrderStatus Status { get; init; }

    public required Side Side { get; init; }

    public required long PriceTicks { get; init; }

    public required long RemainingLots { get; init; }

    /// <summary>All that has traded of it so far as the venue counts it, lots; null where that is not told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? FilledLots { get; init; }

    /// <summary>
    /// Why, where something is refused; empty otherwise. With an order that rests it says that what was asked of it last, an amendment or a cancel, is
    /// refused, and that the order stands as told here.
    /// </summary>
    public required string Reason { get; init; }
}

/// <summary>A venue's own count of what we hold there.</summary>
public sealed record BalanceReport(string Venue, string Asset, decimal Total, Timestamp VenueTime) : ControlMessage;

/// <summary>A venue's own count of what we hold of a contract: base asset, below zero when short.</summary>
public sealed record PositionReport(InstrumentId Instrument, decimal Quantity, Timestamp VenueTime) : ControlMessage;

public enum OperatorAction : byte
{
    Kill,
    Reenable,
    Pause,
    Resume,
    ResetDrawdown,
}

/// <summary>Something a person ordered; every override carries who, when (its stamp) and why.</summary>
public sealed record OperatorCommand(OperatorAction Action, string Operator, string Reason) : ControlMessage;

/// <summary>
/// A person takes a venue's own count for true: what it differs by from what fills explain was a transfer, a deposit or a withdrawal. Needs a name
/// and a reason.
/// </summary>
/// <param name="Subject">The venue's name, or that of a contract, <c>venue:symbol</c>.</param>
/// <param name="Operator">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record CountAcceptance(string Subject, string Operator, string Reason) : ControlMessage;

/// <summary>A changed parameter set, with who changed it and why; one that is out of range is refused as it enters.</summary>
public sealed record ParameterChange(QuotingParameters Parameters, string Operator, string Reason) : ControlMessage;

/// <summary>Whether the journal can be written; while it cannot, quoting halts.</summary>
public sealed record JournalStatus(bool IsWritable, string Detail) : ControlMessage;

/// <summary>The order path of a venue is closed or open again (throttled, fenced, unreachable).</summary>
public sealed record AdapterStatus(string Venue, bool AcceptsOrders, string Reason) : ControlMessage;
