using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Dmm.Wire.Journal;

public enum JournalStream : byte
{
    Inputs,
    Decisions,
}

/// <summary>
/// Name of a segment file: <c>inputs-00000007-0000000000001234.jsonl</c> is of run 7 and begins at input 1234. Names sort by run and number, as text too.
/// </summary>
public readonly record struct SegmentName(JournalStream Stream, long Run, long First) : IComparable<SegmentName>
{
    private const string Extension = ".jsonl";

    public static string SearchPattern(JournalStream stream) => Prefix(stream) + "*" + Extension;

    public static bool TryParse(string fileName, [NotNullWhen(true)] out SegmentName? name)
    {
        name = null;
        foreach (var stream in new[] { JournalStream.Inputs, JournalStream.Decisions })
        {
            if (!fileName.StartsWith(Prefix(stream), StringComparison.Ordinal) || !fileName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var parts = fileName[Prefix(stream).Length..^Extension.Length].Split('-');
            if (parts.Length == 2 && TryNumber(parts[0], out var run) && TryNumber(parts[1], out var first)) name = new(stream, run, first);
        }

        return name is { } parsed && parsed.ToString() == fileName;
    }

    public int CompareTo(SegmentName other) => (Stream, Run, First).CompareTo((other.Stream, other.Run, other.First));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix(Stream)}{Run:D8}-{First:D16}{Extension}");

    private static string Prefix(JournalStream stream) => stream == JournalStream.Inputs ? "inputs-" : "decisions-";

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
