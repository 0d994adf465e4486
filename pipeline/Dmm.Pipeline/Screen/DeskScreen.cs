using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dmm.Pipeline.Screen;

/// <summary>
/// Draws a <see cref="DeskSnapshot"/> for a terminal of a given size:
/// <list type="table">
/// <listheader><term>Columns</term><description>Arrangement</description></listheader>
/// <item><term>120 and more</term><description>quotes and ladders beside profit and controls, fills below</description></item>
/// <item><term>76 and more</term><description>two columns</description></item>
/// <item><term>30 and more</term><description>one column, shorter labels, titles in place of frames</description></item>
/// <item><term>fewer</term><description>says so, beside state, profit and inventory</description></item>
/// </list>
/// A terminal that is not tall enough loses the least important panels first, and the last line names them. Which panels are shown and how large they
/// are depends on the terminal's size alone, never on what happens, so that nothing jumps.
/// </summary>
internal static class DeskScreen
{
    private const int Wide = 120;
    private const int Medium = 76;
    private const int Narrow = 30;

    // Terms of two markets side by side.
    private const int QuotesWide = 40;

    /// <summary>Exactly that many rows and columns.</summary>
    public static IRenderable Render(DeskSnapshot desk, int width, int height)
    {
        if (width < Narrow) return new ScreenLines([.. TooNarrow(desk, width).Take(height)]);
        var body = height - HeaderPanel.Rows - 1;
        var header = new ScreenLines(HeaderPanel.Lines(desk, width));
        // The header alone, when not even one panel has room.
        if (body < 5) return new ScreenLines([.. HeaderPanel.Lines(desk, width).Take(height)]);
        var (content, hidden) = width switch
        {
            >= Wide => WideBody(desk, width, body),
            >= Medium => MediumBody(desk, width, body),
            _ => NarrowBody(desk, width, body),
        };
        return new Layout().SplitRows(
            new Layout(header).Size(HeaderPanel.Rows),
            new Layout(content).Size(body),
            new Layout(new ScreenLines([Footer(hidden, width)])).Size(1));
    }

    private static (IRenderable Body, IReadOnlyCollection<string> Hidden) WideBody(DeskSnapshot desk, int width, int height)
    {
        var right = Math.Max(width * 2 / 5 - Math.Max(140 - width, 0) / 5, 44);
        var left = width - right;
        var quotes = Math.Max(left * 2 / 5, QuotesWide);
        // Enough for the tallest of quotes and two ladders; the fills below take what is left, if that is worth it.
        var tall = Math.Min(height, 21);
        var below = height - tall < 5 ? 0 : height - tall;
        if (below == 0) tall = height;
        var terms = new PanelStack([QuotePanel.Of(desk, 0)], quotes, tall, isFramed: true);
        var ladders = new PanelStack(Ladders(desk, 0), left - quotes, tall, isFramed: true);
        var fills = new PanelStack([FillPanel.Of(desk, 0)], left, below, isFramed: true);
        var rest = new PanelStack(
            [InventoryPanel.Of(desk, 1), PnlPanel.Of(desk, 0), BreakerPanel.Of(desk, 2), TotalsPanel.Of(desk, 3), NotePanel.Of(desk, 4)],
            right, height, isFramed: true);
        var upper = Columns((terms, quotes), (ladders, left - quotes));
        var main = below == 0 ? upper : new Layout().SplitRows(new Layout(upper).Size(tall), new Layout(fills.Render()).Size(below));
        var body = new Layout().SplitColumns(new Layout(main).Size(left), new Layout(rest.Render()).Size(right));
        string[] hidden = [.. ladders.Hidden, .. below == 0 ? fills.Hidden : [], .. rest.Hidden];
        return (body, hidden);
    }

    private static (IRenderable Body, IReadOnlyCollection<string> Hidden) MediumBody(DeskSnapshot desk, int width, int height)
    {
        var left = width / 2;
        var first = new PanelStack([QuotePanel.Of(desk, 0), .. Ladders(desk, 1)], left, height, isFramed: true);
        var second = new PanelStack(
            [
                InventoryPanel.Of(desk, 1), PnlPanel.Of(desk, 0), BreakerPanel.Of(desk, 2), TotalsPanel.Of(desk, 4), FillPanel.Of(desk, 3),
                NotePanel.Of(desk, 5),
            ],
            width - left, height, isFramed: true);
        string[] hidden = [.. first.Hidden, .. second.Hidden];
        return (Columns((first, left), (second, width - left)), hidden);
    }

    private static (IRenderable Body, IReadOnlyCollection<string> Hidden) NarrowBody(DeskSnapshot desk, int width, int height)
    {
        var stack = new PanelStack(
            [
                PnlPanel.Of(desk, 0), InventoryPanel.Of(desk, 1), BreakerPanel.Of(desk, 2), QuotePanel.Of(desk, 3),
                .. Ladders(desk, 5), FillPanel.Of(desk, 4), TotalsPanel.Of(desk, 20), NotePanel.Of(desk, 21),
            ],
            width, height, isFramed: false);
        return (stack.Render(), stack.Hidden);
    }

    private static Layout Columns((PanelStack Stack, int Width) left, (PanelStack Stack, int Width) right) => new Layout().SplitColumns(
        new Layout(left.Stack.Render()).Size(left.Width), new Layout(right.Stack.Render()).Size(right.Width));

    private static ScreenPanel[] Ladders(DeskSnapshot desk, int importance) =>
        [.. desk.Markets.Where(m => desk.Parameters.Venues[m.Instrument.Id.Index].IsQuoted)
            .Select((m, i) => LadderPanel.Of(desk, m, importance + i))];

    private static ScreenLine Footer(IReadOnlyCollection<string> hidden, int width)
    {
        var whole = hidden.Count == 0
            ? " Ctrl-C cancels all orders, closes the journal and sums up"
            : $" Ctrl-C ends the run; not tall enough for: {string.Join(", ", hidden)}";
        var brief = hidden.Count == 0 ? " Ctrl-C ends the run" : DeskText.Of($" Ctrl-C ends; {hidden.Count} panels need height");
        return new ScreenLine().Left(DeskText.Width(whole) <= width ? whole : brief, width, DeskStyle.Dim);
    }

    private static IEnumerable<ScreenLine> TooNarrow(DeskSnapshot desk, int width)
    {
        yield return new ScreenLine().Left($"{DeskStyle.Sign(desk.State)} {DeskStyle.Word(desk.State)}", width, DeskStyle.Of(desk.State));
        yield return new ScreenLine().Left(DeskText.Clock(desk.Now), width);
        yield return new ScreenLine().Left(DeskText.Of($"profit {desk.Totals.OrderFlowPnl:+0.00;-0.00;0.00}"), width);
        yield return new ScreenLine().Left(DeskText.Of($"q̂ {desk.InventoryRatio:+0.00;-0.00;0.00}"), width);
        foreach (var line in DeskText.Wrapped(DeskText.Of($"too narrow: {width} columns, {Narrow} are needed. Trading goes on."), width))
            yield return new ScreenLine().Left(line, width, DeskStyle.Warning);
    }
}
