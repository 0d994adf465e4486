using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>How far inventory has gone on one side of its target.</summary>
public enum InventoryLevel : byte
{
    Within,

    /// <summary>The soft limit was reached: the skew works, nothing is withheld.</summary>
    Soft,

    /// <summary>The hard limit was reached: the accumulating side is withheld.</summary>
    Hard,
}

public readonly record struct InventoryLimitsState(InventoryLevel Long, InventoryLevel Short);

/// <summary>
/// Soft and hard inventory limits, each side by itself; limits are distances from the target and count as reached at the limit itself. Hard demands
/// Reducing under the subject <c>long</c> (buys are withheld) or <c>short</c> (sells), and ends once the distance is back at soft + recoverFraction ·
/// (hard − soft). Soft only says so, and ends at recoverFraction · soft. There is no wait on the way back: inventory moves by fills alone, and the
/// distance between trip and return bounds the flapping by what must be traded.
/// </summary>
public sealed class InventoryLimits(InventoryLimitsState initial, InventoryParameters inventory, BreakerParameters parameters)
    : IBreaker<decimal, InventoryLimitsState>
{
    private readonly decimal _recoverFraction = (decimal)parameters.RecoverFraction;
    private InventoryLimitsState _state = initial;

    public InventoryLimitsState Capture() => _state;

    /// <param name="quantity">Total inventory, base asset.</param>
    /// <param name="now">Not used: the limits do not run on time.</param>
    public ImmutableArray<BreakerState> Take(in decimal quantity, Timestamp now)
    {
        var before = _state;
        var above = quantity - inventory.Target;
        _state = new(Next(before.Long, above, inventory.SoftLong, inventory.HardLong),
            Next(before.Short, -above, inventory.SoftShort, inventory.HardShort));
        ImmutableArray<BreakerState> changes = [];
        if (_state.Long != before.Long)
            changes = changes.Add(Describe(_state.Long, BreakerSubjects.Long, above, inventory.SoftLong, inventory.HardLong));
        if (_state.Short != before.Short)
            changes = changes.Add(Describe(_state.Short, BreakerSubjects.Short, -above, inventory.SoftShort, inventory.HardShort));
        return changes;
    }

    private InventoryLevel Next(InventoryLevel level, decimal distance, decimal soft, decimal hard)
    {
        if (distance >= hard || (level == InventoryLevel.Hard && distance > soft + _recoverFraction * (hard - soft))) return InventoryLevel.Hard;
        if (distance >= soft || (level != InventoryLevel.Within && distance > _recoverFraction * soft)) return InventoryLevel.Soft;
        return InventoryLevel.Within;
    }

    private static BreakerState Describe(InventoryLevel level, string subject, decimal distance, decimal soft, decimal hard)
    {
        var (sign, withheld) = subject == BreakerSubjects.Long ? ("above", "buys") : ("below", "sells");
        var limit = level == InventoryLevel.Hard ? hard : soft;
        return new()
        {
            Kind = BreakerKind.Inventory, Subject = subject, Demand = level == InventoryLevel.Hard ? TradingState.Reducing : TradingState.Active,
            Multiplier = 1, Value = (double)distance, Threshold = (double)limit,
            Reason = string.Create(CultureInfo.InvariantCulture,
                $"inventory {distance:0.####} {sign} target, {subject} limits {soft:0.####} soft and {hard:0.####} hard: ") + level switch
            {
                InventoryLevel.Hard => $"{withheld} are withheld",
                InventoryLevel.Soft => "the skew rebalances",
                _ => "within limits",
            },
        };
    }
}
