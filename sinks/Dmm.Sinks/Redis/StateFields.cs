using System.Collections.Immutable;

namespace Dmm.Sinks.Redis;

/// <summary>Names of fields in the hash of an asset's state that more than one place uses.</summary>
internal static class StateFields
{
    public const string Asset = "asset";
    public const string Ledger = "ledger";
    public const string Journal = "journal";
    public const string JournalNumber = "journalNumber";
    public const string Run = "run";
    public const string Sequence = "sequence";
    public const string Decision = "decision";
    public const string Mode = "mode";
    public const string Code = "codeVersion";
    public const string Platform = "platform";
    public const string Configuration = "configurationHash";
    public const string RunStartedAt = "runStartedAt";
    public const string AsOf = "asOf";
    public const string StampedAt = "stampedAt";
    public const string WrittenAt = "writtenAt";
    public const string Orders = "orders";
    public const string OpenOrders = "openOrders";
    public const string OpenNotional = "openOrdersNotional";
    public const string Breakers = "breakers";
    public const string KillSwitch = "killSwitch";
    public const string DrawdownLatch = "drawdownLatch";
    public const string Trading = "tradingState";
    public const string TradingReason = "tradingReason";
    public const string TradingSince = "tradingSince";
    public const string Multiplier = "spreadMultiplier";
    public const string Inventory = "inventory";
    public const string InventoryRatio = "inventoryRatio";
    public const string Realised = "realisedPnl";
    public const string Unrealised = "unrealisedPnl";
    public const string OrderFlow = "orderFlowPnl";
    public const string Drawdown = "drawdown";
    public const string Parameters = "parameters";

    /// <summary>Whose values are JSON; all others are text.</summary>
    public static readonly ImmutableArray<string> Json =
        [Orders, OpenNotional, Breakers, Parameters, "inventoryByInstrument", "positions"];

    /// <summary>What a dashboard is told when it changes; for the rest it reads the hash.</summary>
    public static readonly ImmutableArray<string> Told =
    [
        Trading, TradingReason, Multiplier, KillSwitch, DrawdownLatch, Inventory, InventoryRatio, Realised, Unrealised, OrderFlow, Drawdown,
        OpenOrders,
    ];
}
