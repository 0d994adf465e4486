using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels;

public class InventoryLadderTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.3, 0.5)]
    [InlineData(0.65, 0.75)]
    [InlineData(1, 1)]
    [InlineData(1.25, 1.5)]
    [InlineData(1.5, 2)]
    [InlineData(9, 2)]
    public void RiskAversionMultiplier_FollowsTheKnots(double ratio, double expected) =>
        InventoryLadder.RiskAversionMultiplier(ratio, 0.3, 1.5).ShouldBe(expected, 1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 1)]
    [InlineData(0.9, 0.5)]
    [InlineData(1.5, 0)]
    [InlineData(2, 0)]
    public void AccumulatingShare_FallsLinearlyToTheHardLimit(double ratio, double expected) =>
        InventoryLadder.AccumulatingShare(ratio, 0.3, 1.5).ShouldBe(expected, 1e-12);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 0.9)]
    [InlineData(0.55, 4)]
    [InlineData(0.8, 8)]
    [InlineData(1.4, 8)]
    public void Skew_RisesToItsShareOfTheSpread(double ratio, double expected) =>
        InventoryLadder.SkewBps(ratio, 20, new()).ShouldBe(expected, 1e-12);

    [Fact]
    public void Skew_KeepsBetaWhereThatIsMore() => InventoryLadder.SkewBps(2, 1, new()).ShouldBe(3);

    [Fact]
    public void Everything_IsContinuous() =>
        Gen.Select(Gen.Double[0, 3], Gen.Double[0, 0.79], Gen.Double[1.01, 3]).Sample((ratio, light, hard) =>
        {
            const double Step = 1e-9;
            var parameters = new QuoteParameters { LightInventoryRatio = light };
            var slopeMax = 1 / Math.Min(hard - 1, 0.01) + 1;
            InventoryLadder.RiskAversionMultiplier(ratio + Step, light, hard)
                .ShouldBe(InventoryLadder.RiskAversionMultiplier(ratio, light, hard), Step * slopeMax);
            InventoryLadder.AccumulatingShare(ratio + Step, light, hard)
                .ShouldBe(InventoryLadder.AccumulatingShare(ratio, light, hard), Step * slopeMax);
            InventoryLadder.SkewBps(ratio + Step, 20, parameters)
                .ShouldBe(InventoryLadder.SkewBps(ratio, 20, parameters), Step * 8 / (0.8 - light) * 1.1);
        });
}
