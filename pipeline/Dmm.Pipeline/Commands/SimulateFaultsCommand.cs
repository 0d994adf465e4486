using System.CommandLine;
using System.Globalization;
using Dmm.Pipeline.Faults;
using Dmm.Pipeline.Running;
using Dmm.Simulation;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm simulate faults</c>: the whole pipeline at venues that fail, by seed, under invariants.</summary>
internal static class SimulateFaultsCommand
{
    private const string StandardDuration = "5m";

    private static readonly Option<long> Seeds =
        SimulateCommand.WholeNumber("--seeds", "runs, each of a seed of its own", standard: 20, 1, 1_000_000);

    private static readonly Option<long> FirstSeed = SimulateCommand.WholeNumber(
        "--first-seed", "they count up from it", standard: 1, -1_000_000_000_000, 1_000_000_000_000);

    private static readonly Option<long?> Seed = new("--seed")
    {
        Description = "one run, as a failure named it", HelpName = "N", CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
            result.AddError($"--seed '{text}': expected a whole number");
            return null;
        },
    };

    private static readonly Option<string> Duration = new("--duration")
    {
        Description = $"of the trading in each run: {DurationText.Expected}", HelpName = "TIME", DefaultValueFactory = _ => StandardDuration,
    };

    private static readonly Option<long> Threads = SimulateCommand.WholeNumber(
        "--threads", "runs at a time; the report does not depend on it", standard: Environment.ProcessorCount, 1, 1_024);

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of text" };

    public static Command Create()
    {
        var command = new Command("faults", "the whole pipeline at two venues that fail, under invariants; exit code 1 when one does not hold")
        {
            Seeds, FirstSeed, Seed, Duration, Threads, Json,
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
        List<string> faults = [];
        var words = parse.GetValue(Duration) ?? StandardDuration;
        if (!DurationText.TryParse(words, out var duration)) faults.Add($"--duration '{words}': expected {DurationText.Expected}");
        var isOne = parse.GetValue(Seed) is not null;
        if (isOne && (parse.GetResult(Seeds) is { Implicit: false } || parse.GetResult(FirstSeed) is { Implicit: false }))
            faults.Add("--seed is one run: expected neither --seeds nor --first-seed beside it");
        if (faults.Count > 0) throw new BadInputException(faults);
        var campaign = new FaultCampaign
        {
            FirstSeed = parse.GetValue(Seed) ?? parse.GetValue(FirstSeed), Seeds = isOne ? 1 : (int)parse.GetValue(Seeds), Duration = duration,
            Threads = (int)parse.GetValue(Threads), Settings = LiveOrderPath.Settings,
        };
        var report = WithProgress(terminal, campaign);
        if (parse.GetValue(Json)) terminal.Output.WriteLine(FaultReportText.ToJson(campaign, report));
        else FaultReportText.Write(terminal.Output, campaign, report);
        return report.Failures.IsEmpty ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static FaultReport WithProgress(Terminal terminal, FaultCampaign campaign)
    {
        if (!terminal.ShowsProgress) return campaign.Run(_ => { });
        return terminal.ErrorScreen.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("simulating", maxValue: campaign.Seeds);
                return campaign.Run(ended => task.Value = Math.Max(task.Value, ended));
            });
    }
}
