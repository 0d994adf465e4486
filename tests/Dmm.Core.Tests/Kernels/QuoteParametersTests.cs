using System.Collections.Immutable;

namespace Dmm.Core.Tests.Kernels;

public class QuoteParametersTests
{
    [Fact]
    public void NearLimitNotAboveLightInventory_IsRefused() =>
        Faults(new() { NearLimitRatio = 0.3, LightInventoryRatio = 0.3 }).ShouldBe(["nearLimitRatio = 0.3: expected above lightInventoryRatio = 0.3"]);

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void ALadder_HasAtMostSixteenRungs(int rungs, bool isPermitted)
    {
        ImmutableArray<double> shares = [.. Enumerable.Repeat(1.0 / rungs, rungs)];
        var faults = Faults(new()
        {
            LevelMultiples = [.. Enumerable.Range(1, rungs).Select(i => (double)i)], LevelShares = shares, LightLevelShares = shares,
        });
        faults.Count.ShouldBe(isPermitted ? 0 : 1);
    }

    private static IReadOnlyList<string> Faults(QuoteParameters parameters)
    {
        var faults = new ParameterFaults();
        parameters.CollectFaults(faults);
        return faults.Faults;
    }
}
