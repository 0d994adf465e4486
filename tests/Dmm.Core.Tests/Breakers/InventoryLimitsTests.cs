using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class InventoryLimitsTests
{
    // DCT: target 5,000; soft 10,000 and hard 15,000 from it, each side.
    private readonly Driven<decimal, InventoryLimitsState> _limits = new(Create(default));

    [Fact]
    public void GrowingLong_SaysSoftThenWithholdsBuysAndComesBackWithHysteresis()
    {
        Take(14_999.99m, 15_000m, 19_999.99m, 20_000m, 19_000.01m, 19_000m, 13_000.01m, 13_000m);
        _limits.Said.ShouldBe(
        [
            "1 Active ×1: inventory 10000 above target, long limits 10000 soft and 15000 hard: the skew rebalances",
            "3 Reducing ×1: inventory 15000 above target, long limits 10000 soft and 15000 hard: buys are withheld",
            "5 Active ×1: inventory 14000 above target, long limits 10000 soft and 15000 hard: the skew rebalances",
            "7 Active ×1: inventory 8000 above target, long limits 10000 soft and 15000 hard: within limits",
        ]);
        _limits.Last!.Subject.ShouldBe("long");
    }

    [Fact]
    public void GrowingShort_WithholdsSells()
    {
        Take(-10_000m);
        _limits.Said.ShouldBe(["0 Reducing ×1: inventory 15000 below target, short limits 10000 soft and 15000 hard: sells are withheld"]);
        _limits.Last!.Subject.ShouldBe("short");
    }

    [Fact]
    public void FillAcrossBothLimits_MovesLongFirst()
    {
        Take(20_000m, -10_000m);
        _limits.Said.Skip(1).ShouldBe(
        [
            "1 Active ×1: inventory -15000 above target, long limits 10000 soft and 15000 hard: within limits",
            "1 Reducing ×1: inventory 15000 below target, short limits 10000 soft and 15000 hard: sells are withheld",
        ]);
    }

    [Fact]
    public void LimitsOfOneSide_AreItsOwn()
    {
        var limits = new Driven<decimal, InventoryLimitsState>(
            new InventoryLimits(default, new() { SoftShortFraction = 0.01m, HardShortFraction = 0.02m }, new()));
        limits.Take(0, 0m).Take(1, 10_000m).Said.ShouldBe(
        [
            "0 Reducing ×1: inventory 5000 below target, short limits 2500 soft and 5000 hard: sells are withheld",
            "1 Active ×1: inventory -5000 below target, short limits 2500 soft and 5000 hard: within limits",
        ]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Int[-20_000, 30_000].Array[1, 30].Sample(steps =>
            Restored.ShouldSayTheSame([.. steps.Select((q, i) => ((double)i, (decimal)q))], default(InventoryLimitsState), Create, steps.Length));

    private static InventoryLimits Create(InventoryLimitsState state) => new(state, new(), new());

    private void Take(params decimal[] quantities)
    {
        for (var i = 0; i < quantities.Length; i++) _limits.Take(i, quantities[i]);
    }
}
