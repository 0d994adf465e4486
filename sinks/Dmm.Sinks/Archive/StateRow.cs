using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Archive;

internal readonly record struct StateKey(string Ledger, string Asset);

/// <summary>What a batch says of an asset's state; a part that is null stays as it was.</summary>
internal sealed record StateChange(StateKey Key, InventoryParameters Limits, Timestamp At)
{
    public InventorySnapshot? Inventory { get; init; }

    public PnlSnapshot? Pnl { get; init; }

    public TradingStateChange? Trading { get; init; }

    /// <summary>Since when <see cref="Trading"/> holds.</summary>
    public Timestamp TradingSince { get; init; }

    /// <summary>Names of columns and their new values.</summary>
    public IEnumerable<(string Column, object? Value)> Values =>
    [
        ("target", ArchiveText.Of(Limits.Target)), ("soft_long", ArchiveText.Of(Limits.SoftLong)), ("soft_short", ArchiveText.Of(Limits.SoftShort)),
        ("hard_long", ArchiveText.Of(Limits.HardLong)), ("hard_short", ArchiveText.Of(Limits.HardShort)), ("updated_at", ArchiveText.Of(At)),
        .. Inventory is { } inventory ? Of(inventory) : [],
        .. Pnl is { } pnl ? Of(pnl) : [],
        .. Trading is { } trading ? Of(trading, TradingSince) : [],
    ];

    private static IEnumerable<(string Column, object? Value)> Of(InventorySnapshot inventory) =>
    [
        ("inventory", ArchiveText.Of(inventory.Total)), ("starting_inventory", ArchiveText.Of(inventory.Starting)),
        ("inventory_ratio", inventory.InventoryRatio), ("applied_fills", inventory.AppliedFills), ("duplicate_fills", inventory.DuplicateFills),
        ("refused_fills", inventory.RefusedFills),
    ];

    private static IEnumerable<(string Column, object? Value)> Of(PnlSnapshot pnl) =>
    [
        ("realised_pnl", ArchiveText.Of(pnl.Realised)), ("unrealised_pnl", ArchiveText.Of(pnl.Unrealised)),
        ("order_flow_pnl", ArchiveText.Of(pnl.OrderFlow)), ("starting_mark_to_market", ArchiveText.Of(pnl.StartingMarkToMarket)),
        ("inventory_notional", ArchiveText.Of(pnl.InventoryNotional)), ("drawdown", ArchiveText.Of(pnl.Drawdown)),
        ("deepest_drawdown", ArchiveText.Of(pnl.DeepestDrawdown)), ("session_start", ArchiveText.Of(pnl.SessionStart)), ("unvalued", pnl.Unvalued),
    ];

    private static IEnumerable<(string Column, object? Value)> Of(TradingStateChange trading, Timestamp since) =>
    [
        ("trading_state", ArchiveText.Of(trading.To)), ("trading_reason", trading.Reason), ("trading_since", ArchiveText.Of(since)),
        ("spread_multiplier", trading.Multiplier),
    ];
}

/// <summary>What is held at one instrument.</summary>
internal sealed record PositionRow(string Ledger, Instrument Instrument, Position Position, Timestamp At, ArchivedPlace Place)
{
    public object?[] Columns =>
    [
        Ledger, Instrument.Venue, Instrument.Symbol, ArchiveText.Of(Position.Quantity), ArchiveText.Of(Position.BaseQuantity),
        ArchiveText.Of(Position.Average), ArchiveText.Of(Position.AllInAverage), ArchiveText.Of(Position.Basis),
        ArchiveText.Of(Position.RealisedOpen),
        ArchiveText.Of(Position.Realised), ArchiveText.Of(Position.Fees), Position.SettlementAsset, ArchiveText.Of(Position.UnconvertedFees),
        ArchiveText.Of(At), Place.Journal, Place.Decision,
    ];
}

/// <summary>A decision in its journal.</summary>
internal readonly record struct ArchivedPlace(string Journal, long Decision);
