using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Spectre.Console;

namespace Dmm.Pipeline.Incidents;

/// <summary>An <see cref="IncidentReport"/> in a few lines for a terminal.</summary>
internal static class IncidentText
{
    private const int ChangesShown = 8;
    private const int ReasonWidth = 110;

    public static void Write(Terminal terminal, IncidentReport report, IReadOnlyList<string> files)
    {
        var screen = terminal.Screen;
        screen.MarkupLine(
            $"[bold]{Markup.Escape(report.Asset)}[/], {InstantText.Short(report.From)} to {InstantText.Short(report.To)} UTC, {report.Mode}");
        terminal.Output.WriteLine(WarmUp(report));
        JournalVerificationText.Write(terminal, report.Verification);
        screen.Write(Figures(report));
        if (report.WhatIf is { } whatIf)
        {
            if (whatIf.Failure is { } failure) terminal.Output.WriteLine($"what-if ended early: {failure}");
            terminal.Output.WriteLine(IncidentComparison.Caveat);
            if (report.Unchanged is not null) terminal.Output.WriteLine(IncidentComparison.WhyUnchanged);
        }

        Changes(terminal, report);
        terminal.Output.WriteLine($"moment looked at: {InstantText.Short(report.Moment.At)}, {report.Moment.Why}");
        foreach (var file in files) terminal.Output.WriteLine($"written: {file}");
    }

    /// <summary>Which part was replayed only to be warm.</summary>
    public static string WarmUp(IncidentReport report) =>
        DeskText.Of($"replayed from {InstantText.Short(report.Options.Range.First.StartedAt)}, the start of run {report.Options.Range.First.Run}; ")
        + (report.WarmUp > TimeSpan.Zero ? DeskText.Of($"the first {report.WarmUp.TotalSeconds:N0} s are warm-up and not reported") : "no warm-up");

    private static Table Figures(IncidentReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var column in IncidentComparison.Columns(report)) table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var (name, values) in IncidentComparison.Rows(report)) table.AddRow([Markup.Escape(name), .. values.Select(Markup.Escape)]);
        return table;
    }

    private static void Changes(Terminal terminal, IncidentReport report)
    {
        var changes = report.Recorded.StateChanges;
        foreach (var row in changes.Kept.Take(ChangesShown))
            terminal.Output.WriteLine(DeskText.Plain(
                $"{InstantText.Clock(row.At)}  {row.Change.From} → {row.Change.To}  {DeskText.Within(row.Change.Reason, ReasonWidth)}"));
        if (changes.Count > ChangesShown)
            terminal.Output.WriteLine($"and {changes.Count - ChangesShown} more changes of the trading state, in the report");
    }
}
