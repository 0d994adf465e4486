using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>What can be measured of a venue's latest quote.</summary>
public enum QuoteMeasure : byte
{
    /// <summary>Best ask less best bid, bps of the fair value.</summary>
    Spread,

    /// <summary>δ as the model has it, after all widening and before skew and floor, bps.</summary>
    HalfSpread,

    /// <summary>From the best bid up to the fair value, bps.</summary>
    BidDistance,

    /// <summary>From the fair value up to the best ask, bps.</summary>
    AskDistance,

    /// <summary>All rungs together, DCT.</summary>
    Size,

    /// <summary>How many rungs.</summary>
    Rungs,

    /// <summary>What toxic flow and breakers multiply δ with.</summary>
    Widening,

    /// <summary>The full-spread floor in force, bps.</summary>
    Floor,

    /// <summary>The skew b, bps; positive when long.</summary>
    Skew,
}

/// <summary>A measure of a venue's latest quote lies within bounds.</summary>
/// <param name="Measure">What.</param>
/// <param name="Bounds">Of the measure; of its ratio to the kept quotes where those are named.</param>
/// <param name="Venue">Every quoted venue when null.</param>
/// <param name="Side">For sizes and rungs: both sides together when null.</param>
/// <param name="From">Name of kept quotes.</param>
public sealed record QuoteMeasures(QuoteMeasure Measure, Bounds Bounds, string? Venue = null, Side? Side = null, string? From = null) : Condition
{
    private const double BpsPerUnit = 1e4;

    public override string Text => $"{Name}{Say.At(Venue)} is {Bounds}{(From is null ? Unit : $" × '{From}'")}";

    internal override string? NamedVenue => Venue;

    internal override string? NamedMark => From;

    private string Name => (Side is { } side ? $"{Say.Name(side)} " : "") + Measure switch
    {
        QuoteMeasure.HalfSpread => "half-spread δ",
        QuoteMeasure.BidDistance => "bid distance",
        QuoteMeasure.AskDistance => "ask distance",
        var measure => measure.ToString().ToLowerInvariant(),
    };

    private string Unit => Measure switch
    {
        QuoteMeasure.Size => " DCT",
        QuoteMeasure.Rungs => "",
        QuoteMeasure.Widening => " ×",
        _ => " bps",
    };

    internal override Bounds? Limits => Bounds;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => OverMarkets(board, Venue, any, instrument =>
    {
        var now = Of(board.QuoteOf(instrument.Id), instrument);
        if (From is null) return new(Bounds.Hold(now), $"{Name} at {instrument.Venue} is {Shown(now)}");
        var before = Of(board.MarkedQuote(From, instrument.Id), instrument);
        var ratio = double.IsNaN(now / before) ? "not comparable with" : $"{Say.Number(now / before)} ×";
        return new(Bounds.Hold(now / before), $"{Name} at {instrument.Venue} is {Shown(now)}, {ratio} the {Shown(before)} of '{From}'");
    });

    private string Shown(double value) => double.IsNaN(value) ? "not there" : Say.Number(value) + Unit;

    private double Of(QuoteTarget? quote, Instrument instrument) => quote is null ? double.NaN : Measure switch
    {
        QuoteMeasure.Spread => BidBps(quote, instrument) + AskBps(quote, instrument),
        QuoteMeasure.HalfSpread => quote.Terms.HalfSpreadBps,
        QuoteMeasure.BidDistance => BidBps(quote, instrument),
        QuoteMeasure.AskDistance => AskBps(quote, instrument),
        QuoteMeasure.Size => Levels(quote).Sum(l => instrument.Sizes.ToDouble(l.SizeLots)),
        QuoteMeasure.Rungs => Levels(quote).Count(),
        QuoteMeasure.Widening => quote.Terms.ToxicityMultiplier * quote.Terms.BreakerMultiplier,
        QuoteMeasure.Floor => quote.Terms.FloorBps,
        _ => quote.Terms.SkewBps,
    };

    private IEnumerable<QuoteLevel> Levels(QuoteTarget quote) => Side switch
    {
        Core.Side.Buy => quote.Bids,
        Core.Side.Sell => quote.Asks,
        _ => quote.Bids.Concat(quote.Asks),
    };

    private static double BidBps(QuoteTarget quote, Instrument instrument) => quote.Bids.IsEmpty
        ? double.NaN : (1 - instrument.Prices.ToDouble(quote.Bids[0].PriceTicks) / quote.FairValue) * BpsPerUnit;

    private static double AskBps(QuoteTarget quote, Instrument instrument) => quote.Asks.IsEmpty
        ? double.NaN : (instrument.Prices.ToDouble(quote.Asks[0].PriceTicks) / quote.FairValue - 1) * BpsPerUnit;
}

/// <summary>So many orders of ours really rest at a venue.</summary>
/// <param name="Bounds">Of their number.</param>
/// <param name="Venue">All venues together when null.</param>
/// <param name="Side">Both sides when null.</param>
public sealed record OrdersRest(Bounds Bounds, string? Venue = null, Side? Side = null) : Condition
{
    public override string Text => $"{Name}{Say.At(Venue)}: {Bounds}";

    internal override string? NamedVenue => Venue;

    private string Name => Side is { } side ? $"resting {Say.Name(side)}s" : "resting orders";

    internal override Bounds? Limits => Bounds;

    internal override Seen Look(ScenarioBoard board, long since, bool any)
    {
        var count = board.Instruments.Where(i => Venue is null || i.Venue == Venue)
            .Sum(i => board.VenueOf(i.Id).OpenOrders.Count(o => Side is null || o.Side == Side));
        return new(Bounds.Hold(count), $"{Name}{Say.At(Venue)}: {count}");
    }
}

/// <summary>The notional of our orders that really rest on one side of a venue, USD.</summary>
/// <param name="Bounds">Of the larger side, or of the side named.</param>
/// <param name="Venue">Every venue by itself when null.</param>
/// <param name="Side">Each side by itself when null.</param>
public sealed record Outstanding(Bounds Bounds, string? Venue = null, Side? Side = null) : Condition
{
    public override string Text => $"outstanding notional{Say.At(Venue)} a side: {Bounds} USD";

    internal override string? NamedVenue => Venue;

    internal override Bounds? Limits => Bounds;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => OverMarkets(board, Venue, any, i =>
    {
        Side[] sides = Side is { } one ? [one] : [Core.Side.Buy, Core.Side.Sell];
        var notional = sides.Max(side => board.VenueOf(i.Id).Notional(side));
        return new(Bounds.Hold((double)notional), $"outstanding at {i.Venue}: {Say.Number(notional)} USD a side");
    });
}

/// <summary>So many order intents of a kind left the pipeline since the expectation began.</summary>
/// <param name="Kind">Placements, amendments or cancels.</param>
/// <param name="Bounds">Of their number.</param>
/// <param name="Venue">All venues together when null.</param>
/// <param name="Side">Both sides when null.</param>
public sealed record OrdersSent(OrderIntentKind Kind, Bounds Bounds, string? Venue = null, Side? Side = null) : Condition
{
    public override string Text => $"{Name}{Say.At(Venue)}: {Bounds}";

    internal override string? NamedVenue => Venue;

    private string Name => (Side is { } side ? $"{Say.Name(side)}s " : "orders ") + Kind switch
    {
        OrderIntentKind.Place => "placed",
        OrderIntentKind.Amend => "amended",
        _ => "cancelled",
    };

    internal override Bounds? Limits => Bounds;

    internal override Seen Look(ScenarioBoard board, long since, bool any)
    {
        var count = board.Since<OrderIntent>(since).Count(o => o.Body.Kind == Kind && (Side is null || o.Body.Side == Side)
            && (Venue is null || board.Instruments[o.Body.Instrument.Index].Venue == Venue));
        return new(Bounds.Hold(count), $"{Name}{Say.At(Venue)}: {count}");
    }
}

/// <summary>What can be measured of the whole desk.</summary>
public enum DeskMeasure : byte
{
    /// <summary>DCT, as the pipeline reckons with it.</summary>
    Inventory,

    /// <summary>What our fills earned, USD, by the cash that changed hands and the mid of the first market.</summary>
    Pnl,

    /// <summary>σ over the horizon before the clamp, bps.</summary>
    Volatility,
}

/// <summary>A measure of the desk lies within bounds.</summary>
public sealed record DeskMeasures(DeskMeasure Measure, Bounds Bounds) : Condition
{
    public override string Text => $"{Name} is {Bounds}{Unit}";

    private string Name => Measure == DeskMeasure.Pnl ? "PnL" : Measure.ToString().ToLowerInvariant();

    private string Unit => Measure switch
    {
        DeskMeasure.Inventory => " DCT",
        DeskMeasure.Pnl => " USD",
        _ => " bps",
    };

    internal override Bounds? Limits => Bounds;

    internal override Seen Look(ScenarioBoard board, long since, bool any)
    {
        double? value = Measure switch
        {
            DeskMeasure.Inventory => (double?)board.BelievedInventory,
            DeskMeasure.Pnl => (double)board.Pnl,
            _ => board.RawVolatilityBps,
        };
        return new(value is { } number && Bounds.Hold(number), $"{Name} is {(value is { } shown ? Say.Number(shown) + Unit : "not known")}");
    }
}
