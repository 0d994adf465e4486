using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Journal;

/// <summary>
/// The members of each kind of decision that a line holds directly, written and read in the same order. What our fills came to and
/// what the router does (from <see cref="JournalKind.Inventory"/> on) is rare and nested, and stands as one object.
/// </summary>
internal static class DecisionBodies
{
    private static readonly Func<long, long, QuoteLevel> MakeLevel = static (price, size) => new(price, size);

    public static JournalKind KindOf(object body) => body switch
    {
        QuoteTarget => JournalKind.Quote,
        OrderIntent => JournalKind.Order,
        BreakerState => JournalKind.Breaker,
        TradingStateChange => JournalKind.State,
        HedgeIntent => JournalKind.Hedge,
        TreasuryIntent => JournalKind.Treasury,
        Alert => JournalKind.Alert,
        VolatilitySnapshot => JournalKind.Volatility,
        InventorySnapshot => JournalKind.Inventory,
        PnlSnapshot => JournalKind.Pnl,
        Markout => JournalKind.Markout,
        Toxicity => JournalKind.Toxicity,
        RouteIntent => JournalKind.Route,
        RouteLegSent => JournalKind.RouteLeg,
        RouteOutcome => JournalKind.RouteEnd,
        _ => throw new ArgumentException($"a decision cannot be a {body?.GetType().Name ?? "null"}", nameof(body)),
    };

    public static void Write(JournalBuffer line, JournalKind kind, object body, byte[][] names)
    {
        switch (kind)
        {
            case JournalKind.Quote: Write(line, (QuoteTarget)body, names); break;
            case JournalKind.Order: Write(line, (OrderIntent)body, names); break;
            case JournalKind.Breaker: Write(line, (BreakerState)body); break;
            case JournalKind.State: Write(line, (TradingStateChange)body); break;
            case JournalKind.Hedge: Write(line, (HedgeIntent)body); break;
            case JournalKind.Treasury: Write(line, (TreasuryIntent)body); break;
            case JournalKind.Alert: Write(line, (Alert)body); break;
            default: Write(line, (VolatilitySnapshot)body); break;
        }
    }

    public static object Read(ref JournalLineParser line, JournalKind kind, InstrumentNames instruments) => kind switch
    {
        JournalKind.Quote => ReadQuote(ref line, instruments),
        JournalKind.Order => ReadOrder(ref line, instruments),
        JournalKind.Breaker => ReadBreaker(ref line),
        JournalKind.State => ReadState(ref line),
        JournalKind.Hedge => new HedgeIntent(line.Enum<Side>("side"u8), line.Decimal("qty"u8), line.Double("q"u8), line.Text("why"u8)),
        JournalKind.Treasury =>
            new TreasuryIntent(line.Enum<TreasuryAction>("action"u8), line.Text("asset"u8), line.Decimal("amount"u8), line.Text("why"u8)),
        JournalKind.Alert => new Alert(line.Enum<AlertLevel>("level"u8), line.Text("subject"u8), line.Text("text"u8)),
        JournalKind.Volatility =>
            new VolatilitySnapshot(line.Double("rate"u8), line.Double("rawBps"u8), line.Double("bps"u8), line.Bool("ready"u8)),
        _ => throw new FormatException($"'{kind}' is not a decision"),
    };

    private static void Write(JournalBuffer line, QuoteTarget quote, byte[][] names)
    {
        line.Member("ins"u8);
        line.Put(names[quote.Instrument.Index]);
        line.Member("fair"u8, quote.FairValue);
        line.Member("state"u8, quote.State);
        line.Member("bids"u8);
        Write(line, quote.Bids.AsSpan());
        line.Member("asks"u8);
        Write(line, quote.Asks.AsSpan());
        line.Member("withheld"u8, quote.Withheld);
        Write(line, quote.Terms);
    }

    private static QuoteTarget ReadQuote(ref JournalLineParser line, InstrumentNames instruments) => new()
    {
        Instrument = instruments.Read(ref line, "ins"u8),
        FairValue = line.Double("fair"u8),
        State = line.Enum<TradingState>("state"u8),
        Bids = ReadLevels(ref line, "bids"u8),
        Asks = ReadLevels(ref line, "asks"u8),
        Withheld = line.Text("withheld"u8),
        Terms = ReadTerms(ref line),
    };

    private static void Write(JournalBuffer line, in QuoteTerms terms)
    {
        line.Member("q"u8, terms.InventoryRatio);
        line.Member("gamma"u8, terms.RiskAversion);
        line.Member("rawSigmaBps"u8, terms.RawVolatilityBps);
        line.Member("sigmaBps"u8, terms.VolatilityBps);
        line.Member("shiftBps"u8, terms.ReservationShiftBps);
        line.Member("riskBps"u8, terms.RiskTermBps);
        line.Member("arrivalBps"u8, terms.ArrivalTermBps);
        line.Member("toxicity"u8, terms.ToxicityMultiplier);
        line.Member("breaker"u8, terms.BreakerMultiplier);
        line.Member("halfBps"u8, terms.HalfSpreadBps);
        line.Member("skewBps"u8, terms.SkewBps);
        line.Member("floorBps"u8, terms.FloorBps);
        line.Member("floorAddsBps"u8, terms.FloorWideningBps);
        line.Member("capTakesBps"u8, terms.CapReductionBps);
        line.Member("bidBps"u8, terms.BidBps);
        line.Member("askBps"u8, terms.AskBps);
        if (terms.PendingUpBps != 0) line.Member("pendingUpBps"u8, terms.PendingUpBps);
        if (terms.PendingDownBps != 0) line.Member("pendingDownBps"u8, terms.PendingDownBps);
    }

    private static QuoteTerms ReadTerms(ref JournalLineParser line) => new()
    {
        InventoryRatio = line.Double("q"u8),
        RiskAversion = line.Double("gamma"u8),
        RawVolatilityBps = line.Double("rawSigmaBps"u8),
        VolatilityBps = line.Double("sigmaBps"u8),
        ReservationShiftBps = line.Double("shiftBps"u8),
        RiskTermBps = line.Double("riskBps"u8),
        ArrivalTermBps = line.Double("arrivalBps"u8),
        ToxicityMultiplier = line.Double("toxicity"u8),
        BreakerMultiplier = line.Double("breaker"u8),
        HalfSpreadBps = line.Double("halfBps"u8),
        SkewBps = line.Double("skewBps"u8),
        FloorBps = line.Double("floorBps"u8),
        FloorWideningBps = line.Double("floorAddsBps"u8),
        CapReductionBps = line.Double("capTakesBps"u8),
        BidBps = line.Double("bidBps"u8),
        AskBps = line.Double("askBps"u8),
        PendingUpBps = line.DoubleIfNext("pendingUpBps"u8),
        PendingDownBps = line.DoubleIfNext("pendingDownBps"u8),
    };

    private static void Write(JournalBuffer line, ReadOnlySpan<QuoteLevel> levels)
    {
        line.Put((byte)'[');
        for (var i = 0; i < levels.Length; i++)
        {
            if (i > 0) line.Put((byte)',');
            line.Pair(levels[i].PriceTicks, levels[i].SizeLots);
        }

        line.Put((byte)']');
    }

    private static ImmutableArray<QuoteLevel> ReadLevels(ref JournalLineParser line, ReadOnlySpan<byte> name)
    {
        var levels = Array.Empty<QuoteLevel>();
        var count = line.Pairs(name, ref levels, 0, MakeLevel);
        return [.. levels.AsSpan(0, count)];
    }

    private static void Write(JournalBuffer line, OrderIntent order, byte[][] names)
    {
        line.Member("do"u8, order.Kind);
        line.Member("ins"u8);
        line.Put(names[order.Instrument.Index]);
        line.Member("id"u8, order.ClientOrderId);
        line.Member("side"u8, order.Side);
        line.Member("px"u8, order.PriceTicks);
        line.Member("sz"u8, order.SizeLots);
        line.Member("postOnly"u8, order.IsPostOnly);
        if (order.TimeInForce == TimeInForce.ImmediateOrCancel) line.Member("ioc"u8, true);
    }

    private static OrderIntent ReadOrder(ref JournalLineParser line, InstrumentNames instruments) => new()
    {
        Kind = line.Enum<OrderIntentKind>("do"u8),
        Instrument = instruments.Read(ref line, "ins"u8),
        ClientOrderId = line.Text("id"u8),
        Side = line.Enum<Side>("side"u8),
        PriceTicks = line.Long("px"u8),
        SizeLots = line.Long("sz"u8),
        IsPostOnly = line.Bool("postOnly"u8),
        TimeInForce = line.Flag("ioc"u8) ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled,
    };

    private static void Write(JournalBuffer line, BreakerState breaker)
    {
        line.Member("breaker"u8, breaker.Kind);
        line.Member("subject"u8, breaker.Subject);
        line.Member("demand"u8, breaker.Demand);
        line.Member("mult"u8, breaker.Multiplier);
        line.Member("value"u8, breaker.Value);
        line.Member("limit"u8, breaker.Threshold);
        line.Member("why"u8, breaker.Reason);
    }

    private static BreakerState ReadBreaker(ref JournalLineParser line) => new()
    {
        Kind = line.Enum<BreakerKind>("breaker"u8),
        Subject = line.Text("subject"u8),
        Demand = line.Enum<TradingState>("demand"u8),
        Multiplier = line.Double("mult"u8),
        Value = line.Double("value"u8),
        Threshold = line.Double("limit"u8),
        Reason = line.Text("why"u8),
    };

    private static void Write(JournalBuffer line, TradingStateChange change)
    {
        line.Member("from"u8, change.From);
        line.Member("to"u8, change.To);
        line.Member("mult"u8, change.Multiplier);
        line.Member("why"u8, change.Reason);
    }

    private static TradingStateChange ReadState(ref JournalLineParser line) => new()
    {
        From = line.Enum<TradingState>("from"u8),
        To = line.Enum<TradingState>("to"u8),
        Multiplier = line.Double("mult"u8),
        Reason = line.Text("why"u8),
    };

    private static void Write(JournalBuffer line, HedgeIntent hedge)
    {
        line.Member("side"u8, hedge.Side);
        line.Member("qty"u8, hedge.Quantity);
        line.Member("q"u8, hedge.InventoryRatio);
        line.Member("why"u8, hedge.Reason);
    }

    private static void Write(JournalBuffer line, TreasuryIntent treasury)
    {
        line.Member("action"u8, treasury.Action);
        line.Member("asset"u8, treasury.Asset);
        line.Member("amount"u8, treasury.Amount);
        line.Member("why"u8, treasury.Reason);
    }

    private static void Write(JournalBuffer line, Alert alert)
    {
        line.Member("level"u8, alert.Level);
        line.Member("subject"u8, alert.Subject);
        line.Member("text"u8, alert.Text);
    }

    private static void Write(JournalBuffer line, VolatilitySnapshot volatility)
    {
        line.Member("rate"u8, volatility.VarianceRate);
        line.Member("rawBps"u8, volatility.RawVolatilityBps);
        line.Member("bps"u8, volatility.VolatilityBps);
        line.Member("ready"u8, volatility.IsReady);
    }
}
