using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Archive;

/// <summary>A decision in its journal.</summary>
internal readonly record struct ArchivedPlace(string Journal, long Decision);

/// <summary>The volatility estimate at a refresh.</summary>
internal sealed record VolatilityRow(StateKey Asset, VolatilitySnapshot Snapshot, Timestamp At, ArchivedPlace Place)
{
    public object?[] Columns =>
    [
        Place.Journal, Place.Decision, Asset.Ledger, Asset.Asset, At, Snapshot.VarianceRate, Snapshot.RawVolatilityBps, Snapshot.VolatilityBps,
        Snapshot.IsReady,
    ];
}

/// <summary>Inventory that was to be taken elsewhere.</summary>
internal sealed record HedgeRow(StateKey Asset, HedgeIntent Intent, Timestamp At, ArchivedPlace Place)
{
    public object?[] Columns =>
    [
        Place.Journal, Place.Decision, Asset.Ledger, Asset.Asset, At, ArchiveText.Of(Intent.Side), Intent.Quantity, Intent.InventoryRatio,
        Intent.Reason,
    ];
}

/// <summary>What the treasury was to do with a share of the profit.</summary>
internal sealed record TreasuryRow(string Ledger, TreasuryIntent Intent, Timestamp At, ArchivedPlace Place)
{
    public object?[] Columns =>
        [Place.Journal, Place.Decision, Ledger, At, ArchiveText.Of(Intent.Action), Intent.Asset, Intent.Amount, Intent.Reason];
}

/// <summary>The last profit of a day in UTC, as one journal has it.</summary>
internal sealed record PnlDayRow(StateKey Asset, PnlSnapshot Pnl, Timestamp At, ArchivedPlace Place)
{
    public DateOnly Day => DateOnly.FromDateTime(At.ToDateTimeOffset().UtcDateTime);

    public object?[] Columns =>
    [
        Asset.Ledger, Asset.Asset, Day, Place.Journal, Place.Decision, At, Pnl.Realised, Pnl.Unrealised, Pnl.OrderFlow, Pnl.StartingMarkToMarket,
        Pnl.InventoryNotional, Pnl.Drawdown, Pnl.DeepestDrawdown, Pnl.Unvalued,
    ];
}
