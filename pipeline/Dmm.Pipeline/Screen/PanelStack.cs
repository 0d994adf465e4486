using System.Collections.Immutable;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dmm.Pipeline.Screen;

/// <summary>Panels one below the other in a given height; which of them fit, and how tall each is, depends on that height alone.</summary>
internal sealed class PanelStack
{
    private readonly ImmutableArray<(ScreenPanel Panel, int Rows)> _placed;
    private readonly int _width;
    private readonly int _height;
    private readonly bool _isFramed;

    /// <param name="panels">From top to bottom.</param>
    /// <param name="width">Columns, frames included.</param>
    /// <param name="height">Rows, frames included.</param>
    /// <param name="isFramed">A frame around each, else a title above it.</param>
    public PanelStack(IReadOnlyList<ScreenPanel> panels, int width, int height, bool isFramed)
    {
        (_width, _height, _isFramed) = (width, height, isFramed);
        var around = isFramed ? 2 : 1;
        var free = height;
        var rows = new Dictionary<ScreenPanel, int>();
        foreach (var panel in panels.OrderBy(p => p.Importance))
        {
            if (panel.MinimumRows + around > free) continue;
            rows[panel] = panel.MinimumRows;
            free -= panel.MinimumRows + around;
        }

        foreach (var panel in panels.Where(rows.ContainsKey).OrderBy(p => p.Importance))
        {
            var more = Math.Min(free, panel.MaximumRows - panel.MinimumRows);
            rows[panel] += more;
            free -= more;
        }

        _placed = [.. panels.Where(rows.ContainsKey).Select(panel => (panel, rows[panel]))];
        Hidden = [.. panels.Where(panel => !rows.ContainsKey(panel)).Select(panel => panel.Title)];
    }

    /// <summary>Titles of those that found no room.</summary>
    public ImmutableArray<string> Hidden { get; }

    public IRenderable Render()
    {
        var parts = _placed.Select(p => new Layout(Framed(p.Panel, p.Rows)).Size(p.Rows + (_isFramed ? 2 : 1))).ToList();
        parts.Add(new Layout(new Text("")));
        var used = _placed.Sum(p => p.Rows + (_isFramed ? 2 : 1));
        if (used == _height) parts.RemoveAt(parts.Count - 1);
        if (parts.Count == 1) return _placed.IsEmpty ? new Text("") : Framed(_placed[0].Panel, _placed[0].Rows);
        return new Layout().SplitRows([.. parts]);
    }

    private IRenderable Framed(ScreenPanel panel, int rows)
    {
        if (!_isFramed)
        {
            var title = DeskText.Within($"── {panel.Title} ", _width);
            var ruled = new ScreenLine().Add(title, DeskStyle.Title).Add(new string('─', _width - DeskText.Width(title)), DeskStyle.Dim);
            return new ScreenLines([ruled, .. Drawn(panel, _width, rows)]);
        }

        return new Panel(new ScreenLines(Drawn(panel, _width - 4, rows)))
        {
            Border = BoxBorder.Rounded,
            BorderStyle = DeskStyle.Dim,
            Header = new PanelHeader($"[aqua]{Markup.Escape(DeskText.Within($" {panel.Title} ", _width - 4))}[/]"),
            Padding = new Padding(1, 0),
            Width = _width,
            Height = rows + 2,
        };
    }

    private static IReadOnlyList<ScreenLine> Drawn(ScreenPanel panel, int width, int rows)
    {
        var lines = panel.Draw(width, rows);
        return [.. lines.Take(rows), .. Enumerable.Range(0, Math.Max(rows - lines.Count, 0)).Select(_ => ScreenLine.Empty)];
    }
}
