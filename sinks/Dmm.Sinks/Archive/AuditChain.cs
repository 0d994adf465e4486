using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Archive;

/// <summary>A row of the audit log as it is stored.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="Text">Its canonical text, which says everything of it, its number too.</param>
/// <param name="Hash">SHA-256 over the hash of the row before, a line break and the text; 64 lower-case hexadecimal digits.</param>
internal readonly record struct AuditRow(long Number, string Text, string Hash);

/// <summary>Links audit rows by their hashes, so that none can be altered, removed or put in between without breaking all that follow.</summary>
internal static class AuditChain
{
    /// <summary>Stands for the hash before the first row.</summary>
    public static readonly string Root = new('0', 64);

    public static string Hash(string before, string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{before}\n{text}")));

    /// <summary>Follows the chain over all rows, in the order of their numbers.</summary>
    /// <param name="rows">From the first.</param>
    /// <param name="there">A row whose hash is wanted; 0 for none.</param>
    public static AuditVerification Verify(IEnumerable<AuditRow> rows, long there = 0)
    {
        var (count, head, broken, reason, headThere) = (0L, Root, (long?)null, "", (string?)null);
        foreach (var row in rows)
        {
            count++;
            if (broken is not null) continue;
            if (Fault(row, count, head) is { } fault) (broken, reason) = (count, fault);
            else head = row.Hash;
            if (broken is null && count == there) headThere = head;
        }

        var text = broken is null
            ? string.Create(CultureInfo.InvariantCulture, $"audit log intact: {count} rows, head {head}")
            : string.Create(CultureInfo.InvariantCulture, $"audit log broken: row {broken} {reason}");
        return new(count, head, broken, text) { HeadThere = headThere };
    }

    private static string? Fault(in AuditRow row, long expected, string before)
    {
        if (row.Number != expected) return string.Create(CultureInfo.InvariantCulture, $"is missing: row {row.Number} follows");
        if (!row.Text.StartsWith(AuditEntry.Start(row.Number), StringComparison.Ordinal)) return "bears another number in its text";
        return Hash(before, row.Text) == row.Hash ? null : "is not what was written: its hash does not follow from its text and the row before";
    }
}
