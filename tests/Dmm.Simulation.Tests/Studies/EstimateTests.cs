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
        estimate.IsCalled.ShouldBeTrue();
    }

    [Fact]
    public void Differences_HaveTheErrorOfThePairs_NotOfTheTwoSamples()
    {
        // 10, 200, 3000 against 11, 201, 3003: differences 1, 1, 3 with s² = 4/3.
        var difference = Estimate.OfDifferences([11, 201, 3003], [10, 200, 3000]).ShouldNotBeNull();
        difference.Mean.ShouldBe(5.0 / 3, 1e-12);
        difference.StandardError!.Value.ShouldBe(2.0 / 3, 1e-12);
        difference.IsCalled.ShouldBeTrue();
        Estimate.Of([10, 200, 3000])!.Value.StandardError!.Value.ShouldBeGreaterThan(900);
    }

    [Theory]
    [InlineData(1, 1, 1, 1, true)]
    [InlineData(-1, -1, -1, -1, true)]
    [InlineData(0, 0, 0, 0, false)]
    [InlineData(1, -1, 1, -1, false)]
    // Mean 2, s² = 16/3: an error of 2/√3 = 1.155, of which 2 are 2.31.
    [InlineData(0, 0, 4, 4, false)]
    [InlineData(2, 2, 6, 6, true)]
    public void Difference_IsCalledBeyondTwoErrors(double a, double b, double c, double d, bool isCalled) =>
        Estimate.Of([a, b, c, d])!.Value.IsCalled.ShouldBe(isCalled);

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
