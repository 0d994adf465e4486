using System.Globalization;

namespace Dmm.Pipeline.Running;

/// <summary>Lengths of time as people type them: <c>90s</c>, <c>10m</c>, <c>1.5h</c>, <c>2d</c>, or a number of seconds.</summary>
internal static class DurationText
{
    public const string Expected = "a length of time above zero, such as 30s, 10m, 1.5h or 2d";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var (digits, unit) = text switch
        {
            [.. var n, 's'] => (n, TimeSpan.FromSeconds(1)),
            [.. var n, 'm'] => (n, TimeSpan.FromMinutes(1)),
            [.. var n, 'h'] => (n, TimeSpan.FromHours(1)),
            [.. var n, 'd'] => (n, TimeSpan.FromDays(1)),
            _ => (text, TimeSpan.FromSeconds(1)),
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (!(number > 0 && number * unit.TotalSeconds <= Longest.TotalSeconds)) return false;
        duration = number * unit;
        return duration > TimeSpan.Zero;
    }
}
