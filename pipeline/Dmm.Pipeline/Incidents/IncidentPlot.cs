using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;
using ScottPlot;

namespace Dmm.Pipeline.Incidents;

/// <summary>The timeline of an <see cref="IncidentReport"/> as a picture: a column as recorded, and a second one for what was tried.</summary>
internal static class IncidentPlot
{
    private const int ColumnWidth = 1_500;
    private const int PriceHeight = 420;
    private const int LowerHeight = 190;
    private const int BandLine = 26;
    private const double LegendRoom = 0.14;

    private static readonly Color Ink = Color.FromHex("#333333");
    private static readonly Color Market = Color.FromHex("#9aa1a9");
    private static readonly Color Bid = Color.FromHex("#1b7f4b");
    private static readonly Color Ask = Color.FromHex("#c0392b");
    private static readonly Color Held = Color.FromHex("#8e5a2b");
    private static readonly Color Sigma = Color.FromHex("#2c5aa0");
    private static readonly Color Toxic = Color.FromHex("#8f4a8f");

    /// <returns>The path of the file written.</returns>
    public static string Save(IncidentReport report, string path)
    {
        ImmutableArray<(string Title, IncidentRecorder Recorder)> columns = [("as recorded", report.Recorded)];
        if (report.WhatIf is { } tried) columns = columns.Add(($"what if {tried.Changes.Text}", tried.Recorder));
        var markets = IncidentTimeline.Drawn(report.Recorded).Select(m => m.Instrument).ToArray();
        var bands = report.Controls.Length + 1 + IncidentTimeline.Lanes.Length;
        ImmutableArray<int> heights = [bands * BandLine + 90, .. markets.Select(_ => PriceHeight), LowerHeight, LowerHeight, LowerHeight + 30];
        var picture = new Multiplot();
        picture.AddPlots(heights.Length * columns.Length);
        for (var c = 0; c < columns.Length; c++)
        {
            var (title, recorder) = columns[c];
            Plot At(int row) => picture.GetPlot(c * heights.Length + row);
            Bands(At(0), title, recorder, report);
            for (var m = 0; m < markets.Length; m++) Price(At(1 + m), columns, c, markets[m], report);
            Single(At(markets.Length + 1), "inventory q̂", "", Held, r => r.InventoryRatio, columns, c, report);
            Single(At(markets.Length + 2), "volatility σ over the horizon", "bps", Sigma, r => r.VolatilityBps, columns, c, report);
            Single(At(markets.Length + 3), "widening for toxic flow", "×", Toxic, r => r.Toxicity, columns, c, report);
        }

        picture.Layout = new Grid(heights, columns.Length);
        picture.SavePng(path, ColumnWidth * columns.Length, heights.Sum());
        return path;
    }

    private static void Price(
        Plot plot, ImmutableArray<(string, IncidentRecorder Recorder)> columns, int column, Instrument instrument, IncidentReport report)
    {
        var market = columns[column].Recorder.Markets[instrument.Id.Index];
        Line(plot, "market's best bid and ask", Market, market.MarketBid, 1);
        Line(plot, "", Market, market.MarketAsk, 1);
        Line(plot, "our farthest bid", Bid.WithAlpha(.35), market.OuterBid, 1);
        Line(plot, "our farthest ask", Ask.WithAlpha(.35), market.OuterAsk, 1);
        Line(plot, "our best ask", Ask, market.Ask);
        Line(plot, "fair value", Ink, market.FairValue);
        Line(plot, "our best bid", Bid, market.Bid);
        var fills = report.Recorded.Fills.Kept.Where(f => f.Instrument.Id == instrument.Id).Take(IncidentLimits.Marks).ToArray();
        Fills(plot, "bought", Bid, MarkerShape.FilledTriangleUp, fills.Where(f => f.Fill.Side == Side.Buy));
        Fills(plot, "sold", Ask, MarkerShape.FilledTriangleDown, fills.Where(f => f.Fill.Side == Side.Sell));
        plot.Title($"{instrument.Name}, {instrument.QuoteAsset} per {instrument.BaseAsset}", size: 17);
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal).FontSize = 13;
        var shown = columns.Select(c => c.Recorder.Markets[instrument.Id.Index])
            .SelectMany(m => new[] { m.FairValue, m.MarketBid, m.MarketAsk, m.Bid, m.Ask, m.OuterBid, m.OuterAsk });
        // Room for the legend above the lines.
        Finish(plot, Extent.Of(shown) is { } range ? range with { High = range.High + LegendRoom * (range.High - range.Low) } : null, report);
    }

    private static void Single(Plot plot, string title, string unit, Color color, Func<IncidentRecorder, TimeSeries> series,
        ImmutableArray<(string, IncidentRecorder Recorder)> columns, int column, IncidentReport report)
    {
        Line(plot, "", color, series(columns[column].Recorder));
        plot.Title(unit.Length > 0 ? $"{title}, {unit}" : title, size: 17);
        Finish(plot, Extent.Of(columns.Select(c => series(c.Recorder))), report);
    }

    private static void Bands(Plot plot, string title, IncidentRecorder recorder, IncidentReport report)
    {
        List<string> names = [];
        Band("trading state", recorder.States());
        foreach (var control in report.Controls) Band($"{control.Kind} {control.Subject}", recorder.Control(control));
        foreach (var (kind, name) in IncidentTimeline.Lanes)
        {
            var marks = recorder.Events.Kept.Where(e => e.Kind == kind).Select(e => new Coordinates(Time(e.At), -names.Count)).ToArray();
            names.Add(name);
            if (marks.Length == 0) continue;
            var drawn = plot.Add.ScatterPoints(marks, kind is EventKind.Operator or EventKind.Parameters ? Sigma : Ask);
            (drawn.MarkerShape, drawn.MarkerSize) = (MarkerShape.FilledDiamond, 9);
        }

        plot.Title($"{report.Asset}, {title}: {InstantText.Short(report.From)} to {InstantText.Short(report.To)} UTC", size: 19);
        Finish(plot, new(-names.Count + 0.4, 0.6), report);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. names.Select((_, i) => (double)-i)], [.. names]);
        foreach (var state in Enum.GetValues<TradingState>())
            plot.Legend.ManualItems.Add(new() { LabelText = state.ToString(), FillColor = StateColors.Of(state), LineWidth = 0 });
        plot.ShowLegend(Alignment.LowerRight, Orientation.Horizontal).FontSize = 13;

        void Band(string name, ImmutableArray<StateSpan> spans)
        {
            foreach (var span in spans)
            {
                var piece = plot.Add.Rectangle(Time(span.From), Time(span.To), -names.Count - 0.35, -names.Count + 0.35);
                (piece.FillColor, piece.LineWidth) = (StateColors.Of(span.State), 0);
            }

            names.Add(name);
        }
    }

    private static void Finish(Plot plot, Extent? extent, IncidentReport report)
    {
        plot.Axes.Bottom.TickGenerator =
            new ScottPlot.TickGenerators.DateTimeAutomatic { LabelFormatter = at => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture) };
        plot.Axes.Left.TickGenerator =
            new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = value => value.ToString("#,0.########", CultureInfo.InvariantCulture) };
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = 190;
        plot.Axes.Right.MinimumSize = plot.Axes.Right.MaximumSize = 30;
        var range = extent ?? new(0, 1);
        plot.Axes.SetLimits(Time(report.From), Time(report.To), range.Low, range.High);
        if (extent is null) plot.Add.Annotation("nothing in this range", Alignment.MiddleCenter);
        var moment = plot.Add.VerticalLine(Time(report.Moment.At), 1, Ink, LinePattern.Dashed);
        moment.ExcludeFromLegend = true;
    }

    private static void Line(Plot plot, string name, Color color, TimeSeries series, float width = 1.5f) =>
        ReplayPlot.Line(plot, name, color, [.. series.Points().Select(p => (Time(p.At), p.Value))], width);

    private static void Fills(Plot plot, string name, Color color, MarkerShape shape, IEnumerable<FillRow> fills)
    {
        var points = fills.Select(f => new Coordinates(Time(f.At), (double)f.Fill.Price)).ToArray();
        if (points.Length == 0) return;
        var markers = plot.Add.ScatterPoints(points, color);
        (markers.MarkerShape, markers.MarkerSize, markers.LegendText) = (shape, 9, name);
    }

    private static double Time(Timestamp at) => at.ToDateTimeOffset().UtcDateTime.ToOADate();

    /// <summary>Rows of given heights, in columns of equal width; plots are counted column by column.</summary>
    private sealed class Grid(ImmutableArray<int> heights, int columns) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figure)
        {
            var (unit, width) = (figure.Height / heights.Sum(), figure.Width / columns);
            return [.. Enumerable.Range(0, columns).SelectMany(c => heights.Select((height, i) => new PixelRect(
                figure.Left + c * width, figure.Left + (c + 1) * width,
                figure.Top + (heights.Take(i).Sum() + height) * unit, figure.Top + heights.Take(i).Sum() * unit)))];
        }
    }
}
