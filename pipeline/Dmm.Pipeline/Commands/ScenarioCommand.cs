using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Scenarios;
using Dmm.Simulation.Scenarios;
using Spectre.Console;
using ScenarioTimeline = Dmm.Simulation.Scenarios.Timeline;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm scenario</c>: what happens to a desk, and what its pipeline must have done by when.</summary>
internal static class ScenarioCommand
{
    private const string All = "all";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "scenarios in YAML or JSON, or names of the library; all runs the whole library, nothing lists it",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Timeline = new("--timeline") { Description = "the course of every scenario, not only of failed ones" };

    private static readonly Option<bool> Json = new("--json") { Description = "a line of JSON for each scenario" };

    private static readonly Option<string?> Out = new("--out") { Description = "folder for a picture of each scenario", HelpName = "DIR" };

    private static readonly Option<bool> Schema = new("--schema") { Description = "the file format as a JSON schema" };

    private static readonly Option<string?> Show =
        new("--show") { Description = "the text of a scenario of the library, to start one from", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("scenario", "play scenarios on virtual time: things happen, the pipeline must have answered by then")
        {
            Files, Timeline, Json, Out, Schema, Show,
        };
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            return terminal.Guard(() => Run(parse, terminal));
        });
        return command;
    }

    private static int Run(ParseResult parse, Terminal terminal)
    {
        if (parse.GetValue(Schema)) return Print(terminal, ScenarioSchema.Text());
        if (parse.GetValue(Show) is { } name)
            return Print(terminal, ScenarioLibrary.Text(name)
                ?? throw new BadInputException($"no scenario '{name}' in the library: {ScalarText.Nearest(name, ScenarioLibrary.Names)}"));
        var files = parse.GetValue(Files) ?? [];
        return files.Length == 0 ? List(terminal) : Play(parse, terminal, Read(files));
    }

    private static int Print(Terminal terminal, string text)
    {
        terminal.Output.WriteLine(text.TrimEnd());
        return ExitCodes.Success;
    }

    private static int List(Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("name").AddColumn("title");
        foreach (var name in ScenarioLibrary.Names) table.AddRow($"[green]{Markup.Escape(name)}[/]", Markup.Escape(ScenarioLibrary.Read(name).Name));
        terminal.Screen.Write(table);
        terminal.Screen.MarkupLine(
            "\nPlay one with [green]dmm scenario NAME[/], all with [green]dmm scenario all[/], your own with [green]dmm scenario FILE[/].");
        return ExitCodes.Success;
    }

    /// <summary>Reads all before any is played, so that every fault is told at once.</summary>
    private static ImmutableArray<(string Name, Scenario Scenario)> Read(string[] files)
    {
        var scenarios = ImmutableArray.CreateBuilder<(string, Scenario)>();
        List<string> faults = [];
        foreach (var file in files.SelectMany(f => f == All && !File.Exists(All) ? ScenarioLibrary.Names : [f]).Distinct())
        {
            try
            {
                scenarios.Add((Path.GetFileNameWithoutExtension(file), ScenarioLibrary.Read(file)));
            }
            catch (BadInputException refused)
            {
                faults.AddRange(refused.Faults);
            }
        }

        return faults.Count == 0 ? scenarios.ToImmutable() : throw new BadInputException(faults);
    }

    private static int Play(ParseResult parse, Terminal terminal, ImmutableArray<(string Name, Scenario Scenario)> scenarios)
    {
        var folder = parse.GetValue(Out);
        if (folder is not null) Directory.CreateDirectory(folder);
        var failed = 0;
        foreach (var (name, scenario) in scenarios)
        {
            var outcome = ScenarioRun.Of(scenario);
            if (!outcome.HasPassed) failed++;
            if (parse.GetValue(Json)) terminal.Output.WriteLine(Line(name, outcome));
            else Write(terminal, name, outcome, parse.GetValue(Timeline));
            if (folder is not null) ScenarioPlot.Save(outcome, Path.Combine(folder, name + ".png"));
        }

        if (scenarios.Length > 1 && !parse.GetValue(Json))
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{scenarios.Length - failed} of {scenarios.Length} scenarios passed"));
        return failed == 0 ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static void Write(Terminal terminal, string name, ScenarioOutcome outcome, bool always)
    {
        var (mark, colour) = outcome.HasPassed ? ("✓", "green") : ("✗", "red");
        var length = outcome.Scenario.End.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        terminal.Screen.MarkupLine(
            $"[{colour}]{mark}[/] {Markup.Escape($"{name}: {outcome.Scenario.Name}, {length} s, {Expectations(outcome)}")}");
        if (always || !outcome.HasPassed) terminal.Output.WriteLine(ScenarioTimeline.Write(outcome.Timeline));
    }

    private static string Expectations(ScenarioOutcome outcome) => outcome.HasPassed
        ? $"{outcome.MetCount} expectation{(outcome.MetCount == 1 ? "" : "s")} met" : $"{outcome.Failures.Count()} failed, {outcome.MetCount} met";

    private static string Line(string name, ScenarioOutcome outcome)
    {
        using var digest = new DecisionDigest(outcome.Scenario.Market.Instruments);
        foreach (var decision in outcome.Decisions) digest.OnDecision(decision);
        return JsonSerializer.Serialize(
            new
            {
                name,
                scenario = outcome.Scenario.Name,
                passed = outcome.HasPassed,
                seconds = outcome.Scenario.End.TotalSeconds,
                seed = outcome.Scenario.Seed,
                met = outcome.MetCount,
                failures = outcome.Failures.Select(f => new { at = f.At.TotalSeconds, text = f.Text, line = f.Line }),
                decisions = digest.Count,
                decisionsSha256 = digest.Current(),
            },
            Unescaped);
    }
}
