using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>What the heading of a run's screen says and the engine does not know.</summary>
/// <param name="Scenario">Such as <c>calm</c>.</param>
/// <param name="Speed">As asked for: <c>×1</c>, <c>×60</c>, <c>max</c>.</param>
internal sealed record DeskHeading(string Scenario, string Speed);

/// <summary>One market: what we want there and what rests.</summary>
internal sealed record DeskMarket
{
    public required Instrument Instrument { get; init; }

    /// <summary>The latest quote; null before the first.</summary>
    public required QuoteTarget? Quote { get; init; }

    /// <summary>The venue's own best bid and offer; null when it sends none.</summary>
    public required VenueTop? Touch { get; init; }

    /// <summary>The latest public trade; null before the first.</summary>
    public required Trade? LastTrade { get; init; }

    /// <summary>Score of our fills' toxicity by side, bps/s; null before the first scored fill.</summary>
    public required double? BuyToxicity { get; init; }

    public required double? SellToxicity { get; init; }

    /// <summary>Orders that may rest, in the order of placing.</summary>
    public required ImmutableArray<LiveOrder> Orders { get; init; }

    /// <summary>What the source said last of its link; null when it said nothing.</summary>
    public required FeedStatus? Feed { get; init; }
}

/// <summary>A control that is not at rest.</summary>
/// <param name="Breaker">Where it stands and why.</param>
/// <param name="Since">When it said so; the start of the run for those that wait for their first data.</param>
internal sealed record DeskBreaker(BreakerState Breaker, Timestamp Since);

/// <summary>Something a person should have seen: an alert, a command, a feed that changed, an order refused.</summary>
internal sealed record DeskNote(Timestamp At, AlertLevel Level, string Subject, string Text);

/// <summary>All that a screen shows, at one moment. Immutable, so that another thread may draw it while trading goes on.</summary>
internal sealed record DeskSnapshot
{
    public required DeskHeading Heading { get; init; }

    /// <summary>In force.</summary>
    public required QuotingParameters Parameters { get; init; }

    /// <summary>The engine's clock.</summary>
    public required Timestamp Now { get; init; }

    public required TradingState State { get; init; }

    /// <summary>Half-spread multiplier of the asset, 1 unless breakers widen.</summary>
    public required double Multiplier { get; init; }

    /// <summary>Inputs per second of wall-clock time, over about the last second.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>Engine seconds per wall-clock second, over about the last second.</summary>
    public required double Pace { get; init; }

    public required ImmutableArray<DeskMarket> Markets { get; init; }

    /// <summary>Null before the first estimate.</summary>
    public required VolatilitySnapshot? Volatility { get; init; }

    /// <summary>q_total, base asset.</summary>
    public required decimal Inventory { get; init; }

    /// <summary>q̂.</summary>
    public required double InventoryRatio { get; init; }

    /// <summary>Null before the first valuation.</summary>
    public required PnlSnapshot? Pnl { get; init; }

    /// <summary>TON per swap; null when no venue told.</summary>
    public required decimal? GasPrice { get; init; }

    /// <summary>Those not at rest, by kind, then by subject.</summary>
    public required ImmutableArray<DeskBreaker> Breakers { get; init; }

    /// <summary>Newest first, a few dozen.</summary>
    public required ImmutableArray<DeskFill> Fills { get; init; }

    /// <summary>Newest first, a few dozen.</summary>
    public required ImmutableArray<DeskNote> Notes { get; init; }

    public required RunTotals Totals { get; init; }
}
