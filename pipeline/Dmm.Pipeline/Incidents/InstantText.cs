using System.Globalization;
using System.Text.RegularExpressions;
using Dmm.Core;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Incidents;

/// <summary>Instants as people type them when they look into a journal, and as they read them. All in UTC.</summary>
internal static partial class InstantText
{
    public const string Expected =
        "an instant in UTC such as 2026-01-05T13:00:00Z, a time of day such as 13:00:05, or a time before the journal's end such as -15m";

    /// <param name="text">What was typed.</param>
    /// <param name="span">The journal, whose day and end the short forms count from.</param>
    /// <exception cref="FormatException">Says what was expected.</exception>
    public static Timestamp Parse(string text, JournalSpan span)
    {
        if (text is ['-', .. var back] && DurationText.TryParse(back, out var before)) return span.End - before;
        if (TimeOfDay().IsMatch(text))
        {
            var day = span.Day 
                ?? throw new FormatException($"'{text}' is a time of day, and the journal holds several days, {span}: expected a date with it");
            if (TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time))
                return Timestamp.From(new DateTimeOffset(day.ToDateTime(time), TimeSpan.Zero));
        }
        else if (Iso().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return Timestamp.From(instant);
        }

        throw new FormatException($"'{text}' is no time: expected {Expected}");
    }

    /// <summary>Date and time, as many decimals as are needed.</summary>
    public static string Of(Timestamp at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>The same to the millisecond.</summary>
    public static string Short(Timestamp at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture);

    /// <summary>Time of day to the millisecond.</summary>
    public static string Clock(Timestamp at) => at.ToDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?$")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$")]
    private static partial Regex Iso();
}
