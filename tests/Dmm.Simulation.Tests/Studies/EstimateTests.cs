namespace Dmm.Simulation.Tests.Studies;

public sealed class EstimateTests
{
    [Fact]
    public void Mean_HasTheErrorOfItsSample()
    {
        // s² = 5/3, and 5/3/4 under the root.
        var estimate = Estimate.Of([1, 2, 3, 4]).ShouldNotBeNull();
        (estimate.Count, estimate.Mean).ShouldBe((4, 2.5));
        estimate.StandardError!.Value.ShouldBe(0.6454972243679028, 1e-15);
    }

    [Fact]
    public void Differences_HaveTheErrorOfThePairs_NotOfTheTwoSamples()
    {
        // 10, 200, 3000 against 11, 201, 3003: differences 1, 1, 3 with s² = 4/3.
        var difference = Estimate.OfDifferences([11, 201, 3003], [10, 200, 3000]).ShouldNotBeNull();
        difference.Mean.ShouldBe(5.0 / 3, 1e-12);
        difference.StandardError!.Value.ShouldBe(2.0 / 3, 1e-12);
        Estimate.Of([10, 200, 3000])!.Value.StandardError!.Value.ShouldBeGreaterThan(900);
    }

    [Theory]
    // Halves at 0 and 4: mean 2, s² = 4·n/(n − 1), so an error of 2/√(n − 1).
    [InlineData(10, 4, true)]
    [InlineData(8, 4, false)]
    // At −1 and 3: mean 1 against 2 · 2/3.
    [InlineData(10, 3, false)]
    // At 3 and 7: mean 5.
    [InlineData(10, 7, true)]
    [InlineData(8, 7, false)]
    public void Difference_IsCalledBeyondTwoErrors_OfAtLeastTen(int count, double high, bool isCalled)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? high : high - 4)];
        Estimate.Of(values)!.Value.IsCalled.ShouldBe(isCalled);
        Estimate.Of([.. values.Select(value => -value)])!.Value.IsCalled.ShouldBe(isCalled);
    }

    [Fact]
    public void EqualDifferences_AreCalledUnlessZero()
    {
        Estimate.Of([.. Enumerable.Repeat(0.5, 10)])!.Value.IsCalled.ShouldBeTrue();
        Estimate.Of(new double[10])!.Value.IsCalled.ShouldBeFalse();
    }

    [Fact]
    public void PairOfWhichOneIsUnknown_IsLeftOut()
    {
        var difference = Estimate.OfDifferences([1, null, 5, 7], [0, 1, null, 3]).ShouldNotBeNull();
        (difference.Count, difference.Mean).ShouldBe((2, 2.5));
    }

    [Fact]
    public void OneValue_HasNoErrorAndIsNotCalled_NoneHasNoMean()
    {
        Estimate.Of([7]).ShouldBe(new Estimate(1, 7, null));
        Estimate.Of([7])!.Value.IsCalled.ShouldBeFalse();
        Estimate.Of([]).ShouldBeNull();
        Estimate.OfDifferences([null], [1]).ShouldBeNull();
    }

    [Fact]
    public void Sum_IsTheMeanTimesTheCount_AsIsItsError() => new Estimate(4, 2.5, 0.5).Sum.ShouldBe(new Estimate(4, 10, 2));
}
