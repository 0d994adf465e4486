using Dmm.Core;

namespace Dmm.Pipeline.Screen;

/// <summary>Our latest fills, newest first.</summary>
internal static class FillPanel
{
    public static ScreenPanel Of(DeskSnapshot desk, int importance) =>
        new("last fills", importance, 3, int.MaxValue / 2, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        if (desk.Fills.IsEmpty) return [new ScreenLine().Add("none yet", DeskStyle.Dim)];
        var columns = Columns(width);
        return
        [
            Line(columns, column => column.Title, _ => DeskStyle.Dim),
            .. desk.Fills.Take(rows - 1).Select(fill => Line(columns,
                column => column.Value(desk, fill),
                column => column.Title == "side" ? DeskStyle.Of(fill.Fill.Side)
                    : column.Title == "+1s bps" ? DeskStyle.OfGain(fill.Markout1SecondBps ?? 0)
                    : column.Title == "+5s bps" ? DeskStyle.OfGain(fill.Markout5SecondsBps ?? 0)
                    : DeskStyle.Plain)),
        ];
    }

    /// <summary>From left to right; where the width does not do, the least important ones are left out.</summary>
    private static Column[] Columns(int width)
    {
        Column[] all =
        [
            new("time", 8, 0, false, (_, f) => DeskText.Clock(f.At)),
            new("market", 16, 5, false, (desk, f) => Of(desk, f).Name),
            new("side", 4, 1, false, (_, f) => DeskText.Word(f.Fill.Side)),
            new("price", 9, 2, true, (desk, f) => DeskText.Price(Of(desk, f), f.Fill.Price)),
            new("size", 7, 3, true, (desk, f) => DeskText.Size(Of(desk, f), f.Fill.Quantity)),
            new("fee", 14, 8, true, (_, f) => DeskText.Of($"{f.Fill.Fee:0.####} {f.Fill.FeeAsset}")),
            new("kind", 5, 7, false, (_, f) => f.Fill.IsMaker ? "maker" : "taker"),
            new("+1s bps", 7, 6, true, (_, f) => Bps(f.Markout1SecondBps)),
            new("+5s bps", 7, 4, true, (_, f) => Bps(f.Markout5SecondsBps)),
        ];
        var free = width + 1;
        var kept = new HashSet<Column>();
        foreach (var column in all.OrderBy(c => c.Importance))
        {
            if (column.Width + 1 > free) break;
            free -= column.Width + 1;
            kept.Add(column);
        }

        return [.. all.Where(kept.Contains)];
    }

    private static ScreenLine Line(Column[] columns, Func<Column, string> text, Func<Column, Spectre.Console.Style> style)
    {
        var line = new ScreenLine();
        foreach (var column in columns)
        {
            if (column.IsNumber) line.Right(text(column), column.Width, style(column));
            else line.Left(text(column), column.Width, style(column));
            line.Add(" ");
        }

        return line;
    }

    private static Instrument Of(DeskSnapshot desk, DeskFill fill) => desk.Markets[fill.Fill.Instrument.Index].Instrument;

    private static string Bps(double? markout) => markout is { } bps ? DeskText.SignedBps(bps) : "";

    private sealed record Column(string Title, int Width, int Importance, bool IsNumber, Func<DeskSnapshot, DeskFill, string> Value);
}
