using Dmm.Pipeline.Studies;
using Dmm.Simulation;
using Spectre.Console;

namespace Dmm.Pipeline.Tests.Commands;

public sealed class AsTableCommandTests
{
    [Fact]
    public async Task Table_StandsBesideThePapersWithAVerdict()
    {
        var run = await CommandRun.Of("simulate", "as-table", "--paths", "1000", "--seed", "7");

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("1000 paths a row, seed 7");
        run.Output.ShouldContain("| 68.4");
        run.Output.ShouldContain("Every figure is within its bounds");
        run.Output.ShouldContain("±");
    }

    [Fact]
    public async Task Json_HasEveryFigureOfEveryRow()
    {
        var run = await CommandRun.Of("simulate", "as-table", "--paths", "1000", "--seed", "7", "--json");

        run.Output.TrimEnd('\n').ShouldNotContain('\n');
        run.Json.EnumerateObject().Select(m => m.Name).ShouldBe(["seed", "paths", "rows", "isWithin"]);
        (run.Json.GetProperty("seed").GetInt64(), run.Json.GetProperty("paths").GetInt32(), run.Json.GetProperty("isWithin").GetBoolean())
            .ShouldBe((7, 1000, true));
        var rows = run.Json.GetProperty("rows").EnumerateArray().ToArray();
        rows.Length.ShouldBe(6);
        rows[1].EnumerateObject().Select(m => m.Name)
            .ShouldBe(["riskAversion", "strategy", "spread", "profit", "profitDeviation", "finalInventoryDeviation", "isWithin"]);
        (rows[1].GetProperty("riskAversion").GetDouble(), rows[1].GetProperty("strategy").GetString()).ShouldBe((0.1, "symmetric"));
        rows[1].GetProperty("profit").EnumerateObject().Select(m => m.Name).ShouldBe(["ours", "standardError", "paper", "tolerance", "isWithin"]);
        rows[1].GetProperty("profit").GetProperty("paper").GetDouble().ShouldBe(68.4);
    }

    [Fact]
    public async Task SameSeed_GivesTheSameText() =>
        (await CommandRun.Of("simulate", "as-table", "--paths", "200", "--seed", "3", "--json"))
            .ShouldBe(await CommandRun.Of("simulate", "as-table", "--paths", "200", "--seed", "3", "--json"));

    [Theory]
    [InlineData("--seed", "today", "--seed 'today': expected a whole number")]
    [InlineData("--seed", "1.5", "--seed '1.5': expected a whole number")]
    [InlineData("--paths", "99", "--paths '99': expected a whole number from 100 to 1000000")]
    [InlineData("--paths", "many", "--paths 'many': expected a whole number from 100 to 1000000")]
    public async Task BadNumber_IsToldInClearWords(string option, string value, string words)
    {
        var run = await CommandRun.Of("simulate", "as-table", option, value);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(words);
        run.Output.ShouldNotContain("68.4");
    }

    [Fact]
    public void FigureOutOfBounds_IsNamedWithItsDistance()
    {
        var good = new AcademicFigure(1, 0.1, 1, 0.5);
        var report = new AsTableReport(1, 100, [new(0.1, AcademicStrategy.Symmetric, good, good with { Ours = 3 }, good, good)]);
        using var text = new StringWriter();
        var screen = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        screen.Profile.Width = 150;
        AsTableText.Write(screen, report);

        report.IsWithin.ShouldBeFalse();
        text.ToString().ShouldContain("profit is off by +2.00, bound 0.50");
        text.ToString().ShouldContain("1 of 1 rows are out of bounds");
    }
}
