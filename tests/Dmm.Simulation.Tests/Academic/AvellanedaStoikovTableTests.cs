namespace Dmm.Simulation.Tests.Academic;

public sealed class AvellanedaStoikovTableTests
{
    [Fact]
    public void TenThousandPaths_LandWithinThePapersBounds()
    {
        var rows = AvellanedaStoikovTable.Simulate(10_000, seed: 1);

        rows.Select(r => (r.RiskAversion, r.Strategy)).ShouldBe([
            (0.1, AcademicStrategy.Inventory), (0.1, AcademicStrategy.Symmetric), (0.01, AcademicStrategy.Inventory),
            (0.01, AcademicStrategy.Symmetric), (1, AcademicStrategy.Inventory), (1, AcademicStrategy.Symmetric),
        ]);
        foreach (var row in rows) row.IsWithin.ShouldBeTrue($"seed 1: {row}");
    }

    // 2·A·e^(−k·½spread)·½spread is what a symmetric dealer earns in all, whatever the price does: its expectation has a closed form.
    [Fact]
    public void SymmetricProfit_IsWhatTheFormulaExpects()
    {
        foreach (var row in AvellanedaStoikovTable.Simulate(10_000, seed: 2).Where(r => r.Strategy == AcademicStrategy.Symmetric))
        {
            var half = row.Spread.Ours / 2;
            row.Profit.Ours.ShouldBe(2 * 140 * Math.Exp(-1.5 * half) * half, 4 * row.Profit.StandardError, $"seed 2: {row}");
        }
    }

    [Fact]
    public void Inventory_IsHeldCloserAndTheProfitIsSteadier()
    {
        foreach (var pair in AvellanedaStoikovTable.Simulate(1_000, seed: 3).Chunk(2))
        {
            pair[0].FinalInventoryDeviation.Ours.ShouldBeLessThan(pair[1].FinalInventoryDeviation.Ours);
            pair[0].ProfitDeviation.Ours.ShouldBeLessThan(pair[1].ProfitDeviation.Ours);
        }
    }

    [Fact]
    public void SameSeed_GivesTheSameTable()
    {
        AvellanedaStoikovTable.Simulate(100, seed: 4).ShouldBe(AvellanedaStoikovTable.Simulate(100, seed: 4));
        AvellanedaStoikovTable.Simulate(100, seed: 4).ShouldNotBe(AvellanedaStoikovTable.Simulate(100, seed: 5));
    }

    [Fact]
    public void FigureOutOfItsTolerance_IsSaid()
    {
        new AcademicFigure(1.51, 0, 1.49, 0.0201).IsWithin.ShouldBeTrue();
        new AcademicFigure(1.52, 0, 1.49, 0.0201).IsWithin.ShouldBeFalse();
    }

    [Theory]
    [InlineData(99)]
    [InlineData(1_000_001)]
    public void PathsOutOfRange_Throw(int paths) => Should.Throw<ArgumentOutOfRangeException>(() => AvellanedaStoikovTable.Simulate(paths, 1));
}
