using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>The controls that are not at rest, each with its reason.</summary>
internal static class BreakerPanel
{
    public static ScreenPanel Of(DeskSnapshot desk, int importance) => new("breakers", importance, 2, 5, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        if (desk.Breakers.IsEmpty) return [new ScreenLine().Add("● all at rest", DeskStyle.Good)];
        // The gravest first; whole reasons where they fit, else one line each.
        var tripped = desk.Breakers.OrderByDescending(b => b.Breaker.Demand).ToArray();
        ScreenLine[] whole = [.. tripped.SelectMany(breaker => Whole(breaker, width))];
        if (whole.Length <= rows) return whole;
        var shown = tripped.Length <= rows ? tripped.Length : rows - 1;
        var lines = tripped.Take(shown)
            .Select(breaker => Head(breaker).Left(breaker.Breaker.Reason, Math.Max(width - HeadWidth(breaker), 0))).ToList();
        if (shown < tripped.Length) lines.Add(new ScreenLine().Add(DeskText.Of($"and {tripped.Length - shown} more"), DeskStyle.Warning));
        return [.. lines];
    }

    private static IEnumerable<ScreenLine> Whole(DeskBreaker breaker, int width)
    {
        yield return Head(breaker)
            .Left(DeskText.Of($"{breaker.Breaker.Subject}, since {DeskText.Clock(breaker.Since)}"), Math.Max(width - HeadWidth(breaker), 0));
        foreach (var line in DeskText.Wrapped(breaker.Breaker.Reason, width - 2)) yield return new ScreenLine().Add("  ").Add(line, DeskStyle.Dim);
    }

    private static ScreenLine Head(DeskBreaker breaker) => new ScreenLine().Add(HeadOf(breaker), DeskStyle.Of(breaker.Breaker.Demand));

    private static int HeadWidth(DeskBreaker breaker) => DeskText.Width(HeadOf(breaker));

    private static string HeadOf(DeskBreaker breaker)
    {
        var demand = breaker.Breaker.Demand;
        var word = DeskStyle.Word(demand).ToLowerInvariant();
        if (demand == TradingState.Widened) word += DeskText.Of($" ×{breaker.Breaker.Multiplier:0.##}");
        return $"{DeskStyle.Sign(demand)} {breaker.Breaker.Kind} {word}  ";
    }
}
