using System.Globalization;

namespace Dmm.Core.QuickQuote;

/// <summary>
/// The arithmetic of the quick quote: one bid and one ask around an inventory-aware fair value, from one set of inputs and nothing else.
/// </summary>
/// <remarks>
/// With i = clamp((inventory − target)/limit, −1, 1), f = clamp(buy − sell, −1, 1), s = clamp(support, 0, 1) and
/// p = (mid − ton_ref)/ton_ref:
/// <code>
/// fair   = max(0.01, mid·(1 + basis − 0.12·i + 0.08·f + 0.05·s − 0.10·p))
/// spread = clamp(38 + 110·max(0, vol) + 45·|f| − 22·s, 18, 220) bps;  half = fair·spread/2·10⁻⁴
/// skew   = half·clamp(0.35·i, −0.6, 0.6);  bid = fair − half − skew,  ask = fair + half + skew
/// size   = clamp((120 + 0.65·max(0, on + off) + 0.35·max(0, volume))·max(1 − 0.5·|i|, 0.2), 120, 5000)
/// bid size = max(30, size·(1 − 0.35·f)),  ask size = max(30, size·(1 + 0.35·f))
/// </code>
/// The fair value carries the inventory's shift; the skew widens both sides when long and narrows both when short.
/// Source: DCT Dynamic Market Maker specification, "SDK Access" (<c>DCTMarketMakerModel</c>).
/// </remarks>
public static class MarketMakerModel
{
    private const double FairValueMin = 0.01;
    private const double ComfortRatio = 0.35;
    private const double ElevatedVolatilityFraction = 0.5;
    private const double ActiveSupportFraction = 0.8;

    /// <returns>A quote with finite values and 0 &lt; bid &lt; ask.</returns>
    /// <exception cref="MarketInputException">The mid with its basis adjustment is so large that the ask is not a finite number.</exception>
    public static MarketMakerQuote Quote(MarketInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var inventoryRatio = Math.Clamp((inputs.Inventory - inputs.TargetInventory) / inputs.InventoryLimit, -1, 1);
        var flow = Math.Clamp(inputs.BuyPressure - inputs.SellPressure, -1, 1);
        var support = Math.Clamp(inputs.TreasurySupport, 0, 1);
        var premium = (inputs.MidPrice - inputs.TonReferencePrice) / inputs.TonReferencePrice;

        var fairValue = Math.Max(
            FairValueMin,
            inputs.MidPrice * (1 + inputs.BasisAdjustment - 0.12 * inventoryRatio + 0.08 * flow + 0.05 * support - 0.10 * premium));
        var spreadBps = Math.Clamp(38 + 110 * Math.Max(0, inputs.Volatility) + 45 * Math.Abs(flow) - 22 * support, 18, 220);
        var halfSpread = fairValue * spreadBps / 2 * 1e-4;
        var skew = halfSpread * Math.Clamp(0.35 * inventoryRatio, -0.6, 0.6);
        var askPrice = fairValue + halfSpread + skew;
        if (!double.IsFinite(askPrice))
            throw new MarketInputException([Overflow(inputs)]);

        var depth = Math.Max(0, inputs.OnchainDepth + inputs.OffchainDepth);
        var capacity = 120 + 0.65 * depth + 0.35 * Math.Max(0, inputs.RecentVolume);
        var size = Math.Clamp(capacity * Math.Max(1 - 0.5 * Math.Abs(inventoryRatio), 0.2), 120, 5000);

        return new MarketMakerQuote
        {
            BidPrice = fairValue - halfSpread - skew,
            AskPrice = askPrice,
            BidSize = Math.Max(30, size * (1 - 0.35 * flow)),
            AskSize = Math.Max(30, size * (1 + 0.35 * flow)),
            SpreadBps = spreadBps,
            FairValue = fairValue,
            InventoryRatio = inventoryRatio,
            RebalanceRequired = Math.Abs(inventoryRatio) >= ComfortRatio,
            VolatilityElevated = inputs.Volatility > ElevatedVolatilityFraction,
            TreasurySupportActive = support >= ActiveSupportFraction,
        };
    }

    private static MarketInputFault Overflow(MarketInputs inputs) => new(
        "mid_price",
        inputs.MidPrice.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a price that gives a finite ask with basis_adjustment {inputs.BasisAdjustment}"));
}
