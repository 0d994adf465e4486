using Dmm.Pipeline.Scenarios;
using Dmm.Simulation.Scenarios;

namespace Dmm.Pipeline.Tests.Scenarios;

/// <summary>The rows of the specification and of the lessons, on the real pipeline.</summary>
public sealed class ScenarioLibraryTests
{
    public static TheoryData<string> Names => [.. ScenarioLibrary.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_Passes(string name) => ScenarioRun.Of(ScenarioLibrary.Read(name)).ThrowIfFailed();

    /// <summary>What each row of the specification is shown by.</summary>
    [Theory]
    [InlineData("calm")]
    [InlineData("near-soft-limit")]
    [InlineData("toxic-flow")]
    [InlineData("gas-spike")]
    [InlineData("volatility-widen")]
    [InlineData("volatility-pause")]
    [InlineData("slippage")]
    [InlineData("staleness")]
    [InlineData("discrepancy")]
    [InlineData("drawdown")]
    [InlineData("kill")]
    public void RowOfTheSpecification_HasItsScenario(string name) => ScenarioLibrary.Names.ShouldContain(name);
}
