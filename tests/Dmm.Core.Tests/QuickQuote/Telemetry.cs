using Dmm.Core.QuickQuote;

namespace Dmm.Core.Tests.QuickQuote;

/// <summary>The telemetry of the specification's example, and ways to spoil it.</summary>
internal static class Telemetry
{
    public static readonly string[] RequiredNames =
    [
        "mid_price", "inventory", "target_inventory", "inventory_limit", "volatility", "ton_reference_price", "onchain_depth", "offchain_depth",
        "recent_volume",
    ];

    public static readonly string[] OptionalNames = ["buy_pressure", "sell_pressure", "treasury_support", "basis_adjustment"];

    public static readonly string[] PositiveNames = ["mid_price", "inventory_limit", "ton_reference_price"];

    public static readonly MarketInputs Example = new()
    {
        MidPrice = 1.05,
        Inventory = 4_750,
        TargetInventory = 5_000,
        InventoryLimit = 10_000,
        Volatility = 0.22,
        TonReferencePrice = 1.01,
        OnchainDepth = 15_000,
        OffchainDepth = 11_000,
        RecentVolume = 2_900,
    };

    public static Dictionary<string, object?> ExampleDictionary() => new()
    {
        ["mid_price"] = 1.05,
        ["inventory"] = 4_750.0,
        ["target_inventory"] = 5_000.0,
        ["inventory_limit"] = 10_000.0,
        ["volatility"] = 0.22,
        ["ton_reference_price"] = 1.01,
        ["onchain_depth"] = 15_000.0,
        ["offchain_depth"] = 11_000.0,
        ["recent_volume"] = 2_900.0,
    };

    public static Dictionary<string, object?> ExampleWith(string name, object? value)
    {
        var telemetry = ExampleDictionary();
        telemetry[name] = value;
        return telemetry;
    }
}
