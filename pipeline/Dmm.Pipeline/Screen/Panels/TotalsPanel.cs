using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>The run in sums.</summary>
internal static class TotalsPanel
{
    private const int Label = 9;

    public static ScreenPanel Of(DeskSnapshot desk, int importance) => new("run so far", importance, 3, 7, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        var t = desk.Totals;
        var isShort = width < 50;
        (int Importance, string Name, string Text)[] lines =
        [
            (1, "fills", DeskText.Of($"{t.Fills:N0}: {t.Buys:N0} buys, {t.Sells:N0} sells")),
            (3, "volume", DeskText.Of($"{t.TradedVolume:N0} {t.Asset}, {t.TradedNotional:N0} {t.Numeraire}")),
            (2, "orders", DeskText.Of($"{t.OrdersPlaced:N0} placed, {Ratio(t)} filled")
                + (isShort ? "" : DeskText.Of($", {t.OrdersRejected:N0} rejected"))),
            (4, "markouts", t.Markouts.IsEmpty ? "none yet" : string.Join("  ", t.Markouts.Where(m => m.HorizonSeconds >= 1).Select(Text))),
            (0, "events", isShort
                ? DeskText.Of($"{DeskText.Short(t.Events)} in, {DeskText.Short(t.Decisions)} decisions")
                : DeskText.Of($"{t.Events:N0} in, {t.Decisions:N0} decisions")),
            (5, "states", string.Join("  ", t.States.Select(Text))),
            (6, "gas, σ", Market(desk)),
        ];
        var kept = lines.OrderBy(line => line.Importance).Take(rows).ToHashSet();
        return [.. lines.Where(kept.Contains).Select(line => new ScreenLine().Left(line.Name, Label, DeskStyle.Dim).Left(line.Text, width - Label))];
    }

    private static string Ratio(RunTotals totals) => totals.FillRatio is { } ratio ? DeskText.Percent(ratio) : "none";

    private static string Text(MarkoutMean mean) => DeskText.Of($"{mean.HorizonSeconds:0.#}s {mean.MeanBps:+0.0;-0.0;0.0}");

    private static string Text(StateTime time) => DeskText.Of($"{DeskStyle.Word(time.State).ToLowerInvariant()} {time.Share * 100:0} %");

    private static string Market(DeskSnapshot desk)
    {
        var gas = desk.GasPrice is { } ton ? DeskText.Of($"{ton:0.###} TON a swap, ") : "";
        return gas + desk.Volatility switch
        {
            null => "volatility: no sample yet",
            { IsReady: false } => "volatility is warming up",
            var ready => DeskText.Of($"σ {Math.Sqrt(ready.VarianceRate):0.00} bps/√s"),
        };
    }
}
