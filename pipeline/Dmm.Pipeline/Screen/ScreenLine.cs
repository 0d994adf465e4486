using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dmm.Pipeline.Screen;

/// <summary>One line of a panel, made of cells of fixed width, so that nothing jumps when a digit more or less is shown.</summary>
internal sealed class ScreenLine
{
    private readonly List<Segment> _segments = [];
    private int _width;

    public static ScreenLine Empty => new();

    /// <summary>Adds a text as it is.</summary>
    public ScreenLine Add(string text, Style? style = null)
    {
        var plain = DeskText.Plain(text);
        if (plain.Length == 0) return this;
        _segments.Add(new Segment(plain, style ?? Style.Plain));
        _width += DeskText.Width(plain);
        return this;
    }

    /// <summary>Adds words in a cell; what does not fit ends in an ellipsis.</summary>
    public ScreenLine Left(string text, int width, Style? style = null)
    {
        var shown = DeskText.Within(text, width);
        return Add(shown, style).Space(width - DeskText.Width(shown));
    }

    /// <summary>Adds a number in a cell; one that does not fit shows as #, because a part of it would be another number.</summary>
    public ScreenLine Right(string number, int width, Style? style = null)
    {
        var length = DeskText.Width(number);
        return length > width ? Add(new string('#', Math.Max(width, 0)), style) : Space(width - length).Add(number, style);
    }

    public ScreenLine Space(int count) => Add(new string(' ', Math.Max(count, 0)));

    /// <summary>Adds a text that ends in that column.</summary>
    public ScreenLine EndingAt(int column, string text, Style? style = null) =>
        Space(Math.Max(column - _width - DeskText.Width(text), 1)).Add(text, style);

    /// <summary>Exactly so many columns.</summary>
    public IEnumerable<Segment> Within(int width)
    {
        var free = width;
        foreach (var segment in _segments)
        {
            var shown = segment.CellCount() <= free ? segment : Segment.Truncate(segment, free);
            if (shown is null) break;
            free -= shown.CellCount();
            yield return shown;
        }

        if (free > 0) yield return Segment.Padding(free);
    }
}

/// <summary>Lines as they are, cut to the width given; no wrapping.</summary>
internal sealed class ScreenLines(IReadOnlyList<ScreenLine> lines) : Renderable
{
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        lines.SelectMany(line => line.Within(maxWidth).Append(Segment.LineBreak));
}
