using System.Text.Json.Serialization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>How an order stood before an amendment that is on its way.</summary>
/// <param name="PriceTicks">Price that the amendment moves it from.</param>
/// <param name="RemainingLots">Size that was left.</param>
/// <param name="PlacedAt">When it was placed, or amended before.</param>
/// <param name="QuotedHalfSpreadBps">δ in force then, bps.</param>
public readonly record struct FormerTerms(long PriceTicks, long RemainingLots, Timestamp PlacedAt, double QuotedHalfSpreadBps);

/// <summary>One of our orders that may still rest at a venue.</summary>
/// <param name="ClientOrderId">Ours.</param>
/// <param name="Instrument">Where.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="PriceTicks">As asked for last.</param>
/// <param name="RemainingLots">As asked for last, less what the venue says has filled.</param>
/// <param name="Status">Only ever rises.</param>
/// <param name="PlacedAt">When it was placed or last amended.</param>
public sealed record LiveOrder(
    string ClientOrderId, InstrumentId Instrument, Side Side, long PriceTicks, long RemainingLots, OrderStatus Status, Timestamp PlacedAt)
{
    /// <summary>A part of it has been filled: how long it rested until then is known.</summary>
    public bool HasFilled { get; init; }

    /// <summary>δ in force when it was placed or last amended, bps.</summary>
    public double QuotedHalfSpreadBps { get; init; }

    /// <summary>Price at which the venue said last that it rests, which an amendment on its way does not change; 0 before it said so.</summary>
    public long VenuePriceTicks { get; init; }

    /// <summary>Size that went with it.</summary>
    public long VenueLots { get; init; }

    /// <summary>
    /// What it was before an amendment that the venue has neither confirmed nor refused: until then it may stand at either. Null when none is on its
    /// way.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FormerTerms? Former { get; init; }

    /// <summary>The venue would not cancel it: it rests, and has to be cancelled again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCancelRefused { get; init; }

    /// <summary>A leg of the router takes what it can at once, and is no quote.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimeInForce TimeInForce { get; init; }

    /// <summary>Nothing that was asked of it is unanswered, and the venue has it where we do: it can be amended.</summary>
    [JsonIgnore]
    public bool IsSettled => Status is OrderStatus.Live or OrderStatus.PartiallyFilled && Former is null && !IsElsewhere;

    /// <summary>The most that may be left of it, with an amendment on its way or without.</summary>
    [JsonIgnore]
    public long LotsMax => Math.Max(RemainingLots, Math.Max(Former?.RemainingLots ?? 0, IsElsewhere ? VenueLots : 0));

    /// <summary>The highest price at which it may stand.</summary>
    [JsonIgnore]
    public long HighestTicks => Math.Max(PriceTicks, Math.Max(Former?.PriceTicks ?? PriceTicks, IsElsewhere ? VenuePriceTicks : PriceTicks));

    /// <summary>The lowest price at which it may stand.</summary>
    [JsonIgnore]
    public long LowestTicks => Math.Min(PriceTicks, Math.Min(Former?.PriceTicks ?? PriceTicks, IsElsewhere ? VenuePriceTicks : PriceTicks));

    private bool IsElsewhere => VenuePriceTicks != 0 && VenuePriceTicks != PriceTicks;

    /// <summary>Most that the venue's book can show of it at that price, in lots.</summary>
    public long LotsAt(long priceTicks) => Math.Max(
        priceTicks == PriceTicks ? RemainingLots : 0, priceTicks == VenuePriceTicks ? VenueLots : 0);
}
