using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Explanation;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// An <see cref="IncidentReport"/> as one page that needs nothing else, opens from disk, and stays below <see cref="IncidentLimits.PageBytes"/>.
/// </summary>
internal static class IncidentPage
{
    public static string Html(IncidentReport report)
    {
        var html = new HtmlWriter().Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><meta name=\"color-scheme\" content=\"light dark\"/>")
            .Add($"<title>{report.Asset}, {InstantText.Short(report.From)}</title><style>").Raw(IncidentPageStyle.Css)
            .Raw("</style></head><body><main>\n");
        Header(html, report);
        Figures(html, report);
        html.Raw("<section><h2>Timeline</h2><p>Times are UTC. A dashed line marks the moment looked at below. ")
            .Add($"Of each of {TimeSeries.Slots} parts of the range, lines show first, lowest, highest and last value, bands the worst state.</p>\n")
            .Add(new IncidentTimeline(report).Html()).Raw("</section>\n");
        Moment(html, report);
        IncidentTables.StateChanges(html, report.Recorded.StateChanges);
        IncidentTables.Events(html, report.Recorded.Events);
        IncidentTables.Fills(html, report.Recorded.Fills);
        IncidentTables.Runs(html, report);
        return html.Raw("</main></body></html>\n").ToString();
    }

    private static void Header(HtmlWriter html, IncidentReport report)
    {
        html.Add($"<header><h1>{report.Asset}: {InstantText.Short(report.From)} to {InstantText.Short(report.To)} UTC</h1>\n")
            .Add($"<p>{Length(report.To - report.From)}, {report.Mode} trading on ")
            .Add($"{string.Join(", ", report.Instruments.All.Select(i => i.Name))}, from {report.Source}; ")
            .Add($"{IncidentText.WarmUp(report)}.</p>\n");
        var verification = report.Verification;
        var (style, text) = Verdict(verification);
        html.Add($"<p class=\"verdict {style}\">{text}</p>\n");
        foreach (var platform in verification.OtherPlatforms)
            html.Add($"<p class=\"verdict unsure\">Recorded on {platform}, replayed on {Configurations.Platform}: ")
                .Raw("equal bytes are promised on the same platform only.</p>\n");
        if (verification.BeyondRecord > 0)
            html.Add($"<p class=\"verdict unsure\">{verification.BeyondRecord:N0} decisions were cut off the record by a crash, ")
                .Raw("and were derived here only.</p>\n");
        foreach (var shortfall in verification.Shortfalls) html.Add($"<p class=\"verdict unsure\">{shortfall}</p>\n");
        if (verification.Divergence is { } divergence)
            html.Add($"<pre>recorded  {divergence.Recorded ?? "(none)"}\nderived   {divergence.Derived ?? "(none)"}</pre>\n");
        html.Raw("</header>\n");
    }

    private static (string Style, string Text) Verdict(JournalVerification verification) => verification switch
    {
        { Failure: { } failure } => ("bad", $"The replay ended early: {failure}. What follows is what was derived until then."),
        { Divergence: { } divergence } => ("bad",
            Text($"Not identical: {verification.Identical:N0} decisions are equal, then decision {divergence.Number} is not.")),
        { IsCompared: true } => ("good", Text($"Verified: identical, {verification.Identical:N0} decisions.")),
        _ => ("unsure", Text($"{verification.Decisions:N0} decisions derived again, and not compared with the recorded ones: --verify does that.")),
    };

    private static void Figures(HtmlWriter html, IncidentReport report)
    {
        html.Raw("<section><h2>Figures</h2>\n<div class=\"wide\"><table class=\"figures\"><thead><tr><th></th>");
        foreach (var column in IncidentComparison.Columns(report)) html.Add($"<th>{column}</th>");
        html.Raw("</tr></thead><tbody>\n");
        foreach (var (name, values) in IncidentComparison.Rows(report))
        {
            html.Add($"<tr><th>{name}</th>");
            foreach (var value in values) html.Add($"<td>{value}</td>");
            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
        if (report.WhatIf is { } whatIf)
        {
            html.Raw("<p class=\"caveat\">").Text(IncidentComparison.Caveat).Raw("</p>\n");
            if (report.Unchanged is not null) html.Raw("<p class=\"caveat\">").Text(IncidentComparison.WhyUnchanged).Raw("</p>\n");
            html.Add($"<p class=\"caveat\">{whatIf.UpdatesIgnored:N0} recorded order updates were left out.</p>\n");
            if (whatIf.Failure is { } failure) html.Add($"<p class=\"verdict bad\">The changed engine ended early: {failure}</p>\n");
        }

        html.Raw("</section>\n");
    }

    private static void Moment(HtmlWriter html, IncidentReport report)
    {
        var moment = report.Moment;
        html.Add($"<section><h2>The moment: {InstantText.Short(moment.At)}</h2><p>Chosen as {moment.Why}. ")
            .Add($"The last {MomentWindow.Reach} inputs and decisions before it, and the next after it; a quote opens to its terms.</p>\n");
        if (moment.Quotes.Length > 0) html.Raw("<h3>Quotes in force just before</h3>\n<div class=\"cards\">");
        foreach (var row in moment.Quotes)
        {
            html.Add($"<div class=\"card\"><h4>{report.Instruments[row.Quote!.Instrument].Name}, {InstantText.Clock(row.At)}</h4>");
            Quote(html, row, report).Raw("</div>\n");
        }

        if (moment.Quotes.Length > 0) html.Raw("</div>\n");
        html.Raw("<div class=\"wide\"><table class=\"log\"><thead><tr><th>time</th><th>what</th><th>number</th><th></th></tr></thead><tbody>\n");
        foreach (var row in moment.Before) Row(html, row, "", report);
        for (var i = 0; i < moment.After.Length; i++) Row(html, moment.After[i], i == 0 ? "now" : "", report);
        html.Raw("</tbody></table></div></section>\n");
    }

    private static void Row(HtmlWriter html, MomentRow row, string style, IncidentReport report)
    {
        var kind = row.IsInput ? "input" : "decision";
        html.Add($"<tr class=\"{kind} {style}\"><td>{InstantText.Clock(row.At)}</td><td>{kind}</td>")
            .Add($"<td>{row.Number.ToString(CultureInfo.InvariantCulture)}</td><td>");
        if (row.Quote is null) html.Add($"{row.Text}");
        else Quote(html.Add($"<details><summary>{row.Text}</summary>"), row, report).Raw("</details>");
        html.Raw("</td></tr>\n");
    }

    private static HtmlWriter Quote(HtmlWriter html, MomentRow row, IncidentReport report)
    {
        html.Raw("<table class=\"terms\"><tbody>");
        foreach (var term in ExplainedTerm.Of(row.Quote!, row.Parameters, report.Instruments[row.Quote!.Instrument]))
            html.Add($"<tr title=\"{term.Sentence}\"><th>{term.Name}</th><td>{term.Value:#,0.######}</td><td>{term.Unit}</td></tr>");
        return html.Raw("</tbody></table>");
    }

    private static string Length(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => Text($"{span.TotalHours:0.##} h"),
        { TotalMinutes: >= 1 } => Text($"{span.TotalMinutes:0.##} min"),
        _ => Text($"{span.TotalSeconds:0.###} s"),
    };

    private static string Text(FormattableString text) => DeskText.Of(text);
}
