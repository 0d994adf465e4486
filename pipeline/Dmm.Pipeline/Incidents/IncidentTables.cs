using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Incidents;

/// <summary>The tables of a page.</summary>
internal static class IncidentTables
{
    // Enough to tell configurations apart.
    private const int HashShown = 12;

    public static void StateChanges(HtmlWriter html, LimitedRows<StateChangeRow> rows)
    {
        if (!Begin(html, "Changes of the trading state", rows.Count, rows.Kept.Count, "from", "to", "×", "why", "cause", "after input")) return;
        foreach (var row in rows.Kept)
        {
            html.Add($"<tr><td>{InstantText.Clock(row.At)}</td>").Add(State(row.Change.From)).Add(State(row.Change.To))
                .Add($"<td>{row.Change.Multiplier:0.##}</td><td class=\"text\">{row.Change.Reason}</td><td class=\"text\">{row.Cause}</td>")
                .Add($"<td>{Whole(row.Sequence)}</td></tr>\n");
        }

        End(html);
    }

    public static void Events(HtmlWriter html, LimitedRows<EventRow> rows)
    {
        if (!Begin(html, "Operators, parameters, alerts, gaps", rows.Count, rows.Kept.Count, "kind", "level", "of", "what")) return;
        foreach (var row in rows.Kept)
        {
            html.Add($"<tr><td>{InstantText.Clock(row.At)}</td><td>{row.Kind}</td>")
                .Add($"<td class=\"{row.Level.ToString().ToLowerInvariant()}\">{row.Level}</td>")
                .Add($"<td>{row.Subject}</td><td class=\"text\">{row.Text}</td></tr>\n");
        }

        End(html);
    }

    public static void Fills(HtmlWriter html, LimitedRows<FillRow> rows)
    {
        var horizons = rows.Kept.SelectMany(row => row.Markouts.Keys).Distinct().Order().ToArray();
        if (!Begin(html, "Fills", rows.Count, rows.Kept.Count,
            ["market", "side", "price", "size", "fee", "", "trade id",
                .. horizons.Select(h => DeskText.Of($"{h.TotalSeconds:0.###} s, bps"))])) return;
        foreach (var row in rows.Kept)
        {
            var fill = row.Fill;
            var side = fill.Side == Side.Buy ? "bought" : "sold";
            html.Add($"<tr><td>{InstantText.Clock(row.At)}</td><td>{row.Instrument.Name}</td><td class=\"{side}-text\">{side}</td>")
                .Add($"<td>{fill.Price}</td><td>{fill.Quantity}</td><td>{fill.Fee:0.########} {fill.FeeAsset}</td>")
                .Add($"<td>{(fill.IsMaker ? "maker" : "taker")}</td><td>{fill.TradeId}</td>");
            foreach (var horizon in horizons) html.Add($"<td>{(row.Markouts.TryGetValue(horizon, out var bps) ? Bps(bps) : "–")}</td>");
            html.Raw("</tr>\n");
        }

        End(html,
            "Markouts: how the mid stood so long after the fill, from its price; above zero is good for us, – is not known within the range.");
    }

    public static void Runs(HtmlWriter html, IncidentReport report)
    {
        var rows = report.Recorded.Runs;
        if (!Begin(html, "Runs of the journal", rows.Count, rows.Kept.Count, "run", "code", "mode", "configuration", "platform")) return;
        foreach (var row in rows.Kept)
        {
            var hash = row.ConfigurationHash.Length > HashShown ? row.ConfigurationHash[..HashShown] : row.ConfigurationHash;
            html.Add($"<tr><td>{InstantText.Of(row.StartedAt)}</td><td>{Whole(row.Number)}</td><td>{row.CodeVersion}</td><td>{row.Mode}</td>")
                .Add($"<td><code>{hash}</code></td><td class=\"text\">{row.Platform}</td></tr>\n");
        }

        End(html);
    }

    private static bool Begin(HtmlWriter html, string title, long count, int kept, params IEnumerable<string> columns)
    {
        html.Add($"<section><h2>{title}</h2>\n");
        if (count > kept) html.Add($"<p>The first {kept:N0} of {count:N0}.</p>\n");
        if (count == 0)
        {
            html.Raw("<p class=\"none\">none in this range</p></section>\n");
            return false;
        }

        html.Raw("<div class=\"wide\"><table><thead><tr><th>time</th>");
        foreach (var column in columns) html.Add($"<th>{column}</th>");
        html.Raw("</tr></thead><tbody>\n");
        return true;
    }

    private static void End(HtmlWriter html, string note = "")
    {
        html.Raw("</tbody></table></div>");
        if (note.Length > 0) html.Add($"<p class=\"caveat\">{note}</p>");
        html.Raw("</section>\n");
    }

    private static HtmlWriter State(TradingState state) =>
        new HtmlWriter().Add($"<td><span class=\"chip {ChartPanel.State(state)}\">{state}</span></td>");

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bps(double bps) => bps.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
