using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

public enum JournalStream : byte
{
    Inputs,
    Decisions,
}

/// <summary>
/// Name of a segment file: <c>inputs-00000007-0000000000001234.jsonl</c> is of run 7 and begins at input 1234. Names sort by run and number, as text
/// too.
/// </summary>
public readonly record struct SegmentName(JournalStream Stream, long Run, long First) : IComparable<SegmentName>
{
    private const string Extension = ".jsonl";

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

    /// <summary>The segments of one stream among a folder's files, oldest first.</summary>
    /// <exception cref="JournalException">A file is named almost like a segment.</exception>
    public static ImmutableArray<SegmentName> Sorted(JournalStream stream, IEnumerable<string> fileNames) =>
    [
        .. fileNames.Where(file => file.StartsWith(Prefix(stream), StringComparison.Ordinal))
            .Select(file => TryParse(file, out var name)
                ? name.Value
                : throw new JournalException(JournalFault.Corrupt, $"not a segment's name: expected {new SegmentName(stream, 1, 1)}", file))
            .Order(),
    ];

    public int CompareTo(SegmentName other) => (Stream, Run, First).CompareTo((other.Stream, other.Run, other.First));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix(Stream)}{Run:D8}-{First:D16}{Extension}");

    private static string Prefix(JournalStream stream) => stream == JournalStream.Inputs ? "inputs-" : "decisions-";

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
