using System.Text.Json;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Scenarios;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary><c>dmm scenario</c> from the shell's point of view.</summary>
public sealed class ScenarioCommandTests : IDisposable
{
    private const string Passing =
        "scenario: stands\nmarket: one-venue\nsteps:\n  - { at: 0, mark: calm }\n  - { at: 1 s, expect: { resting: 6 } }\n";
    private const string Failing = "scenario: stands\nmarket: one-venue\nsteps:\n  - at: 1 s\n    expect: { resting: 5 }\n";

    private readonly ScratchFolder _scratch = new();

    [Fact]
    public async Task PassingScenario_OneLineAndExitCode0()
    {
        var run = await CommandRun.Of("scenario", Write("good.yaml", Passing));
        (run.ExitCode, run.Output.Trim(), run.Error).ShouldBe((ExitCodes.Success, "✓ good: stands, 1 s, 1 expectation met", ""));
    }

    [Fact]
    public async Task FailingScenario_ItsTimelineAndExitCode1()
    {
        var run = await CommandRun.Of("scenario", Write("good.yaml", Passing), Write("bad.yaml", Failing));
        run.ExitCode.ShouldBe(ExitCodes.CheckFailed);
        run.Output.ShouldContain("✗ bad: stands, 1 s, 1 failed, 0 met");
        run.Output.ShouldContain("     1.000 s  ✗ FAILED   expected resting orders: 5; but resting orders: 6 (line 5)");
        run.Output.ShouldContain("1 of 2 scenarios passed");
        run.Output.ShouldNotContain("kept as 'calm'");
    }

    [Fact]
    public async Task Timeline_IsToldOfAPassingOneToo() =>
        (await CommandRun.Of("scenario", Write("good.yaml", Passing), "--timeline"))
            .Output.ShouldContain("▸          the present quotes are kept as 'calm'");

    [Fact]
    public async Task BadFiles_EveryFaultOfEveryFileAndExitCode2()
    {
        var run = await CommandRun.Of("scenario", Write("one.yaml", "scenario: a\nsteps: []"), Write("two.yaml", Passing.Replace("mark", "marc")),
            "nowhere.yaml");
        (run.ExitCode, run.Output).ShouldBe((ExitCodes.BadInput, ""));
        run.Error.ShouldContain("one.yaml:1: steps expect nothing: expected at least one expectation");
        run.Error.ShouldContain("two.yaml:4: unknown step 'marc': did you mean mark?");
        run.Error.ShouldContain("nowhere.yaml: no such file, and no scenario of the library");
    }

    [Fact]
    public async Task NoArgument_ListsTheLibrary()
    {
        var run = await CommandRun.Of("scenario");
        run.ExitCode.ShouldBe(ExitCodes.Success);
        foreach (var name in ScenarioLibrary.Names) run.Output.ShouldContain(name);
    }

    [Fact]
    public async Task Json_GivesTheSameHashAtEveryRun()
    {
        var first = await CommandRun.Of("scenario", "volatility-widen", "--json");
        first.ExitCode.ShouldBe(ExitCodes.Success);
        first.Output.ShouldBe((await CommandRun.Of("scenario", "volatility-widen", "--json")).Output);
        first.Json.GetProperty("passed").GetBoolean().ShouldBeTrue();
        first.Json.GetProperty("decisionsSha256").GetString()!.Length.ShouldBe(64);
        first.Json.GetProperty("failures").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task JsonOfAFailure_NamesTimeTextAndLine()
    {
        var failure = (await CommandRun.Of("scenario", Write("bad.yaml", Failing), "--json")).Json.GetProperty("failures")[0];
        (failure.GetProperty("at").GetDouble(), failure.GetProperty("line").GetInt32()).ShouldBe((1.0, 5));
    }

    [Fact]
    public async Task Out_WritesAPictureOfEach()
    {
        var run = await CommandRun.Of("scenario", "kill", "gas-spike", "--out", _scratch["pictures"]);
        run.ExitCode.ShouldBe(ExitCodes.Success);
        Directory.GetFiles(_scratch["pictures"]).Select(Path.GetFileName).Order().ShouldBe(["gas-spike.png", "kill.png"]);
        File.ReadAllBytes(Path.Combine(_scratch["pictures"], "kill.png"))[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
    }

    [Fact]
    public async Task Schema_IsJsonThatNamesEveryStep()
    {
        var schema = (await CommandRun.Of("scenario", "--schema")).Json;
        var steps = schema.GetProperty("properties").GetProperty("steps").GetProperty("items").GetProperty("properties");
        foreach (var word in ScenarioGrammar.Happenings) steps.TryGetProperty(word.Name, out _).ShouldBeTrue(word.Name);
        schema.GetProperty("$schema").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Show_GivesAFileThatRuns()
    {
        var text = (await CommandRun.Of("scenario", "--show", "staleness")).Output;
        (await CommandRun.Of("scenario", Write("mine.yaml", text))).ExitCode.ShouldBe(ExitCodes.Success);
        (await CommandRun.Of("scenario", "--show", "stalenes")).Error.ShouldContain("did you mean staleness?");
    }

    public void Dispose() => _scratch.Dispose();

    private string Write(string name, string text)
    {
        File.WriteAllText(_scratch[name], text);
        return _scratch[name];
    }
}
