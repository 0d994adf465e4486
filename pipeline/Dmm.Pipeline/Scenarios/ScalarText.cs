using System.Globalization;
using System.Text.RegularExpressions;

namespace Dmm.Pipeline.Scenarios;

/// <summary>Checks what stands for a value in a scenario file.</summary>
internal static partial class ScalarText
{
    /// <summary>Stands for every venue.</summary>
    public const string EveryVenue = "all";

    public const string DurationPattern = @"^-?[0-9]+(\.[0-9]+)? ?(ms|s|min|h)?$";

    /// <summary>What was expected, when the text is no such value; null when it is one.</summary>
    public static string? Fault(Field field, string text) => field.Kind switch
    {
        FieldKind.Number when !IsNumber(text) => "a number",
        FieldKind.Count when text is not ("none" or "some") && !IsWhole(text) => "none, some or a whole number",
        FieldKind.Whole when !IsWhole(text) => "a whole number",
        FieldKind.Duration when !TryDuration(text, out _) => "a time, as in 500 ms, 1.5 s or 2 min",
        FieldKind.Flag when text is not ("true" or "false") => "true or false",
        FieldKind.Word when !field.Words.Contains(text, StringComparer.OrdinalIgnoreCase) => $"one of {string.Join(", ", field.Words)}",
        FieldKind.OneVenue when text == EveryVenue => "one venue by name",
        FieldKind.Text or FieldKind.Venue or FieldKind.OneVenue when string.IsNullOrWhiteSpace(text) => "a text",
        _ => null,
    };

    /// <summary>A time: a number and its unit; seconds when there is none.</summary>
    public static bool TryDuration(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var match = Duration().Match(text);
        if (!match.Success
            || !decimal.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
        var ticks = number * match.Groups[3].Value switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "min" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerSecond,
        };
        if (Math.Abs(ticks) > TimeSpan.TicksPerDay * 365m) return false;
        span = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The known names that a mistyped one may have meant, nearest first; all of them when none is near.</summary>
    public static string Nearest(string name, IEnumerable<string> known)
    {
        var all = known.ToArray();
        var near = all.Select(k => (Name: k, Distance: Distance(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= Math.Max(2, name.Length / 3)).OrderBy(k => k.Distance).Take(3).Select(k => k.Name).ToArray();
        return near.Length > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"expected one of {string.Join(", ", all)}";
    }

    // decimal holds what is told of money exactly, and its range is what a scenario can need.
    private static bool IsNumber(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && double.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static bool IsWhole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>Levenshtein's: insertions, deletions and replacements.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= to.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"^(-?[0-9]+(\.[0-9]+)?) ?(ms|s|min|h)?$")]
    private static partial Regex Duration();
}
