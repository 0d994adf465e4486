using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dmm.Simulation.Scenarios;

public enum TimelineKind : byte
{
    /// <summary>The script did it.</summary>
    Happened,

    /// <summary>The pipeline changed a control or the trading state, or raised an alert.</summary>
    Decided,

    /// <summary>The pipeline sent orders.</summary>
    Ordered,

    /// <summary>An expectation was met.</summary>
    Met,

    /// <summary>An expectation was not met, or the script could not go on as written.</summary>
    Failed,
}

/// <summary>One thing of a scenario's course.</summary>
/// <param name="At">From the end of the warm-up.</param>
/// <param name="Kind">Who did it.</param>
/// <param name="Text">In words and numbers.</param>
/// <param name="Line">Where it stands in the scenario's file; 0 for none.</param>
public sealed record TimelineEntry(TimeSpan At, TimelineKind Kind, string Text, int Line = 0);

/// <summary>Puts a scenario's course into lines, each with its time.</summary>
public static class Timeline
{
    // More changes of orders in a row than this tell a reader nothing more; the first and the last stay.
    private const int OrdersShownInARow = 3;

    public static string Write(ImmutableArray<TimelineEntry> entries)
    {
        var text = new StringBuilder();
        for (var i = 0; i < entries.Length;)
        {
            var end = i;
            while (end < entries.Length && entries[end].Kind == TimelineKind.Ordered) end++;
            if (end - i <= OrdersShownInARow)
            {
                Append(text, entries[i++]);
                continue;
            }

            Append(text, entries[i]);
            Append(text, new(entries[i + 1].At, TimelineKind.Ordered, $"… {end - i - 2} more changes of orders …"));
            Append(text, entries[end - 1]);
            i = end;
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, TimelineEntry entry)
    {
        text.Append(CultureInfo.InvariantCulture, $"{entry.At.TotalSeconds,10:0.000} s  {Mark(entry.Kind),-10} {entry.Text}");
        if (entry.Line > 0 && entry.Kind == TimelineKind.Failed) text.Append(CultureInfo.InvariantCulture, $" (line {entry.Line})");
        text.Append('\n');
    }

    private static string Mark(TimelineKind kind) => kind switch
    {
        TimelineKind.Happened => "▸",
        TimelineKind.Decided => "  pipeline",
        TimelineKind.Ordered => "  orders",
        TimelineKind.Met => "✓ expected",
        _ => "✗ FAILED",
    };
}
