using System.Globalization;
using System.Text;

namespace Dmm.Testing;

/// <summary>The text that shows where two sequences differ.</summary>
internal static class SideBySide
{
    private const int RowsBeforeDifferenceMax = 5;
    private const int RowsMax = 40;

    /// <summary>Null when the sequences are equal, otherwise the rows around the first difference; a star marks those that differ.</summary>
    public static string? Difference<T>(IReadOnlyList<T> expected, IReadOnlyList<T> actual, IEqualityComparer<T> equality)
    {
        var rows = Enumerable.Range(0, Math.Max(expected.Count, actual.Count)).Select(i => new
        {
            Index = i,
            Expected = Cell(expected, i),
            Actual = Cell(actual, i),
            Equal = i < expected.Count && i < actual.Count && equality.Equals(expected[i], actual[i]),
        }).ToList();
        var first = rows.Find(row => !row.Equal);
        if (first is null)
            return null;

        var width = Math.Max("expected".Length, rows.Max(row => row.Expected.Length));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{expected.Count} expected, {actual.Count} actual; the first difference is in row {first.Index}.");
        text.Append(CultureInfo.InvariantCulture, $"\n        {"expected".PadRight(width)} | actual");
        foreach (var row in rows.Skip(first.Index - RowsBeforeDifferenceMax).Take(RowsMax))
        {
            var mark = row.Equal ? ' ' : '*';
            text.Append(CultureInfo.InvariantCulture, $"\n{mark} {row.Index,4}  {row.Expected.PadRight(width)} | {row.Actual}");
        }

        return text.ToString();
    }

    private static string Cell<T>(IReadOnlyList<T> items, int index) => index < items.Count ? items[index]?.ToString() ?? "null" : "(none)";
}
