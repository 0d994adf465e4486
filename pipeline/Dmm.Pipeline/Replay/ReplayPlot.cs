using System.Globalization;
using Dmm.Core;
using ScottPlot;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// A picture of a run over one time axis in UTC: for each instrument the fair value between its best quotes, with our fills; below them what was
/// held, what it earned, and the volatility.
/// </summary>
internal static class ReplayPlot
{
    private const int Width = 1_600;
    private const int PriceHeight = 480;
    private const int LowerHeight = 240;
    private const double LegendRoom = 0.08;

    private static readonly Color Mid = Color.FromHex("#333333");
    private static readonly Color Bid = Color.FromHex("#1b7f4b");
    private static readonly Color Ask = Color.FromHex("#c0392b");
    private static readonly Color Held = Color.FromHex("#8e5a2b");
    private static readonly Color Volatility = Color.FromHex("#2c5aa0");

    /// <returns>The path of the file written.</returns>
    public static string Save(ReplaySeries series, string path)
    {
        var prices = series.Instruments.Count;
        Action<Plot>[] lower = [plot => DrawInventory(plot, series), plot => DrawPnl(plot, series), plot => DrawVolatility(plot, series)];
        var picture = new Multiplot();
        picture.AddPlots(prices + lower.Length);
        for (var i = 0; i < prices; i++) DrawQuotes(picture.GetPlot(i), series, i);
        for (var i = 0; i < lower.Length; i++) lower[i](picture.GetPlot(prices + i));
        Align([.. Enumerable.Range(0, prices + lower.Length).Select(picture.GetPlot)]);
        picture.Layout = new Rows(prices, lower.Length);
        picture.SavePng(path, Width, prices * PriceHeight + lower.Length * LowerHeight);
        return path;
    }

    private static void DrawQuotes(Plot plot, ReplaySeries series, int index)
    {
        var instrument = series.Instruments.All[index];
        var quotes = series.Quotes(instrument.Id);
        Line(plot, "best ask quoted", Ask, [.. quotes.Select(q => (Time(q.At), q.Ask))]);
        Line(plot, "fair value", Mid, [.. quotes.Select(q => (Time(q.At), q.FairValue))]);
        Line(plot, "best bid quoted", Bid, [.. quotes.Select(q => (Time(q.At), q.Bid))]);
        Fills(plot, "bought", Bid, MarkerShape.FilledTriangleUp, series.Fills(instrument.Id).Where(f => f.Side == Side.Buy));
        Fills(plot, "sold", Ask, MarkerShape.FilledTriangleDown, series.Fills(instrument.Id).Where(f => f.Side == Side.Sell));
        plot.Title($"{instrument.Name}: quotes around the fair value, and fills", size: 18);
        plot.YLabel($"{instrument.QuoteAsset} per {instrument.BaseAsset}", size: 15);
        plot.Axes.Left.TickGenerator =
            new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = value => value.ToString("#,0.########", CultureInfo.InvariantCulture) };
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal).FontSize = 14;
        Finish(plot);
    }

    private static void DrawInventory(Plot plot, ReplaySeries series)
    {
        Line(plot, "", Held, [.. series.Inventories.Select(i => (Time(i.At), i.Total))]);
        plot.Title("inventory", size: 18);
        plot.YLabel(series.Instruments.All[0].BaseAsset, size: 15);
        Finish(plot);
    }

    private static void DrawPnl(Plot plot, ReplaySeries series)
    {
        Line(plot, "with what is open", Mid, [.. series.Pnls.Select(p => (Time(p.At), p.OrderFlow))]);
        Line(plot, "realised", Volatility, [.. series.Pnls.Select(p => (Time(p.At), p.Realised))]);
        plot.Title("profit of our fills", size: 18);
        plot.YLabel("USD", size: 15);
        plot.ShowLegend(Alignment.LowerLeft, Orientation.Horizontal).FontSize = 14;
        Finish(plot);
    }

    private static void DrawVolatility(Plot plot, ReplaySeries series)
    {
        Line(plot, "", Volatility, [.. series.Volatilities.Select(v => (Time(v.At), v.Bps))]);
        plot.Title("volatility over the horizon", size: 18);
        plot.YLabel("bps", size: 15);
        var day = series.Volatilities.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $", from {series.Volatilities[0].At.ToDateTimeOffset():yyyy-MM-dd}") : "";
        plot.XLabel($"time, UTC{day}", size: 15);
        Finish(plot);
    }

    private static void Finish(Plot plot)
    {
        plot.Axes.Bottom.TickGenerator =
            new ScottPlot.TickGenerators.DateTimeAutomatic { LabelFormatter = at => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture) };
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 14;
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
        if (!plot.GetPlottables().Any()) plot.Add.Annotation("nothing in this run", Alignment.MiddleCenter);
    }

    /// <summary>One time axis for all, and axes that stand one below the other.</summary>
    private static void Align(Plot[] plots)
    {
        foreach (var plot in plots)
        {
            plot.Axes.AutoScale();
            // Room for the legend above the lines.
            var limits = plot.Axes.GetLimits();
            plot.Axes.SetLimitsY(limits.Bottom, limits.Top + LegendRoom * (limits.Top - limits.Bottom));
        }

        var drawn = plots.Where(p => p.GetPlottables().Any(x => x is not ScottPlot.Plottables.Annotation)).ToArray();
        if (drawn.Length == 0) return;
        var (from, to) = (drawn.Min(p => p.Axes.GetLimits().Left), drawn.Max(p => p.Axes.GetLimits().Right));
        foreach (var plot in plots)
        {
            plot.Axes.SetLimitsX(from, to);
            plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = 110;
            plot.Axes.Right.MinimumSize = plot.Axes.Right.MaximumSize = 30;
        }
    }

    /// <summary>Steps from value to value; a value that is not a number ends the line until the next one.</summary>
    public static void Line(Plot plot, string name, Color color, IReadOnlyList<(double At, double Value)> points, float width = 1.5f)
    {
        var label = name;
        for (var start = 0; start < points.Count;)
        {
            if (double.IsNaN(points[start].Value))
            {
                start++;
                continue;
            }

            var end = start;
            while (end < points.Count && !double.IsNaN(points[end].Value)) end++;
            // A piece lasts until what ended it.
            var last = end < points.Count ? points[end].At : points[end - 1].At;
            var piece = points.Skip(start).Take(end - start).Append((At: last, points[end - 1].Value)).ToArray();
            var line = plot.Add.ScatterLine(piece.Select(p => p.At).ToArray(), piece.Select(p => p.Value).ToArray(), color);
            line.ConnectStyle = ConnectStyle.StepHorizontal;
            line.LineWidth = width;
            line.LegendText = label;
            label = "";
            start = end;
        }
    }

    private static void Fills(Plot plot, string name, Color color, MarkerShape shape, IEnumerable<FillPoint> fills)
    {
        var points = fills.Select(f => new Coordinates(Time(f.At), f.Price)).ToArray();
        if (points.Length == 0) return;
        var markers = plot.Add.ScatterPoints(points, color);
        (markers.MarkerShape, markers.MarkerSize, markers.LegendText) = (shape, 8, name);
    }

    private static double Time(Timestamp at) => at.ToDateTimeOffset().UtcDateTime.ToOADate();

    /// <summary>The prices' rows, then the lower ones.</summary>
    private sealed class Rows(int prices, int lower) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figure)
        {
            var unit = figure.Height / Edge(prices + lower);
            return [.. Enumerable.Range(0, prices + lower)
                .Select(i => new PixelRect(figure.Left, figure.Right, figure.Top + Edge(i + 1) * unit, figure.Top + Edge(i) * unit))];
        }

        private int Edge(int row) => Math.Min(row, prices) * PriceHeight + Math.Max(0, row - prices) * LowerHeight;
    }
}
