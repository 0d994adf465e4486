using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// A panel of a page: lines, areas and marks over time. The drawing stretches to any width, its strokes and words do not, so that a phone can
/// read it.
/// </summary>
/// <param name="axis">Shared by all panels.</param>
/// <param name="extent">Of the values; null where there is none to draw.</param>
/// <param name="moment">Marked by a line through every panel.</param>
internal sealed class ChartPanel(TimeAxis axis, Extent? extent, Timestamp moment)
{
    // Whole numbers in this box tell apart more places than a screen has.
    private const int Width = 6_000;
    private const int Height = 1_000;

    private readonly HtmlWriter _body = new();
    private readonly HtmlWriter _legend = new();

    /// <summary>Values that hold until the next one.</summary>
    public ChartPanel Line(string name, string style, TimeSeries series)
    {
        var path = new StringBuilder();
        var isDown = false;
        foreach (var point in series.Points())
        {
            var x = X(point.At);
            if (double.IsNaN(point.Value))
            {
                if (isDown) path.Append(CultureInfo.InvariantCulture, $"H{x}");
                isDown = false;
                continue;
            }

            if (isDown) path.Append(CultureInfo.InvariantCulture, $"H{x}V{Y(point.Value)}");
            else path.Append(CultureInfo.InvariantCulture, $"M{x} {Y(point.Value)}");
            isDown = true;
        }

        if (isDown) path.Append(CultureInfo.InvariantCulture, $"H{Width}");
        return Draw(name, style, path);
    }

    /// <summary>The area between two such values.</summary>
    public ChartPanel Area(string name, string style, TimeSeries one, TimeSeries other)
    {
        var path = new StringBuilder();
        var (low, high, since) = (double.NaN, double.NaN, 0);
        var points = one.Points().Select(p => (p.At, p.Value, IsOne: true)).Concat(other.Points().Select(p => (p.At, p.Value, IsOne: false)))
            .OrderBy(p => p.At);
        foreach (var (at, value, isOne) in points)
        {
            // The lines along it show what moves within one part of the range.
            if (X(at) - since >= Width / TimeSeries.Slots) Piece(X(at));
            if (isOne) low = value;
            else high = value;
        }

        Piece(Width);
        return Draw(name, style, path);

        void Piece(int x)
        {
            if (x <= since) return;
            if (!double.IsNaN(low) && !double.IsNaN(high))
                path.Append(CultureInfo.InvariantCulture, $"M{since} {Y(low)}H{x}V{Y(high)}H{since}z");
            since = x;
        }
    }

    /// <summary>Round marks, each with a word to it.</summary>
    public ChartPanel Marks(string name, string style, IEnumerable<(Timestamp At, double Value, string Title)> marks)
    {
        var any = false;
        foreach (var (at, value, title) in marks)
        {
            var place = $"M{X(at)} {Y(value)}h0";
            _body.Add($"<path class=\"mark {style}\" d=\"{place}\"><title>{title}</title></path>");
            if (style == "sold") _body.Add($"<path class=\"mark hole\" d=\"{place}\"><title>{title}</title></path>");
            any = true;
        }

        if (any) Legend(name, style + "-mark");
        return this;
    }

    /// <param name="title">Above the panel.</param>
    /// <param name="unit">Of the values.</param>
    public HtmlWriter Html(string title, string unit)
    {
        var html = new HtmlWriter().Add($"<div class=\"panel\"><h4>{title} <small>{unit}</small></h4><p class=\"legend\">").Add(_legend).Raw("</p>");
        if (extent is not { } range) return html.Raw("<p class=\"none\">nothing in this range</p></div>\n");
        html.Raw("<div class=\"plot\"><div class=\"y\">");
        var format = range.TickFormat();
        foreach (var tick in range.Ticks())
            html.Add($"<span style=\"top:{Y(tick) / (double)Height * 100:0.0}%\">{tick.ToString(format, CultureInfo.InvariantCulture)}</span>");
        html.Raw("</div>").Add($"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{title}\">");
        foreach (var tick in range.Ticks()) html.Add($"<path class=\"grid\" d=\"M0 {Y(tick)}H{Width}\"/>");
        foreach (var tick in axis.Ticks().Instants) html.Add($"<path class=\"grid\" d=\"M{X(tick)} 0V{Height}\"/>");
        return html.Add($"<path class=\"moment\" d=\"M{X(moment)} 0V{Height}\"/>").Add(_body).Raw("</svg></div>").Add(Times(axis)).Raw("</div>\n");
    }

    /// <summary>A band of states, with its name above it.</summary>
    public static HtmlWriter Band(string name, IEnumerable<StateSpan> spans, TimeAxis axis)
    {
        var html = new HtmlWriter().Add($"<div class=\"band\"><span>{name}</span><svg viewBox=\"0 0 {Width} 10\" preserveAspectRatio=\"none\">");
        foreach (var span in spans)
        {
            var (from, to) = (Place(axis, span.From), Place(axis, span.To));
            html.Add($"<rect class=\"{State(span.State)}\" x=\"{from}\" y=\"0\" width=\"{to - from}\" height=\"10\">")
                .Add($"<title>{span.State}, {InstantText.Clock(span.From)} to {InstantText.Clock(span.To)}</title></rect>");
        }

        return html.Raw("</svg></div>\n");
    }

    /// <summary>A row of marks where something happened.</summary>
    public static HtmlWriter Lane(string name, string style, IEnumerable<(Timestamp At, string Title)> marks, TimeAxis axis)
    {
        var html = new HtmlWriter().Add($"<div class=\"band\"><span>{name}</span><svg viewBox=\"0 0 {Width} 10\" preserveAspectRatio=\"none\">")
            .Add($"<path class=\"grid\" d=\"M0 5H{Width}\"/>");
        foreach (var (at, title) in marks) html.Add($"<path class=\"mark {style}\" d=\"M{Place(axis, at)} 5h0\"><title>{title}</title></path>");
        return html.Raw("</svg></div>\n");
    }

    /// <summary>The time axis in words.</summary>
    public static HtmlWriter Times(TimeAxis axis)
    {
        var (instants, format) = axis.Ticks();
        var html = new HtmlWriter().Raw("<div class=\"x\">");
        foreach (var at in instants)
        {
            var text = at.ToDateTimeOffset().ToString(format, CultureInfo.InvariantCulture);
            html.Add($"<span style=\"left:{axis.Share(at) * 100:0.00}%\">{text}</span>");
        }

        return html.Raw("</div>");
    }

    public static string State(TradingState state) => state.ToString().ToLowerInvariant();

    private ChartPanel Draw(string name, string style, StringBuilder path)
    {
        if (path.Length == 0) return this;
        _body.Add($"<path class=\"{style}\" d=\"").Raw(path.ToString()).Raw("\"/>");
        return Legend(name, style);
    }

    private ChartPanel Legend(string name, string style)
    {
        if (name.Length > 0) _legend.Add($"<span><i class=\"key {style}\"></i>{name}</span>");
        return this;
    }

    private int X(Timestamp at) => Place(axis, at);

    private int Y(double value) => extent is not { } range ? 0 : (int)Math.Clamp((range.High - value) / (range.High - range.Low) * Height, 0, Height);

    private static int Place(TimeAxis axis, Timestamp at) => (int)Math.Round(axis.Share(at) * Width);
}
