using System.Globalization;
using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>How times and numbers are worded in scenarios.</summary>
internal static class Say
{
    public static string Span(TimeSpan span) =>
        span.Ticks == 0 ? "0 s"
        : span < TimeSpan.FromSeconds(1) ? Text($"{span.TotalMilliseconds:0.####} ms")
        : Text($"{span.TotalSeconds:0.####} s");

    public static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    public static string Number(decimal value) => value.ToString("#,0.########", CultureInfo.InvariantCulture);

    public static string Signed(double value) => value.ToString("+#,0.####;-#,0.####;0", CultureInfo.InvariantCulture);

    public static string Name(Side side) => side == Side.Buy ? "bid" : "ask";

    /// <summary>The text; nothing when there is no value to speak of.</summary>
    public static string When<T>(T? value, Func<T, string> text)
        where T : struct => value is { } known ? text(known) : "";

    public static string Count(int count, string one) => $"{count} {one}{(count == 1 ? "" : "s")}";

    public static string At(string? venue) => venue is null ? "" : $" at {venue}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
