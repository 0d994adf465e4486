using System.Globalization;
using System.Text;

namespace Dmm.Testing;

/// <summary>The text that shows where two sequences differ.</summary>
internal static class SideBySide
{
    /// <summary>Null when the sequences are equal, otherwise a table with a star at each row that differs.</summary>
    public static string? Difference<T>(IReadOnlyList<T> expected, IReadOnlyList<T> actual)
    {
        var rows = Enumerable.Range(0, Math.Max(expected.Count, actual.Count)).Select(i => new
        {
            Index = i,
            Expected = Cell(expected, i),
            Actual = Cell(actual, i),
            Equal = i < expected.Count && i < actual.Count && EqualityComparer<T>.Default.Equals(expected[i], actual[i]),
        }).ToList();
        var first = rows.Find(row => !row.Equal);
        if (first is null)
            return null;

        var width = Math.Max("expected".Length, rows.Max(row => row.Expected.Length));
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{expected.Count} expected, {actual.Count} actual; they differ from row {first.Index} on.\n        {"expected".PadRight(width)} | actual");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"\n{(row.Equal ? ' ' : '*')} {row.Index,4}  {row.Expected.PadRight(width)} | {row.Actual}");
        return text.ToString();
    }

    private static string Cell<T>(IReadOnlyList<T> items, int index) => index < items.Count ? items[index]?.ToString() ?? "null" : "(none)";
}
