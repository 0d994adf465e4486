namespace Dmm.Core.Ports;

/// <summary>Rows for people and reports, derived from journals.</summary>
public interface IArchive : IJournalSink
{
    /// <summary>Recomputes the audit log's hash chain from its first row to its last.</summary>
    /// <param name="there">A row whose hash is wanted; 0 for none.</param>
    /// <exception cref="SinkException">The store cannot be read.</exception>
    AuditVerification VerifyAudit(long there = 0);
}

/// <summary>
/// What the audit log's hash chain proves. Rows cut off at its end leave a chain that holds: who kept an earlier head and count sees that too.
/// </summary>
/// <param name="Rows">Rows found.</param>
/// <param name="Head">Hash of the last row that holds, 64 lower-case hexadecimal digits; zeros for none.</param>
/// <param name="FirstBroken">Number of the first row that is altered, missing or out of place; null when all hold.</param>
/// <param name="Text">The same in words.</param>
public sealed record AuditVerification(long Rows, string Head, long? FirstBroken, string Text)
{
    /// <summary>Hash of the row that was asked for; null where the chain does not hold up to it, or none was.</summary>
    public string? HeadThere { get; init; }

    public bool IsIntact => FirstBroken is null;
}
