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
        ("target", Limits.Target), ("soft_long", Limits.SoftLong), ("soft_short", Limits.SoftShort),
        ("hard_long", Limits.HardLong), ("hard_short", Limits.HardShort), ("updated_at", At),
        .. Inventory is { } inventory ? Of(inventory) : [],
        .. Pnl is { } pnl ? Of(pnl) : [],
        .. Trading is { } trading ? Of(trading, TradingSince) : [],
    ];

    private static IEnumerable<(string Column, object? Value)> Of(InventorySnapshot inventory) =>
    [
        ("inventory", inventory.Total), ("starting_inventory", inventory.Starting),
        ("inventory_ratio", inventory.InventoryRatio), ("applied_fills", inventory.AppliedFills), ("duplicate_fills", inventory.DuplicateFills),
        ("refused_fills", inventory.RefusedFills),
    ];

    private static IEnumerable<(string Column, object? Value)> Of(PnlSnapshot pnl) =>
    [
        ("realised_pnl", pnl.Realised), ("unrealised_pnl", pnl.Unrealised),
        ("order_flow_pnl", pnl.OrderFlow), ("starting_mark_to_market", pnl.StartingMarkToMarket),
        ("inventory_notional", pnl.InventoryNotional), ("drawdown", pnl.Drawdown),
        ("deepest_drawdown", pnl.DeepestDrawdown), ("session_start", pnl.SessionStart), ("unvalued", pnl.Unvalued),
    ];

    private static IEnumerable<(string Column, object? Value)> Of(TradingStateChange trading, Timestamp since) =>
    [
        ("trading_state", ArchiveText.Of(trading.To)), ("trading_reason", trading.Reason), ("trading_since", since),
        ("spread_multiplier", trading.Multiplier),
    ];
}

/// <summary>What is held at one instrument.</summary>
internal sealed record PositionRow(string Ledger, Instrument Instrument, Position Position, Timestamp At, ArchivedPlace Place)
{
    public object?[] Columns =>
    [
        Ledger, Instrument.Venue, Instrument.Symbol, Position.Quantity, Position.BaseQuantity,
        Position.Average, Position.AllInAverage, Position.Basis,
        Position.RealisedOpen, Position.Realised, Position.Fees, Position.SettlementAsset, ArchiveText.Of(Position.UnconvertedFees), At,
        Place.Journal, Place.Decision,
    ];
}
