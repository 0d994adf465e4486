using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>What is traded, on which clock, in which state and why; two lines.</summary>
internal static class HeaderPanel
{
    public const int Rows = 2;

    public static ImmutableArray<ScreenLine> Lines(DeskSnapshot desk, int width)
    {
        var name = DeskText.Of($"{desk.Totals.Asset} {desk.Heading.Scenario}");
        var clock = desk.Now.ToDateTimeOffset().ToString(width >= 60 ? "yyyy-MM-dd HH:mm:ss.f" : "HH:mm:ss", CultureInfo.InvariantCulture);
        var speed = width >= 60 ? DeskText.Of($"speed {desk.Heading.Speed}, now ×{desk.Pace:N1}") : desk.Heading.Speed;
        var events = width >= 60 ? DeskText.Of($"{desk.EventsPerSecond:N0} events/s") : DeskText.Of($"{DeskText.Short((decimal)Math.Round(desk.EventsPerSecond))} ev/s");
        // Cells of fixed width: the clock must not move when the pace gains a digit.
        var first = new ScreenLine().Left($" {name}", width >= 60 ? width / 4 : 12, DeskStyle.Strong).Add(clock).Add(width >= 60 ? " UTC  " : "  ", DeskStyle.Dim)
            .Add(speed, DeskStyle.Dim).EndingAt(width - 1, events);
        return [first, State(desk, width)];
    }

    private static ScreenLine State(DeskSnapshot desk, int width)
    {
        var style = DeskStyle.Of(desk.State);
        var word = $" {DeskStyle.Sign(desk.State)} {DeskStyle.Word(desk.State)}";
        if (desk.Multiplier > 1) word += DeskText.Of($" ×{desk.Multiplier:0.##}");
        var line = new ScreenLine().Add(word, style);
        var reason = desk.Breakers.FirstOrDefault(b => b.Breaker.Demand == desk.State && desk.State > TradingState.Active)?.Breaker.Reason
            ?? DeskText.Of($"{desk.Markets.Sum(m => m.Orders.Length)} orders at {desk.Markets.Count(m => m.Orders.Length > 0)} of {desk.Markets.Length} markets");
        return line.Add("  ").Left(reason, Math.Max(width - DeskText.Width(word) - 3, 0));
    }
}
