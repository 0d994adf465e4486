using System.Xml;
using System.Xml.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Incidents;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Incidents;

/// <summary><c>dmm replay --journal … --from … --to …</c> from the shell's point of view.</summary>
public sealed class IncidentCommandTests(RecordedIncident incident) : IClassFixture<RecordedIncident>
{
    private static int _folders;

    [Fact]
    public async Task Range_IsReplayedFromTheRunInProgressAndReportsItself()
    {
        var run = await Replay("--from", "12:01:30", "--to", "12:02:30", "--verify", "--json");

        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        run.Json.GetProperty("warmUpSeconds").GetDouble().ShouldBe(90);
        var (from, to) = (RecordedIncident.At("12:01:30"), RecordedIncident.At("12:02:30"));
        run.Json.GetProperty("recorded").GetProperty("inputs").GetInt64()
            .ShouldBe(incident.Reader.InputsFrom(from).Count(r => r.Kind == JournalRecordKind.Input && r.Stamp.At <= to));
        var verification = run.Json.GetProperty("verification");
        var second = incident.Reader.Runs().ElementAt(1);
        var reached = incident.Reader.InputsFrom(second.NextSequence).Last(r => r.Stamp.At <= to).Stamp;
        verification.GetProperty("runs").GetInt64().ShouldBe(2);
        verification.GetProperty("identical").GetInt64().ShouldBe(incident.Reader.DecisionsFrom(second.NextDecision)
            .Count(d => d.Cause.Sequence <= reached.Sequence && d.Cause.At <= reached.At));
    }

    [Fact]
    public async Task Range_WithoutBounds_IsTheWholeJournal()
    {
        var run = await Replay("--verify", "--json");

        run.ExitCode.ShouldBe(0);
        run.Json.GetProperty("verification").GetProperty("identical").GetInt64().ShouldBe(incident.Reader.DecisionsFrom(1).Count());
        run.Json.GetProperty("warmUpSeconds").GetDouble().ShouldBe(0);
    }

    [Fact]
    public async Task RelativeTime_CountsFromTheEnd()
    {
        var run = await Replay("--from", "-30s", "--json");

        var end = incident.Reader.InputsFrom(0L).Last().Stamp.At;
        Timestamp.Parse(run.Json.GetProperty("to").GetString()!).ShouldBe(end);
        Timestamp.Parse(run.Json.GetProperty("from").GetString()!).ShouldBe(end - TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task ChangedDecision_IsFoundInsideTheRangeOnly()
    {
        var changed = incident.Reader.DecisionsFrom(1).First(d => d.Body is VolatilitySnapshot && d.Cause.At > RecordedIncident.At("12:03:00"));
        var journal = incident.Rewritten(static _ => true, d => d.Number == changed.Number
            ? d with { Body = (VolatilitySnapshot)d.Body with { VolatilityBps = 77.125 } } : d);

        var inside = await ReplayOf(journal, "--from", "12:02:30", "--to", "12:03:30", "--verify");
        var before = await ReplayOf(journal, "--from", "12:02:30", "--to", "12:02:50", "--verify");

        inside.ExitCode.ShouldBe(1);
        inside.Output.ShouldContain($"then decision {changed.Number} is not");
        inside.Output.ShouldContain("  recorded  ");
        inside.Output.ShouldContain("77.125");
        Page(inside).ShouldContain("77.125");
        before.ExitCode.ShouldBe(0, before.Output);
    }

    [Fact]
    public async Task DecisionsCutOffByACrash_AreToldAndDerived()
    {
        var runs = incident.Reader.Runs().ToArray();
        var cut = runs[2].NextDecision - 3;
        var journal = incident.Rewritten(static _ => true, d => d.Number >= cut && d.Number < runs[2].NextDecision ? null : d);

        var run = await ReplayOf(journal, "--from", "12:01:00", "--to", "12:03:00", "--verify");

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("3 of them lie beyond the end of the decision journal");
        run.Output.ShouldContain($"but run 3 begins with decision {runs[2].NextDecision}");
        Page(run).ShouldContain("3 decisions were cut off the record by a crash");
    }

    [Fact]
    public async Task RunThatWasNotClosed_IsAGapInTheReport()
    {
        var runs = incident.Reader.Runs().ToArray();
        var journal = incident.Rewritten(
            r => !(r.Kind == JournalRecordKind.Clock && r.Stamp.At == runs[2].StartedAt), static d => d);

        var run = await ReplayOf(journal, "--from", "12:01:30", "--to", "12:03:00", "--verify", "--what-if", "gamma=1");

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldNotContain("what-if ended early");
        Rows(run, "Operators, parameters, alerts, gaps")
            .ShouldContain(row => row[1] == "Gap" && row[4].StartsWith("run 3 begins after a hole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StateChanges_NameTheInputThatCausedThem()
    {
        var run = await Replay("--from", "12:00:50", "--to", "12:01:30");

        var kill = incident.Reader.InputsFrom(RecordedIncident.At("12:01:00"))
            .First(r => r.Input is { Kind: InputKind.Control, Control: OperatorCommand });
        var rows = Rows(run, "Changes of the trading state");
        rows.Count.ShouldBe(2);
        rows[0][..4].ShouldBe(["12:01:00.000", "Active", "Killed", "1"]);
        rows[0][4].ShouldContain("drill");
        rows[0][5..].ShouldBe(["Kill ordered by ann: drill", $"{kill.Stamp.Sequence}"]);
        rows[1][..3].ShouldBe(["12:01:20.000", "Killed", "Active"]);
        rows[1][5].ShouldBe("Reenable ordered by bob: drill is over");
        run.Output.ShouldContain("moment looked at: 2026-01-05 12:01:00, the first change to Killed in the range");
    }

    [Fact]
    public async Task TimesInStates_AddUpToTheRange()
    {
        var states = (await Replay("--from", "12:00:50", "--to", "12:01:30", "--json")).Json.GetProperty("recorded").GetProperty("states")
            .EnumerateArray().ToDictionary(s => s.GetProperty("state").GetString()!, s => s.GetProperty("seconds").GetDouble());

        states["killed"].ShouldBe(20, 0.001);
        states["active"].ShouldBe(20, 0.001);
    }

    [Fact]
    public async Task Moment_IsTheOneAskedFor()
    {
        var run = await Replay("--from", "12:00:50", "--to", "12:01:30", "--at", "12:01:10");

        run.Output.ShouldContain("moment looked at: 2026-01-05 12:01:10, the moment asked for");
        var rows = Rows(run, "The moment: 2026-01-05 12:01:10");
        rows.Count.ShouldBe(2 * MomentWindow.Reach);
        rows.Take(MomentWindow.Reach).ShouldAllBe(row => string.CompareOrdinal(row[0], "12:01:10.000") < 0);
        rows.Skip(MomentWindow.Reach).ShouldAllBe(row => string.CompareOrdinal(row[0], "12:01:10.000") >= 0);
    }

    [Fact]
    public async Task Events_TellOperatorsParametersAndAlerts()
    {
        var rows = Rows(await Replay("--from", "12:00:50", "--to", "12:02:30"), "Operators, parameters, alerts, gaps");

        rows.Select(row => row[1]).ShouldBe(["Operator", "Operator", "Alert", "Parameters"]);
        rows[3][4].ShouldBe("quote.floorOverFeesBps 3 → 20: wider");
    }

    [Fact]
    public async Task Fills_AreThoseOfTheRange()
    {
        var (from, to) = (RecordedIncident.At("12:00:00"), RecordedIncident.At("12:04:00"));
        var fills = incident.Reader.InputsFrom(from)
            .Where(r => r.Stamp.At <= to && r.Kind == JournalRecordKind.Input && r.Input.Kind == InputKind.Control)
            .Select(r => r.Input.Control).OfType<Fill>().Select(f => f.TradeId).ToArray();
        fills.ShouldNotBeEmpty();

        var run = await Replay("--from", "12:00:00", "--to", "12:04:00");

        Rows(run, "Fills").Select(row => row[7]).ShouldBe(fills);
    }

    [Fact]
    public async Task Page_IsWellFormedAndHarmless()
    {
        var run = await Replay("--from", "12:00:50", "--to", "12:02:30", "--what-if", "gamma=0.2");

        var page = Page(run);
        page.ShouldNotContain("<script", Case.Insensitive);
        page.ShouldContain("&lt;script&gt;alert(");
        var document = Document(run);
        document.Descendants().Select(e => e.Name.LocalName).ShouldNotContain("script");
        document.Descendants().Attributes().ShouldAllBe(a => a.Name != "src" && a.Name != "href" && !a.Name.LocalName.StartsWith("on"));
        page.ShouldNotContain("url(");
        new FileInfo(File(run, "report.png")).Length.ShouldBeGreaterThan(10_000);
    }

    private string Folder() => incident.Folder($"out-{Interlocked.Increment(ref _folders)}");

    private Task<CommandRun> Replay(params string[] more) => ReplayOf(incident.Journal, more);

    private Task<CommandRun> ReplayOf(string journal, params string[] more) =>
        CommandRun.Of(["replay", "--journal", journal, "--out", Folder(), .. more]);

    private static string File(CommandRun run, string name) =>
        run.Output.Split('\n').First(line => line.StartsWith("written: ", StringComparison.Ordinal) && line.Contains(name)).Trim()
            ["written: ".Length..];

    private static string Page(CommandRun run) => System.IO.File.ReadAllText(File(run, "report.html"));

    private static XDocument Document(CommandRun run)
    {
        using var reader = XmlReader.Create(File(run, "report.html"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static IReadOnlyList<string[]> Rows(CommandRun run, string title) =>
    [
        .. Document(run).Descendants("section").Single(s => s.Element("h2")?.Value == title)
            .Elements("div").Single(d => (string?)d.Attribute("class") == "wide")
            .Element("table")!.Element("tbody")!.Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()),
    ];
}
