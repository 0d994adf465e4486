using System.CommandLine;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Studies;
using Dmm.Simulation;
using Dmm.Topology.Engine;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm simulate compare</c>: skew modes and models on equal flow.</summary>
internal static class CompareCommand
{
    private static readonly Option<string> Skews = new("--skew")
    {
        Description = "skew modes, joined by commas; the first is what the others are compared with", HelpName = "LIST",
        DefaultValueFactory = _ => string.Join(',', QuoteVariant.Skews.Select(known => known.Name)),
    };

    private static readonly Option<string> Models = new("--model")
    {
        Description = "as, as-fitted (the market's own κ), glft (its A and κ), joined by commas", HelpName = "LIST", DefaultValueFactory = _ => "as",
    };

    private static readonly Option<string?> Scenarios = new("--scenario")
    {
        Description = $"generated markets, joined by commas; {ComparisonOptions.StandardScenarios} if not given", HelpName = "LIST",
    };

    private static readonly Option<string?> Seeds =
        new("--seeds") { Description = $"runs of each variant and market; {ComparisonOptions.StandardSeeds} if not given", HelpName = "N" };

    private static readonly Option<string?> FirstSeed = new("--first-seed") { Description = "they count up from it; 1 if not given", HelpName = "N" };

    private static readonly Option<string?> Duration = new("--duration")
    {
        Description = $"of each run: {DurationText.Expected}; {ComparisonOptions.StandardDuration} if not given", HelpName = "TIME",
    };

    private static readonly Option<string?> Opening = new("--opening-inventory")
    {
        Description = "|q̂| at the opening, 0 to 1: long with odd seeds, short with even ones; 0 if not given", HelpName = "RATIO",
    };

    private static readonly Option<string[]> Captures =
        new("--capture") { Description = "a recording instead, as of dmm replay: each variant trades against it once", HelpName = "FILE" };

    private static readonly Option<string[]> Venues = new("--venue") { Description = string.Join(", ", VenueCaptures.Known), HelpName = "NAME" };

    private static readonly Option<string[]> Symbols =
        new("--symbol") { Description = "the venue's own symbol, such as BTCUSDT", HelpName = "SYMBOL" };

    private static readonly Option<string?> Threads =
        new("--threads") { Description = "runs at a time, one a core if not given; the figures do not depend on it", HelpName = "N" };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of tables" };

    private static readonly Option<bool> Markdown = new("--markdown") { Description = "tables in Markdown" };

    public static Command Create()
    {
        var command = new Command("compare", "skew modes and models on the same seeds and flow, with standard errors")
        {
            Skews, Models, Scenarios, Seeds, FirstSeed, Duration, Opening, Captures, Venues, Symbols, Threads, Json, Markdown,
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
        var options = ComparisonOptions.Read(new()
        {
            Skews = parse.GetValue(Skews) ?? "", Models = parse.GetValue(Models) ?? "", Scenarios = parse.GetValue(Scenarios),
            Seeds = parse.GetValue(Seeds), FirstSeed = parse.GetValue(FirstSeed), Duration = parse.GetValue(Duration),
            OpeningInventory = parse.GetValue(Opening), Captures = parse.GetValue(Captures) ?? [], Venues = parse.GetValue(Venues) ?? [],
            Symbols = parse.GetValue(Symbols) ?? [], Threads = parse.GetValue(Threads), IsJson = parse.GetValue(Json),
            IsMarkdown = parse.GetValue(Markdown),
        });
        try
        {
            var report = WithProgress(terminal, progress => Compare(options, progress));
            if (parse.GetValue(Json)) terminal.Output.WriteLine(report.ToJson());
            else if (parse.GetValue(Markdown)) terminal.Output.Write(ComparisonText.Markdown(report));
            else ComparisonText.Write(terminal.Screen, report);
            return ExitCodes.Success;
        }
        catch (EngineFaultException fault)
        {
            terminal.Error.WriteLine(fault.Message);
            return ExitCodes.Fault;
        }
    }

    private static ComparisonReport Compare(ComparisonOptions options, Action<double> progress) => options.Capture is { } capture
        ? ComparisonReport.OfCapture(new CaptureComparison(capture, options.Settings.Variants, options.Settings.Threads).Run(progress))
        : ComparisonReport.OfMarkets(
            options.Settings, SkewComparison.Run(options.Settings, ended => progress((double)ended / options.Settings.Runs)));

    private static ComparisonReport WithProgress(Terminal terminal, Func<Action<double>, ComparisonReport> run)
    {
        if (!terminal.ShowsProgress) return run(_ => { });
        return terminal.ErrorScreen.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("comparing", maxValue: 1);
                return run(share => task.Value = Math.Max(task.Value, share));
            });
    }
}
