using System.CommandLine;
using Dmm.Pipeline.Replay;
using Dmm.Topology.Engine;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm replay</c>: recorded frames, or a journal, through the topology again.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string[]> Captures = new("--capture")
    {
        Description =
            "recorded frames of one venue, gzip or plain; several files of one feed joined by a comma. "
            + "Repeat it, with --venue and --symbol, to merge feeds",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Venues = new("--venue") { Description = string.Join(", ", VenueCaptures.Known), HelpName = "NAME" };

    private static readonly Option<string[]> Symbols =
        new("--symbol") { Description = "the venue's own symbol, such as BTCUSDT", HelpName = "SYMBOL" };

    private static readonly Option<string?> Out = new("--out") { Description = "folder for the journal and a picture of the run", HelpName = "DIR" };

    private static readonly Option<string?> Journal =
        new("--journal") { Description = "replay a journal instead: derive its decisions again", HelpName = "DIR" };

    private static readonly Option<bool> Verify =
        new("--verify") { Description = "compare every decision derived from the journal with the recorded one, byte for byte" };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of tables" };

    private static readonly Option<string?> Log =
        new("--log") { Description = $"log file, lines of JSON; {RunLog.DefaultPath}, a file a day, if not given", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("replay", "recorded frames or a journal through the whole topology; no order is sent")
        {
            Captures, Venues, Symbols, Out, Journal, Verify, Json, Log,
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
        var captures = parse.GetValue(Captures) ?? [];
        var journal = parse.GetValue(Journal);
        if (captures.Length > 0 == journal is not null)
            throw new BadInputException("expected either --capture with --venue and --symbol, or --journal");
        return journal is null
            ? ReplayCaptures(parse, CaptureSelection.Read(captures, parse.GetValue(Venues) ?? [], parse.GetValue(Symbols) ?? []), terminal)
            : ReplayJournal(parse, journal, terminal);
    }

    private static int ReplayCaptures(ParseResult parse, CaptureSelection selection, Terminal terminal)
    {
        if (parse.GetValue(Verify)) throw new BadInputException("--verify compares with a journal: expected --journal beside it");
        using var log = RunLog.Open(parse.GetValue(Log));
        try
        {
            var summary = WithProgress(terminal, progress => new CaptureReplay(selection, log).Run(parse.GetValue(Out), progress));
            if (parse.GetValue(Json)) terminal.Output.WriteLine(summary.ToJson());
            else RunSummaryText.Write(terminal.Screen, summary);
            return summary.IsSound ? ExitCodes.Success : ExitCodes.CheckFailed;
        }
        catch (EngineFaultException fault)
        {
            log.Failed(fault);
            throw;
        }
    }

    private static int ReplayJournal(ParseResult parse, string directory, Terminal terminal)
    {
        if (parse.GetValue(Out) is not null) throw new BadInputException("--out belongs to --capture: a journal is replayed without writing another");
        var verification = JournalVerification.Of(directory, compares: parse.GetValue(Verify));
        if (parse.GetValue(Json)) terminal.Output.WriteLine(verification.ToJson());
        else JournalVerificationText.Write(terminal, verification);
        return verification.Holds ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static RunSummary WithProgress(Terminal terminal, Func<Action<double>, RunSummary> run)
    {
        if (!terminal.ShowsProgress) return run(_ => { });
        return terminal.ErrorScreen.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("replaying", maxValue: 1);
                return run(share => task.Value = share);
            });
    }
}
