using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What a quote is computed from, beside parameters.</summary>
public readonly record struct QuoteSituation
{
    /// <summary>q̂, not clamped; positive when long.</summary>
    public required double InventoryRatio { get; init; }

    /// <summary>σ_T before the clamp, bps over the horizon; only reported.</summary>
    public required double RawVolatilityBps { get; init; }

    /// <summary>σ_T after the clamp, bps over the horizon.</summary>
    public required double VolatilityBps { get; init; }

    /// <summary>1 + τ while toxic flow widens, else 1.</summary>
    public required double ToxicityMultiplier { get; init; }

    /// <summary>Product of what the breakers that widen ask for, else 1.</summary>
    public required double BreakerMultiplier { get; init; }

    /// <summary>How far swaps on their way may move the price up, bps; 0 while there are none.</summary>
    public double PendingUpBps { get; init; }

    /// <summary>Likewise down.</summary>
    public double PendingDownBps { get; init; }
}

/// <summary>Best bid and ask as signed distances from the fair value, bps.</summary>
public readonly record struct QuotePair(double BidBps, double AskBps);

/// <summary>
/// The terms of a quote, in this order: model, toxic and breaker widening of δ, cap on δ, skew, floor on the full spread, neither side beyond the
/// mid; last, each side keeps off as far as swaps on their way may move the price towards it, whatever floor and cap have made of it, and the other
/// side stays where it is. Every term is quantised before the next uses it.
/// <para>Where rules meet: the floor prevails over the cap. Calm means that σ_T lies at its lower clamp, balanced that inventory is light. Widening
/// to the floor is equal on both sides; only the part of it that calm spares a balanced book goes to the accumulating side once inventory is no
/// longer light, because the reducing side must not retreat as inventory grows; under toxic or breaker widening it is split again.</para>
/// <para>For <see cref="SkewMode.Shift"/> and <see cref="SkewMode.OneSided"/> bid and ask never rise with q̂ while nothing multiplies δ. Under toxic
/// or breaker widening the accumulating side still never approaches, but the reducing side may retreat as the γ ladder climbs: there δ·k outgrows the
/// shift of r, and a widening that is asked for comes first.</para>
/// </summary>
public static class QuoteKernel
{
    private static readonly AvellanedaStoikov AvellanedaStoikovModel = new();
    private static readonly Glft GlftModel = new();

    /// <summary>Computes every term; allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">An input is not finite.</exception>
    public static QuoteTerms Compute(in QuoteSituation situation, QuotingParameters parameters, VenueParameters venue, Instrument instrument)
    {
        var quote = parameters.Quote;
        var ratio = situation.InventoryRatio;
        var (upBps, downBps) = (Quantised.Bps(situation.PendingUpBps), Quantised.Bps(situation.PendingDownBps));
        if (!double.IsFinite(ratio + situation.VolatilityBps + situation.ToxicityMultiplier + situation.BreakerMultiplier + upBps + downBps))
            throw new InvalidOperationException($"a quote needs finite inputs: {situation}");
        var absoluteRatio = Math.Abs(ratio);
        var volatilityBps = Quantised.Bps(situation.VolatilityBps);
        var riskAversion = quote.RiskAversion
            * InventoryLadder.RiskAversionMultiplier(absoluteRatio, quote.LightInventoryRatio, parameters.Inventory.HardRatio(ratio));
        var model = ModelOf(quote.Model).Terms(ratio, riskAversion, volatilityBps, parameters);
        var (shiftBps, riskBps, arrivalBps) =
            (Quantised.Bps(model.ReservationShiftBps), Quantised.Bps(model.RiskTermBps), Quantised.Bps(model.ArrivalTermBps));

        var widenedBps = Quantised.Bps((riskBps + arrivalBps) * situation.ToxicityMultiplier * situation.BreakerMultiplier);
        var halfSpreadBps = Math.Min(widenedBps, quote.HalfSpreadCapBps);

        var floor = SpreadFloor.Of(quote, venue, instrument);
        var isCalm = volatilityBps <= parameters.Volatility.MinBps;
        var equalFloorBps = isCalm ? floor.CalmBps : floor.OrdinaryBps;
        var floorBps = isCalm && absoluteRatio < quote.LightInventoryRatio ? floor.CalmBps : floor.OrdinaryBps;

        var skewBps = Quantised.Bps(Math.Sign(ratio) * InventoryLadder.SkewBps(absoluteRatio, Math.Max(2 * halfSpreadBps, floorBps), quote));
        var skewed = Skewed(quote.SkewMode, shiftBps, halfSpreadBps, skewBps);
        // Given to the accumulating side alone, what calm spared shrinks twice as fast as a widened half-spread grows with γ: that side would approach.
        var isWidened = situation.ToxicityMultiplier * situation.BreakerMultiplier > 1;
        var pair = Floored(skewed, equalFloorBps, floorBps, isWidened ? 0 : Math.Sign(ratio));
        return new()
        {
            InventoryRatio = ratio,
            RiskAversion = riskAversion,
            RawVolatilityBps = Quantised.Bps(situation.RawVolatilityBps),
            VolatilityBps = volatilityBps,
            ReservationShiftBps = shiftBps,
            RiskTermBps = riskBps,
            ArrivalTermBps = arrivalBps,
            ToxicityMultiplier = situation.ToxicityMultiplier,
            BreakerMultiplier = situation.BreakerMultiplier,
            HalfSpreadBps = halfSpreadBps,
            SkewBps = skewBps,
            FloorBps = floorBps,
            FloorWideningBps = Quantised.Bps((pair.AskBps - pair.BidBps) - (skewed.AskBps - skewed.BidBps)),
            CapReductionBps = Quantised.Bps(widenedBps - halfSpreadBps),
            PendingUpBps = upBps,
            PendingDownBps = downBps,
            BidBps = Quantised.Bps(Math.Min(pair.BidBps, 0) - downBps),
            AskBps = Quantised.Bps(Math.Max(pair.AskBps, 0) + upBps),
        };
    }

    /// <summary>
    /// Reservation shift, half-spread and signed skew b put together by one of the four modes; the sides may still cross the mid, or each other.
    /// </summary>
    public static QuotePair Skewed(SkewMode mode, double shiftBps, double halfSpreadBps, double skewBps)
    {
        var (bidBps, askBps) = (shiftBps - halfSpreadBps, shiftBps + halfSpreadBps);
        return mode switch
        {
            SkewMode.AsWritten => new(bidBps - skewBps, askBps + skewBps),
            SkewMode.Shift => new(bidBps - skewBps, askBps - skewBps),
            SkewMode.OneSided => new(bidBps - Math.Max(skewBps, 0), askBps + Math.Max(-skewBps, 0)),
            SkewMode.Widen => new(bidBps - Math.Abs(skewBps), askBps + Math.Abs(skewBps)),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown skew mode"),
        };
    }

    private static IQuoteModel ModelOf(QuoteModel model) => model switch
    {
        QuoteModel.AvellanedaStoikov => AvellanedaStoikovModel,
        QuoteModel.Glft => GlftModel,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "unknown quote model"),
    };

    private static QuotePair Floored(in QuotePair pair, double equalFloorBps, double floorBps, int inventorySign)
    {
        var equalBps = Math.Max(equalFloorBps - (pair.AskBps - pair.BidBps), 0) / 2;
        var (bidBps, askBps) = (pair.BidBps - equalBps, pair.AskBps + equalBps);
        var restBps = Math.Max(floorBps - (askBps - bidBps), 0) / 2;
        return new(bidBps - restBps * (1 + inventorySign), askBps + restBps * (1 - inventorySign));
    }
}
