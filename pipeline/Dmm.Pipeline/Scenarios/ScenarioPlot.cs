using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;
using Dmm.Simulation.Scenarios;
using ScottPlot;

namespace Dmm.Pipeline.Scenarios;

/// <summary>
/// A picture of a scenario: for each market its mid between our best quotes, with what happened marked by numbers; the trading state as a coloured
/// band; the inventory; and the legend of the numbers, all over one time axis in seconds.
/// </summary>
internal static class ScenarioPlot
{
    private const int Width = 1_500;
    private const int PriceHeight = 380;
    private const int BandHeight = 90;
    private const int InventoryHeight = 220;
    private const int LegendLine = 24;

    // Before time zero the market stands still; a little of it shows what things were like.
    private const double LeadIn = 0.08;

    // What happens at the very end is seen too.
    private const double LeadOut = 0.03;

    // Share of the time axis that the number of a mark takes.
    private const double MarkRoom = 0.025;

    private static readonly Color Mid = Color.FromHex("#333333");
    private static readonly Color Bid = Color.FromHex("#1b7f4b");
    private static readonly Color Ask = Color.FromHex("#c0392b");
    private static readonly Color Soft = Color.FromHex("#d98c1f");
    private static readonly Color Happened = Color.FromHex("#2c5aa0");

    /// <returns>The path of the file written.</returns>
    public static string Save(ScenarioOutcome outcome, string path)
    {
        var instruments = outcome.Scenario.Market.Instruments.All;
        var marks = Marks(outcome);
        var length = Math.Max(outcome.Scenario.End.TotalSeconds, 0.1);
        var (start, end) = (-length * LeadIn, length * (1 + LeadOut));
        var heights = ImmutableArray.CreateRange(
            [.. instruments.Select(_ => PriceHeight), BandHeight, InventoryHeight, LegendLine * marks.Length + 20]);
        var picture = new Multiplot();
        picture.AddPlots(heights.Length);
        for (var i = 0; i < instruments.Length; i++) DrawMarket(picture.GetPlot(i), outcome, instruments[i], marks, start, end);
        DrawStates(picture.GetPlot(instruments.Length), outcome, start, end);
        DrawInventory(picture.GetPlot(instruments.Length + 1), outcome, start, end);
        DrawLegend(picture.GetPlot(instruments.Length + 2), marks);
        picture.Layout = new Rows(heights);
        picture.SavePng(path, Width, heights.Sum());
        return path;
    }

    private static ImmutableArray<PlotMark> Marks(ScenarioOutcome outcome) =>
    [
        .. outcome.Timeline.Where(e => e.Kind is TimelineKind.Happened or TimelineKind.Failed)
            .Select((e, i) => new PlotMark(i + 1, e.At.TotalSeconds, Shortened(e.Text), e.Kind == TimelineKind.Failed)),
    ];

    private static string Shortened(string text) => text.Length <= 160 ? text : text[..159] + "…";

    private static void DrawMarket(
        Plot plot, ScenarioOutcome outcome, Instrument instrument, ImmutableArray<PlotMark> marks, double start, double end)
    {
        List<(double At, double Value)> bids = [], asks = [];
        foreach (var decision in outcome.Decisions)
        {
            if (decision.Body is not QuoteTarget quote || quote.Instrument != instrument.Id) continue;
            var at = Seconds(outcome, decision.Cause.At);
            bids.Add((at, quote.Bids.IsEmpty ? double.NaN : instrument.Prices.ToDouble(quote.Bids[0].PriceTicks)));
            asks.Add((at, quote.Asks.IsEmpty ? double.NaN : instrument.Prices.ToDouble(quote.Asks[0].PriceTicks)));
        }

        var mids = outcome.Mids.Where(m => m.Instrument == instrument.Id).Select(m => (Seconds(outcome, m.At), m.Mid)).ToList();
        Line(plot, "our best ask", Ask, asks, start, end);
        Line(plot, "mid of the market", Mid, mids, start, end);
        Line(plot, "our best bid", Bid, bids, start, end);
        plot.Title(instrument.Id.Index == 0 ? $"{outcome.Scenario.Name}\n{instrument.Name}" : instrument.Name, size: 18);
        plot.YLabel($"{instrument.QuoteAsset} per {instrument.BaseAsset}", size: 14);
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal).FontSize = 13;
        plot.Axes.AutoScaleY();
        var limits = plot.Axes.GetLimits();
        var height = Math.Max(limits.Top - limits.Bottom, instrument.Prices.StepAsDouble * 4);
        plot.Axes.SetLimitsY(limits.Bottom - 0.05 * height, limits.Top + 0.3 * height);
        foreach (var group in Clusters(marks, (end - start) * MarkRoom))
        {
            var colour = group.Any(m => m.IsFault) ? Ask : Happened;
            foreach (var mark in group) plot.Add.VerticalLine(mark.At, 1, mark.IsFault ? Ask : Happened, LinePattern.Dotted);
            var numbers = string.Create(CultureInfo.InvariantCulture, $"{group[0].Number}{(group.Count > 1 ? $"–{group[^1].Number}" : "")}");
            var text = plot.Add.Text(numbers, group[^1].At, limits.Top + 0.12 * height);
            text.LabelFontColor = colour;
            text.LabelFontSize = 14;
            text.LabelBold = true;
            text.OffsetX = 3;
        }

        Finish(plot, start, end, hasTime: false);
    }

    /// <summary>Marks that stand too close for their numbers share one text.</summary>
    private static List<List<PlotMark>> Clusters(
        ImmutableArray<PlotMark> marks, double room)
    {
        List<List<PlotMark>> clusters = [];
        foreach (var mark in marks)
        {
            if (clusters.Count == 0 || mark.At - clusters[^1][^1].At > room) clusters.Add([]);
            clusters[^1].Add(mark);
        }

        return clusters;
    }

    private static void DrawStates(Plot plot, ScenarioOutcome outcome, double start, double end)
    {
        var changes = outcome.Decisions.Where(d => d.Body is TradingStateChange)
            .Select(d => (At: Seconds(outcome, d.Cause.At), ((TradingStateChange)d.Body).To))
            .Prepend((At: double.NegativeInfinity, To: TradingState.Halted)).ToArray();
        for (var i = 0; i < changes.Length; i++)
        {
            var (from, to) = (Math.Max(changes[i].At, start), Math.Min(i + 1 < changes.Length ? changes[i + 1].At : end, end));
            if (to <= from) continue;
            var band = plot.Add.Rectangle(from, to, 0, 1);
            band.FillColor = StateColors.Of(changes[i].To);
            band.LineWidth = 0;
            if (to - from < (end - start) * 0.06) continue;
            var name = plot.Add.Text(changes[i].To.ToString(), (from + to) / 2, 0.5);
            name.LabelAlignment = Alignment.MiddleCenter;
            name.LabelFontSize = 14;
        }

        plot.YLabel("state", size: 14);
        plot.Axes.SetLimitsY(0, 1);
        Finish(plot, start, end, hasTime: false);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
    }

    private static void DrawInventory(Plot plot, ScenarioOutcome outcome, double start, double end)
    {
        var limits = outcome.Scenario.Market.Parameters.Inventory;
        var points = outcome.Inventories.Select(p => (Seconds(outcome, p.At), p.Inventory)).ToList();
        Line(plot, "", Happened, [(start, points[0].Inventory), .. points], start, end);
        var (least, most) = (points.Min(p => p.Inventory), points.Max(p => p.Inventory));
        foreach (var (name, level, colour) in new[]
        {
            ("target", limits.Target, Mid), ("soft", limits.Target + limits.SoftLong, Soft), ("hard", limits.Target + limits.HardLong, Ask),
            ("soft", limits.Target - limits.SoftShort, Soft), ("hard", limits.Target - limits.HardShort, Ask),
        })
        {
            plot.Add.HorizontalLine((double)level, 1, colour, LinePattern.Dashed);
            var label = plot.Add.Text(name, end, (double)level);
            label.LabelAlignment = Alignment.LowerRight;
            label.LabelFontSize = 13;
            label.LabelFontColor = colour;
        }

        // The limits of a side are in view once inventory has gone half the way to the soft one.
        var target = (double)limits.Target;
        var top = most > target + (double)limits.SoftLong / 2 ? target + (double)limits.HardLong : target;
        var bottom = least < target - (double)limits.SoftShort / 2 ? target - (double)limits.HardShort : target;
        var margin = Math.Max(most - least, (double)limits.SoftLong) * 0.15;
        plot.Axes.SetLimitsY(Math.Min(least, bottom) - margin, Math.Max(most, top) + margin);
        plot.YLabel("DCT held", size: 14);
        plot.XLabel("seconds from the end of the warm-up", size: 14);
        Finish(plot, start, end, hasTime: true);
    }

    private static void DrawLegend(Plot plot, ImmutableArray<PlotMark> marks)
    {
        plot.HideGrid();
        plot.Layout.Frameless();
        plot.Axes.SetLimits(0, 1, -marks.Length - 0.4, 0.4);
        foreach (var (number, at, words, isFault) in marks)
        {
            var text = plot.Add.Text(string.Create(CultureInfo.InvariantCulture, $"{number}   {at:0.###} s   {words}"), 0.06, -number + 0.5);
            text.LabelFontSize = 14;
            text.LabelFontColor = isFault ? Ask : Mid;
            text.LabelAlignment = Alignment.MiddleLeft;
        }
    }

    private static void Finish(Plot plot, double start, double end, bool hasTime)
    {
        plot.Axes.SetLimitsX(start, end);
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = 110;
        plot.Axes.Right.MinimumSize = plot.Axes.Right.MaximumSize = 50;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Left.TickGenerator =
            new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = value => value.ToString("#,0.########", CultureInfo.InvariantCulture) };
        plot.Axes.Left.MinorTickStyle.Length = plot.Axes.Bottom.MinorTickStyle.Length = 0;
        if (!hasTime) plot.Axes.Bottom.TickLabelStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
    }

    /// <summary>Steps from value to value within the frame; a value that is not a number ends the line until the next one.</summary>
    private static void Line(Plot plot, string name, Color colour, List<(double At, double Value)> points, double start, double end)
    {
        var label = name;
        for (var i = 0; i < points.Count;)
        {
            if (double.IsNaN(points[i].Value))
            {
                i++;
                continue;
            }

            var stop = i;
            while (stop < points.Count && !double.IsNaN(points[stop].Value)) stop++;
            var last = Math.Min(stop < points.Count ? points[stop].At : end, end);
            var piece = points[i..stop].Append((At: last, points[stop - 1].Value)).Where(p => p.At <= end)
                .Select(p => (At: Math.Max(p.At, start), p.Value)).ToArray();
            i = stop;
            // Of what lies before the frame only the last value counts.
            var first = Array.FindLastIndex(piece, p => p.At == start);
            if (first > 0) piece = piece[first..];
            if (last < start || piece.Length == 0) continue;
            var line = plot.Add.ScatterLine(piece.Select(p => p.At).ToArray(), piece.Select(p => p.Value).ToArray(), colour);
            line.ConnectStyle = ConnectStyle.StepHorizontal;
            line.LineWidth = 1.8f;
            line.LegendText = label;
            label = "";
        }
    }

    private static double Seconds(ScenarioOutcome outcome, Timestamp at) => (at - outcome.Zero).TotalSeconds;

    /// <summary>One thing of the timeline that is marked by its number.</summary>
    private readonly record struct PlotMark(int Number, double At, string Text, bool IsFault);

    /// <summary>Rows of given heights, one below the other.</summary>
    private sealed class Rows(ImmutableArray<int> heights) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figure)
        {
            var unit = figure.Height / heights.Sum();
            return [.. heights.Select((height, i) => new PixelRect(
                figure.Left, figure.Right, figure.Top + (heights.Take(i).Sum() + height) * unit, figure.Top + heights.Take(i).Sum() * unit))];
        }
    }
}
