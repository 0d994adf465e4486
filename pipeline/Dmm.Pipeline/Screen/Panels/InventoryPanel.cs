using Dmm.Core;
using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>Inventory on its scale: target, soft and hard limits.</summary>
internal static class InventoryPanel
{
    // Room on the bar beyond the hard limits.
    private const decimal Margin = 1.08m;

    public static ScreenPanel Of(DeskSnapshot desk, int importance) => new("inventory", importance, 3, 4, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        var limits = desk.Parameters.Inventory;
        var scale = new Scale(limits.Target - limits.HardShort * Margin, limits.Target + limits.HardLong * Margin, width);
        var (style, word) = Standing(desk);
        var amount = new ScreenLine().Add(DeskText.Of($"{DeskText.Quantity(desk.Inventory)} {desk.Totals.Asset}"), DeskStyle.Strong)
            .Add(DeskText.Of($"  q̂ {desk.InventoryRatio:+0.00;-0.00;0.00}")).EndingAt(width, word, style);
        ScreenLine[] lines = [amount, Bar(desk, scale, style), Labels(limits, scale), Marks(limits, scale)];
        return rows >= lines.Length ? lines : lines[..3];
    }

    private static (Style Style, string Word) Standing(DeskSnapshot desk)
    {
        var ratio = Math.Abs(desk.InventoryRatio);
        return ratio >= desk.Parameters.Inventory.HardRatio(desk.InventoryRatio) ? (DeskStyle.Bad, "AT HARD LIMIT")
            : ratio >= 1 ? (DeskStyle.Warning, "beyond soft limit")
            : (DeskStyle.Good, "within limits");
    }

    private static ScreenLine Bar(DeskSnapshot desk, Scale scale, Style style)
    {
        var limits = desk.Parameters.Inventory;
        var (target, now) = (scale.ColumnOf(limits.Target), scale.ColumnOf(desk.Inventory));
        var (from, to) = (Math.Min(target, now), Math.Max(target, now));
        int[] hard = [scale.ColumnOf(limits.Target - limits.HardShort), scale.ColumnOf(limits.Target + limits.HardLong)];
        int[] soft = [scale.ColumnOf(limits.Target - limits.SoftShort), scale.ColumnOf(limits.Target + limits.SoftLong)];
        var line = new ScreenLine();
        for (var column = 0; column < scale.Width; column++)
        {
            var isFilled = column >= from && column <= to && column != target;
            if (column == target) line.Add("│", DeskStyle.Strong);
            else if (isFilled) line.Add("█", style);
            else if (hard.Contains(column)) line.Add("┃", DeskStyle.Bad);
            else if (soft.Contains(column)) line.Add("┊", DeskStyle.Warning);
            else line.Add("─", DeskStyle.Dim);
        }

        return line;
    }

    private static ScreenLine Labels(InventoryParameters limits, Scale scale) => scale.Line(DeskStyle.Plain,
        (limits.Target, DeskText.Short(limits.Target)),
        (limits.Target - limits.HardShort, DeskText.Short(limits.Target - limits.HardShort)),
        (limits.Target + limits.HardLong, DeskText.Short(limits.Target + limits.HardLong)),
        (limits.Target - limits.SoftShort, DeskText.Short(limits.Target - limits.SoftShort)),
        (limits.Target + limits.SoftLong, DeskText.Short(limits.Target + limits.SoftLong)));

    private static ScreenLine Marks(InventoryParameters limits, Scale scale) => scale.Line(DeskStyle.Dim,
        (limits.Target, "target"), (limits.Target - limits.HardShort, "hard"), (limits.Target + limits.HardLong, "hard"),
        (limits.Target - limits.SoftShort, "soft"), (limits.Target + limits.SoftLong, "soft"));

    /// <summary>Where an amount lies among so many columns.</summary>
    private sealed record Scale(decimal From, decimal To, int Width)
    {
        public int ColumnOf(decimal amount) => (int)Math.Clamp(Math.Round((amount - From) / (To - From) * (Width - 1)), 0, Width - 1);

        /// <summary>Labels centred on their places, the first ones first; one that would touch another is left out.</summary>
        public ScreenLine Line(Style style, params (decimal At, string Text)[] labels)
        {
            var line = new string(' ', Width).ToCharArray();
            foreach (var (at, text) in labels)
            {
                if (text.Length > Width) continue;
                var start = Math.Clamp(ColumnOf(at) - text.Length / 2, 0, Width - text.Length);
                var (before, after) = (Math.Max(start - 1, 0), Math.Min(start + text.Length + 1, Width));
                if (line[before..after].Any(c => c != ' ')) continue;
                text.CopyTo(line.AsSpan(start));
            }

            return new ScreenLine().Add(new string(line), style);
        }
    }
}
