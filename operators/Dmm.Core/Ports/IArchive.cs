namespace Dmm.Core.Ports;

/// <summary>
/// Rows for people and reports, derived from journals alone: an archive that was away catches up, and one that is lost is made again from them.
/// How far
/// it has got is stored in the transaction of the rows themselves, so that a crash keeps both or neither. Not thread-safe; two archives over one
/// store do not disturb each other.
/// </summary>
public interface IArchive : IDisposable
{
    /// <summary>How far that journal has been taken; zeros before its first record.</summary>
    /// <exception cref="ArchiveException">The store cannot be read.</exception>
    ArchiveCursor Position(ArchivedJournal journal);

    /// <summary>Takes what lies beyond <see cref="Position"/>, all of it or nothing: a batch that was taken before changes nothing.</summary>
    /// <exception cref="ArchiveException">The store cannot be written; nothing changed, and the same batch may be given again.</exception>
    /// <exception cref="InvalidOperationException">The batch begins after the position, so that records between would be lost: a bug of the
    /// caller.</exception>
    void Apply(ArchiveBatch batch);

    /// <summary>Recomputes the audit log's hash chain from its first row to its last.</summary>
    /// <exception cref="ArchiveException">The store cannot be read.</exception>
    AuditVerification VerifyAudit();
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
    public bool IsIntact => FirstBroken is null;
}
