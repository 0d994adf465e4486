using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>What is traded, on which clock, in which state and why; two lines.</summary>
internal static class HeaderPanel
{
    public const int Rows = 2;

    private const int Long = 60;

    public static ImmutableArray<ScreenLine> Lines(DeskSnapshot desk, int width)
    {
        // Cells of fixed width: the clock must not move when the pace gains a digit.
        var name = DeskText.Of($" {desk.Totals.Asset} {desk.Heading.Scenario}");
        var first = width >= Long
            ? new ScreenLine().Left(name, width / 4, DeskStyle.Strong).Add(Clock(desk, "yyyy-MM-dd HH:mm:ss.f")).Add(" UTC  ", DeskStyle.Dim)
                .Add(DeskText.Of($"speed {desk.Heading.Speed}, now ×{desk.Pace:N1}"), DeskStyle.Dim)
                .EndingAt(width - 1, DeskText.Of($"{desk.EventsPerSecond:N0} events/s"))
            : new ScreenLine().Left(name, 12, DeskStyle.Strong).Add(Clock(desk, "HH:mm:ss")).Add("  ").Add(desk.Heading.Speed, DeskStyle.Dim)
                .EndingAt(width - 1, DeskText.Of($"{DeskText.Short((decimal)Math.Round(desk.EventsPerSecond))} ev/s"));
        return [first, State(desk, width)];
    }

    private static string Clock(DeskSnapshot desk, string format) => desk.Now.ToDateTimeOffset().ToString(format, CultureInfo.InvariantCulture);

    private static ScreenLine State(DeskSnapshot desk, int width)
    {
        var style = DeskStyle.Of(desk.State);
        var word = $" {DeskStyle.Sign(desk.State)} {DeskStyle.Word(desk.State)}";
        if (desk.Multiplier > 1) word += DeskText.Of($" ×{desk.Multiplier:0.##}");
        var line = new ScreenLine().Add(word, style);
        var reason = desk.Breakers.FirstOrDefault(b => b.Breaker.Demand == desk.State && desk.State > TradingState.Active)?.Breaker.Reason
            ?? DeskText.Of($"{desk.Totals.OrdersOpen} orders at {desk.Markets.Count(m => m.Orders.Length > 0)} of {desk.Markets.Length} markets");
        return line.Add("  ").Left(reason, Math.Max(width - DeskText.Width(word) - 3, 0));
    }
}
