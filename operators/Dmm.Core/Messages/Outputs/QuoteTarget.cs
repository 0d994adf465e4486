using System.Collections.Immutable;

namespace Dmm.Core.Messages;

/// <summary>One rung of a target ladder, rounded to the instrument's grids.</summary>
public readonly record struct QuoteLevel(long PriceTicks, long SizeLots);

/// <summary>
/// Each term of a quote, so that every basis point of it can be explained. Distances are bps of the fair value; those of bid and ask are signed from it.
/// </summary>
public readonly record struct QuoteTerms
{
    /// <summary>q̂, dimensionless, positive when long.</summary>
    public required double InventoryRatio { get; init; }

    /// <summary>γ after the ladder by |q̂|, 1/bps.</summary>
    public required double RiskAversion { get; init; }

    /// <summary>σ_T before the clamp, bps over the horizon.</summary>
    public required double RawVolatilityBps { get; init; }

    /// <summary>σ_T after the clamp, bps over the horizon.</summary>
    public required double VolatilityBps { get; init; }

    /// <summary>r − S.</summary>
    public required double ReservationShiftBps { get; init; }

    /// <summary>The part of δ that pays for inventory risk: γ·σ_T²/2.</summary>
    public required double RiskTermBps { get; init; }

    /// <summary>The part of δ that follows from the arrival of fills: (1/γ)·ln(1+γ/κ), with γ as set, before the ladder.</summary>
    public required double ArrivalTermBps { get; init; }

    /// <summary>1 + τ while toxic flow widens, else 1.</summary>
    public required double ToxicityMultiplier { get; init; }

    /// <summary>Product of what the breakers that widen ask for, else 1.</summary>
    public required double BreakerMultiplier { get; init; }

    /// <summary>δ after the multipliers and the cap.</summary>
    public required double HalfSpreadBps { get; init; }

    /// <summary>Signed b.</summary>
    public required double SkewBps { get; init; }

    /// <summary>The full-spread floor in force: fees, margin or gas cushion.</summary>
    public required double FloorBps { get; init; }

    /// <summary>What the floor added to the full spread.</summary>
    public required double FloorWideningBps { get; init; }

    /// <summary>What the cap took off the half-spread.</summary>
    public required double CapReductionBps { get; init; }

    /// <summary>What the ask keeps off beside its own distance while swaps are on their way that may move the price up.</summary>
    public double PendingUpBps { get; init; }

    /// <summary>Likewise the bid, and down.</summary>
    public double PendingDownBps { get; init; }

    /// <summary>Best bid before rounding, from the fair value; at or below zero.</summary>
    public required double BidBps { get; init; }

    /// <summary>Best ask before rounding, from the fair value; at or above zero.</summary>
    public required double AskBps { get; init; }
}

/// <summary>The ladder the pipeline wants at one instrument, from one consistent state. Empty sides mean: no order there.</summary>
public sealed record QuoteTarget
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>Fair value in the instrument's quote asset; 0 when there is none, and then both sides are empty.</summary>
    public required double FairValue { get; init; }

    public required TradingState State { get; init; }

    public required QuoteTerms Terms { get; init; }

    /// <summary>Near to far.</summary>
    public required ImmutableArray<QuoteLevel> Bids { get; init; }

    /// <summary>Near to far.</summary>
    public required ImmutableArray<QuoteLevel> Asks { get; init; }

    /// <summary>Why a side is empty or cut, in words; empty when nothing is withheld.</summary>
    public required string Withheld { get; init; }
}
