using System.Text.Json;

namespace Dmm.Core.QuickQuote;

/// <summary>
/// What one quick quote is computed from: 9 required inputs and 4 that default to 0. Every value is finite, and the two prices and the
/// inventory limit are above 0: an instance that breaks this cannot be made, by an initialiser, <c>with</c> or <c>Coerce</c>.
/// </summary>
/// <remarks>Prices are in quote currency per unit of the asset (USD per DCT), amounts in units of the asset (DCT).</remarks>
/// <exception cref="MarketInputException">A value set by an initialiser or <c>with</c> is out of its range.</exception>
public sealed record MarketInputs
{
    private static readonly MarketInputField MidPriceField = new("mid_price", MarketInputRange.Positive);
    private static readonly MarketInputField InventoryField = new("inventory", MarketInputRange.Finite);
    private static readonly MarketInputField TargetInventoryField = new("target_inventory", MarketInputRange.Finite);
    private static readonly MarketInputField InventoryLimitField = new("inventory_limit", MarketInputRange.Positive);
    private static readonly MarketInputField VolatilityField = new("volatility", MarketInputRange.Finite);
    private static readonly MarketInputField TonReferencePriceField = new("ton_reference_price", MarketInputRange.Positive);
    private static readonly MarketInputField OnchainDepthField = new("onchain_depth", MarketInputRange.Finite);
    private static readonly MarketInputField OffchainDepthField = new("offchain_depth", MarketInputRange.Finite);
    private static readonly MarketInputField RecentVolumeField = new("recent_volume", MarketInputRange.Finite);
    private static readonly MarketInputField BuyPressureField = new("buy_pressure", MarketInputRange.Finite, Default: 0);
    private static readonly MarketInputField SellPressureField = new("sell_pressure", MarketInputRange.Finite, Default: 0);
    private static readonly MarketInputField TreasurySupportField = new("treasury_support", MarketInputRange.Finite, Default: 0);
    private static readonly MarketInputField BasisAdjustmentField = new("basis_adjustment", MarketInputRange.Finite, Default: 0);

    /// <summary>Mid of the market, in quote currency per unit; above 0.</summary>
    public required double MidPrice { get; init => field = MidPriceField.Check(value); }

    /// <summary>Inventory held, in units; negative when short.</summary>
    public required double Inventory { get; init => field = InventoryField.Check(value); }

    /// <summary>Inventory wished for, in units.</summary>
    public required double TargetInventory { get; init => field = TargetInventoryField.Check(value); }

    /// <summary>Distance from the target at which the inventory ratio reaches 1, in units; above 0.</summary>
    public required double InventoryLimit { get; init => field = InventoryLimitField.Check(value); }

    /// <summary>Volatility as a fraction, 0.22 for 22 %; negative counts as 0.</summary>
    public required double Volatility { get; init => field = VolatilityField.Check(value); }

    /// <summary>Reference price of the asset on TON, in quote currency per unit; above 0.</summary>
    public required double TonReferencePrice { get; init => field = TonReferencePriceField.Check(value); }

    /// <summary>Depth on chain, in units; a negative sum of both depths counts as 0.</summary>
    public required double OnchainDepth { get; init => field = OnchainDepthField.Check(value); }

    /// <summary>Depth on centralised venues, in units; a negative sum of both depths counts as 0.</summary>
    public required double OffchainDepth { get; init => field = OffchainDepthField.Check(value); }

    /// <summary>Volume traded recently, in units; negative counts as 0.</summary>
    public required double RecentVolume { get; init => field = RecentVolumeField.Check(value); }

    /// <summary>Strength of buying, dimensionless; only its excess over <see cref="SellPressure"/> counts, clamped to −1…1.</summary>
    public double BuyPressure { get; init => field = BuyPressureField.Check(value); }

    /// <summary>Strength of selling, dimensionless; see <see cref="BuyPressure"/>.</summary>
    public double SellPressure { get; init => field = SellPressureField.Check(value); }

    /// <summary>Support by the treasury as a fraction, clamped to 0…1.</summary>
    public double TreasurySupport { get; init => field = TreasurySupportField.Check(value); }

    /// <summary>Correction of the fair value, as a fraction of the mid.</summary>
    public double BasisAdjustment { get; init => field = BasisAdjustmentField.Check(value); }

    /// <summary>
    /// Typed inputs from loose telemetry, by snake_case names (<c>mid_price</c>, …, <c>basis_adjustment</c>). Accepted are the framework's
    /// number types, numeric strings (invariant culture, decimal or exponent notation, blanks around but not within, no thousands
    /// separators) and JSON values of those kinds. Unknown keys are ignored. This is <c>coerce_market_inputs</c> of the DCT Dynamic
    /// Market Maker specification, "SDK Access".
    /// </summary>
    /// <exception cref="MarketInputException">
    /// With all faults at once: a required input is missing; a value is null, a boolean or otherwise no number; a number is not finite; a price
    /// or the inventory limit is not above 0.
    /// </exception>
    public static MarketInputs Coerce(IReadOnlyDictionary<string, object?> telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        return Coerce(new MarketInputReading(telemetry));
    }

    /// <inheritdoc cref="Coerce(IReadOnlyDictionary{string, object?})"/>
    /// <exception cref="MarketInputException">
    /// As for a dictionary; and the root is not an object, or an input is given more than once.
    /// </exception>
    public static MarketInputs Coerce(JsonElement telemetry) => Coerce(MarketInputReading.Of(telemetry));

    private static MarketInputs Coerce(MarketInputReading reading)
    {
        var midPrice = reading.Take(MidPriceField);
        var inventory = reading.Take(InventoryField);
        var targetInventory = reading.Take(TargetInventoryField);
        var inventoryLimit = reading.Take(InventoryLimitField);
        var volatility = reading.Take(VolatilityField);
        var tonReferencePrice = reading.Take(TonReferencePriceField);
        var onchainDepth = reading.Take(OnchainDepthField);
        var offchainDepth = reading.Take(OffchainDepthField);
        var recentVolume = reading.Take(RecentVolumeField);
        var buyPressure = reading.Take(BuyPressureField);
        var sellPressure = reading.Take(SellPressureField);
        var treasurySupport = reading.Take(TreasurySupportField);
        var basisAdjustment = reading.Take(BasisAdjustmentField);
        reading.ThrowIfFaulty();

        return new MarketInputs
        {
            MidPrice = midPrice,
            Inventory = inventory,
            TargetInventory = targetInventory,
            InventoryLimit = inventoryLimit,
            Volatility = volatility,
            TonReferencePrice = tonReferencePrice,
            OnchainDepth = onchainDepth,
            OffchainDepth = offchainDepth,
            RecentVolume = recentVolume,
            BuyPressure = buyPressure,
            SellPressure = sellPressure,
            TreasurySupport = treasurySupport,
            BasisAdjustment = basisAdjustment,
        };
    }
}
