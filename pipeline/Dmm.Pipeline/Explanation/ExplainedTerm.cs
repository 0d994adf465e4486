using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Explanation;

/// <summary>One term of a quote: its value, its unit, and a sentence on how it came about.</summary>
internal sealed record ExplainedTerm(string Name, double Value, string Unit, string Sentence)
{
    /// <summary>All terms in the order of their computation.</summary>
    public static ImmutableArray<ExplainedTerm> Of(QuoteTarget quote, QuotingParameters parameters, Instrument instrument)
    {
        var terms = quote.Terms;
        var (q, v) = (parameters.Quote, parameters.Volatility);
        var venue = parameters.Venues[instrument.Id.Index];
        var isGlft = q.Model == QuoteModel.Glft;
        return
        [
            new("fair value S", quote.FairValue, $"{instrument.QuoteAsset}/{instrument.BaseAsset}",
                "mean of the venues' mids, each weighted by its depth"),
            new("inventory q̂", terms.InventoryRatio, "", "inventory over its target, in soft limits; positive when long"),
            new("volatility, as measured", terms.RawVolatilityBps, "bps",
                Text($"over the horizon of {q.Horizon.TotalSeconds:0.##} s, before the clamp")),
            new("volatility σ", terms.VolatilityBps, "bps", Text($"clamped to {v.MinBps:0.##} … {v.MaxBps:0.##} bps")),
            new("risk aversion γ", terms.RiskAversion, "1/bps",
                Text($"{q.RiskAversion:0.####} as set, × {terms.RiskAversion / q.RiskAversion:0.###} for the size of inventory")),
            new("reservation shift r − S", terms.ReservationShiftBps, "bps", isGlft ? "the model's shift, linear in volatility"
                : "−q̂·γ·σ²/2: away from the side that adds inventory"),
            new("risk part of δ", terms.RiskTermBps, "bps", isGlft ? "pays for holding inventory, linear in volatility"
                : "γ·σ²/2: pays for holding inventory"),
            new("arrival part of δ", terms.ArrivalTermBps, "bps",
                Text($"(1/γ)·ln(1 + γ/κ), γ as set, κ = {q.ArrivalSensitivity:0.###} per bps: how fast fills thin out")),
            new("toxic flow", terms.ToxicityMultiplier, "×", terms.ToxicityMultiplier == 1 ? "no widening is in force"
                : "widens δ while flow is toxic: fills that the market ran over, or volume on one side"),
            new("breakers", terms.BreakerMultiplier, "×", terms.BreakerMultiplier == 1 ? "no control asks for widening"
                : "widens δ as controls ask; see below which"),
            new("cut by the cap", terms.CapReductionBps, "bps", Text($"δ is capped at {q.HalfSpreadCapBps:0.##} bps")),
            new("half-spread δ", terms.HalfSpreadBps, "bps", "risk part + arrival part, × toxic flow × breakers, − cut"),
            new("skew b", terms.SkewBps, "bps", Text($"{q.SkewBps:0.##} bps at the soft limit, {SkewText(q.SkewMode)}")),
            new("floor of the full spread", terms.FloorBps, "bps", FloorText(q, venue, instrument)),
            new("widened by the floor", terms.FloorWideningBps, "bps", terms.FloorWideningBps == 0 ? "the spread is above its floor"
                : "added to the full spread to reach the floor"),
            .. OnTheirWay(terms),
            new("best bid from S", terms.BidBps, "bps", "before rounding down to a tick; never above the fair value"),
            new("best ask from S", terms.AskBps, "bps", "before rounding up to a tick; never below the fair value"),
        ];
    }

    /// <summary>Only where there are any.</summary>
    private static IEnumerable<ExplainedTerm> OnTheirWay(QuoteTerms terms)
    {
        if (terms.PendingUpBps != 0)
            yield return new("swaps on their way, up", terms.PendingUpBps, "bps", "the ask keeps off as far as announced buys may move a pool");
        if (terms.PendingDownBps != 0)
            yield return new("swaps on their way, down", terms.PendingDownBps, "bps", "the bid keeps off as far as announced sales may move a pool");
    }

    private static string SkewText(SkewMode mode) => mode switch
    {
        SkewMode.Shift => "moves both sides",
        SkewMode.OneSided => "moves the accumulating side away",
        SkewMode.Widen => "moves both sides away",
        _ => "as the specification writes it",
    };

    private static string FloorText(QuoteParameters quote, VenueParameters venue, Instrument instrument)
    {
        var costs = instrument.IsPool ? Text($"gas cushion {quote.GasCushionBps:0.##}") : Text($"maker fee {venue.MakerFeeBps:0.##} both ways");
        return costs + Text($" + {quote.FloorOverFeesBps:0.##} bps, up to {quote.CalmFloorReductionBps:0.##} less while calm and balanced");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
