using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>Profit, and what it is made of.</summary>
internal static class PnlPanel
{
    private const int Amount = 14;

    public static ScreenPanel Of(DeskSnapshot desk, int importance) =>
        new($"profit, {desk.Totals.Numeraire}", importance, 4, 8, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        if (desk.Pnl is not { } pnl) return [new ScreenLine().Add("not valued yet: no mid", DeskStyle.Dim)];
        var label = Math.Max(width - Amount, 10);
        var limit = desk.Parameters.Breakers.DrawdownLimit;
        (int Importance, ScreenLine Line)[] lines =
        [
            (0, Row("order flow", DeskText.SignedMoney(pnl.OrderFlow), OfGain(pnl.OrderFlow))),
            (2, Row("  realised, after fees", DeskText.SignedMoney(pnl.Realised), DeskStyle.Plain)),
            (3, Row("  unrealised", DeskText.SignedMoney(pnl.Unrealised), DeskStyle.Plain)),
            (5, Row("  fees and gas paid", DeskText.Money(desk.Totals.Fees), DeskStyle.Plain)),
            (4, Row("starting inventory", DeskText.SignedMoney(pnl.StartingMarkToMarket), OfGain(pnl.StartingMarkToMarket))),
            (6, Row("inventory at the mid", DeskText.Money(pnl.InventoryNotional), DeskStyle.Plain)),
            (1, Row(DeskText.Of($"drawdown of {limit:N0}"), DeskText.Money(pnl.Drawdown),
                pnl.Drawdown >= limit ? DeskStyle.Bad : pnl.Drawdown >= limit / 2 ? DeskStyle.Warning : DeskStyle.Plain)),
            (7, pnl.Unvalued.Length > 0
                ? new ScreenLine().Left($"not valued: {pnl.Unvalued}", width, DeskStyle.Warning)
                : Row("deepest", DeskText.Money(desk.Totals.DeepestDrawdown), DeskStyle.Plain)),
        ];
        // A sum that lacks something must say so, whatever the height.
        if (pnl.Unvalued.Length > 0) lines[^1].Importance = 0;
        var kept = lines.OrderBy(line => line.Importance).Take(rows).Select(line => line.Line).ToHashSet();
        return [.. lines.Select(line => line.Line).Where(kept.Contains)];

        ScreenLine Row(string name, string amount, Style style) =>
            new ScreenLine().Left(name, label, DeskStyle.Dim).Right(amount, width - label, style);
    }

    private static Style OfGain(decimal gain) => DeskStyle.OfGain((double)gain);
}
