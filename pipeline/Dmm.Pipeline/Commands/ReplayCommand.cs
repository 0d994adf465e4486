using System.CommandLine;
using Dmm.Core.Ports;
using Dmm.Pipeline.Incidents;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Simulation;
using Dmm.Topology.Engine;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm replay</c>: recorded frames, or a journal, through the topology again.</summary>
internal static class ReplayCommand
{
    private const int LatencyMsMax = 60_000;

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

    private static readonly Option<bool> Shadow =
        new("--shadow") { Description = "observe only: quotes are made, no order trades against the recording" };

    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = $"how our orders move up in the queue of their price: {QueueModel.Names}; {CaptureTrading.Default.Queue} if not given",
        HelpName = "MODEL",
    };

    private static readonly Option<double?> Latency = new("--latency")
    {
        Description = $"milliseconds of feed and order together, 0 to {LatencyMsMax}; "
            + $"{CaptureTrading.Default.Latency.TotalMilliseconds} if not given",
        HelpName = "MS",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "folder for what is written: of captures the journal and a picture of the run, of a journal the report", HelpName = "DIR",
    };

    private static readonly Option<string?> Journal =
        new("--journal") { Description = "replay a journal instead: derive its decisions again", HelpName = "DIR" };

    private static readonly Option<bool> Verify =
        new("--verify") { Description = "compare every decision derived from the journal with the recorded one, byte for byte" };

    private static readonly Option<string?> Topic = new("--topic") { Description = "replay a journal kept in Kafka", HelpName = "NAME" };

    private static readonly Option<string?> Bootstrap =
        new("--bootstrap")
        {
            Description = $"brokers of the topic, separated by commas; {StoreAccess.KafkaVariable} in the environment if not given",
            HelpName = "HOST:PORT",
        };

    private static readonly Option<string?> Asset = new("--asset") { Description = "the traded asset whose journal is meant", HelpName = "NAME" };

    private static readonly Option<string?> From = new("--from")
    {
        Description = $"report on a part of the journal, from here; the journal's begin if not given. {InstantText.Expected}", HelpName = "TIME",
    };

    private static readonly Option<string?> To = new("--to") { Description = "up to here; the journal's end if not given", HelpName = "TIME" };

    private static readonly Option<string?> At = new("--at")
    {
        Description = "the moment to look at closely; else the first halt or kill, else the fill that changed the inventory most", HelpName = "TIME",
    };

    private static readonly Option<string[]> WhatIf = new("--what-if")
    {
        Description = "try the same inputs with another parameter, such as gamma=0.2 or breakers.drawdownLimit=500; repeat it for several",
        HelpName = "PATH=VALUE",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of tables" };

    private static readonly Option<string?> Log =
        new("--log") { Description = $"log file, lines of JSON; {RunLog.DefaultPath}, a file a day, if not given", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("replay",
            "recorded frames, traded against what was recorded, or a journal through the whole topology; no order leaves")
        {
            Captures, Venues, Symbols, Shadow, Queue, Latency, Out, Journal, Topic, Bootstrap, Asset, From, To, At, WhatIf, Verify, Json, Log,
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
        var arguments = Incident(parse);
        if (captures.Length > 0 == arguments.Source is not { Directory: null, Topic: null })
            throw new BadInputException("expected either --capture with --venue and --symbol, or --journal, or --topic with --bootstrap");
        return captures.Length > 0
            ? ReplayCaptures(
                parse, CaptureSelection.Read(captures, parse.GetValue(Venues) ?? [], parse.GetValue(Symbols) ?? []), Trading(parse), terminal)
            : ReplayJournal(parse, arguments, terminal);
    }

    private static IncidentArguments Incident(ParseResult parse) => new()
    {
        Source = new(parse.GetValue(Journal), parse.GetValue(Topic), parse.GetValue(Bootstrap), parse.GetValue(Asset)),
        From = parse.GetValue(From), To = parse.GetValue(To), At = parse.GetValue(At), WhatIf = parse.GetValue(WhatIf) ?? [],
        Out = parse.GetValue(Out), Verifies = parse.GetValue(Verify),
    };

    private static int ReplayCaptures(ParseResult parse, CaptureSelection selection, CaptureTrading? trading, Terminal terminal)
    {
        if (parse.GetValue(Verify)) throw new BadInputException("--verify compares with a journal: expected --journal beside it");
        if (Incident(parse) with { Out = null } is { AsksForReport: true } or { Source: { Bootstrap: not null } or { Asset: not null } })
            throw new BadInputException("--from, --to, --at, --what-if, --asset and --bootstrap look into a journal: expected --journal or --topic");
        using var log = RunLog.Open(parse.GetValue(Log));
        try
        {
            var summary = WithProgress(terminal, progress => new CaptureReplay(selection, trading, log).Run(parse.GetValue(Out), progress));
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

    /// <summary>How to trade; null for not at all.</summary>
    private static CaptureTrading? Trading(ParseResult parse)
    {
        var (queue, latencyMs) = (parse.GetValue(Queue), parse.GetValue(Latency));
        List<string> faults = [];
        var trading = CaptureTrading.Default;
        if (parse.GetValue(Shadow) && (queue is not null || latencyMs is not null))
            faults.Add("--queue and --latency are of trading: expected no --shadow");
        if (latencyMs is not (null or >= 0 and <= LatencyMsMax))
            faults.Add(FormattableString.Invariant($"--latency is {latencyMs}: expected 0 to {LatencyMsMax} ms"));
        else if (latencyMs is { } given) trading = trading with { Latency = TimeSpan.FromMilliseconds(given) };
        try
        {
            if (queue is not null) trading = trading with { Queue = QueueModel.Parse(queue) };
        }
        catch (FormatException unknown)
        {
            faults.Add(unknown.Message);
        }

        if (faults.Count > 0) throw new BadInputException(faults);
        return parse.GetValue(Shadow) ? null : trading;
    }

    private static int ReplayJournal(ParseResult parse, IncidentArguments arguments, Terminal terminal)
    {
        if (parse.GetValue(Shadow) || parse.GetValue(Queue) is not null || parse.GetValue(Latency) is not null)
            throw new BadInputException("--shadow, --queue and --latency belong to --capture: a journal holds how it was traded");
        arguments.Check();
        var journal = arguments.Source.Open();
        using var connection = journal as IDisposable;
        return arguments.AsksForReport
            ? Report(journal, arguments, parse.GetValue(Json), terminal) : VerifyAll(journal, arguments, parse.GetValue(Json), terminal);
    }

    private static int VerifyAll(IJournalReader journal, IncidentArguments arguments, bool asJson, Terminal terminal)
    {
        var verification = JournalVerification.Of(journal, range: null, arguments.Verifies, companion: null);
        if (asJson) terminal.Output.WriteLine(verification.ToJson());
        else JournalVerificationText.Write(terminal, verification);
        return verification.Holds ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static int Report(IJournalReader journal, IncidentArguments arguments, bool asJson, Terminal terminal)
    {
        var report = IncidentReport.Of(journal, arguments.Source.Name, IncidentOptions.Read(arguments, journal));
        var files = IncidentFiles.Write(report);
        if (asJson) terminal.Output.WriteLine(IncidentJson.Of(report, files));
        else IncidentText.Write(terminal, report, files);
        return report.Verification.Holds ? ExitCodes.Success : ExitCodes.CheckFailed;
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
