namespace Dmm.Core;

/// <summary>Inventory target and limits, in the base asset. Limits are distances from the target, settable separately for the long and the short side.</summary>
public sealed record InventoryParameters
{
    /// <summary>Circulating float, base asset.</summary>
    public decimal CirculatingFloat { get; init; } = 250_000m;

    /// <summary>q_target, base asset.</summary>
    public decimal Target { get; init; } = 5_000m;

    /// <summary>Inventory before the first fill, base asset; the starting position whose mark-to-market is reported apart.</summary>
    public decimal Starting { get; init; } = 5_000m;

    public decimal SoftLongFraction { get; init; } = 0.04m;

    public decimal SoftShortFraction { get; init; } = 0.04m;

    public decimal HardLongFraction { get; init; } = 0.06m;

    public decimal HardShortFraction { get; init; } = 0.06m;

    public decimal SoftLong => CirculatingFloat * SoftLongFraction;

    public decimal SoftShort => CirculatingFloat * SoftShortFraction;

    public decimal HardLong => CirculatingFloat * HardLongFraction;

    public decimal HardShort => CirculatingFloat * HardShortFraction;

    /// <summary>q̂ = (q − q_target) / q_soft of the side it lies on; positive when long. Not clamped.</summary>
    public double RatioOf(decimal inventory)
    {
        var excess = inventory - Target;
        return (double)(excess / (excess >= 0 ? SoftLong : SoftShort));
    }

    /// <summary>q̂ at the hard limit of the side that <paramref name="inventoryRatio"/> lies on.</summary>
    public double HardRatio(double inventoryRatio) =>
        inventoryRatio >= 0 ? (double)(HardLongFraction / SoftLongFraction) : (double)(HardShortFraction / SoftShortFraction);

    /// <summary>What may still be bought or sold until inventory lies at the hard limit, base asset; below zero beyond it.</summary>
    public decimal Room(Side side, decimal inventory) => side == Side.Buy ? Target + HardLong - inventory : inventory - (Target - HardShort);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("inventory.circulatingFloat", CirculatingFloat, 0.00000001m, 1_000_000_000_000m, "base asset");
        foreach (var (name, soft, hard) in new[] { ("Long", SoftLongFraction, HardLongFraction), ("Short", SoftShortFraction, HardShortFraction) })
        {
            faults.Within($"inventory.soft{name}Fraction", soft, 0.000001m, 1m, "of the float");
            faults.Within($"inventory.hard{name}Fraction", hard, 0.000001m, 1m, "of the float");
            faults.Require($"inventory.hard{name}Fraction", hard > soft, $"= {hard}", $"above inventory.soft{name}Fraction = {soft}");
        }
    }
}
