using Dmm.Core.Ports;
using Npgsql;

namespace Dmm.Sinks.Archive;

/// <summary>
/// The archive in a PostgreSQL database, in its schema <c>dmm</c>, which is made or raised at the first use. The server may be away at any
/// time, at the start too: every call says so within seconds, and the same call works when the server is back. Two processes may share one database.
/// </summary>
public sealed class PostgresArchive : IArchive
{
    private readonly PostgresDatabase _database;

    private PostgresArchive(PostgresDatabase database) => _database = database;

    /// <summary>Host, port and database, for messages.</summary>
    public string Place => _database.Place;

    /// <summary>Called within each transaction, before it is committed; the tests end the process's part there, or the server's.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <summary>Does not connect yet.</summary>
    /// <param name="connectionString">
    /// As Npgsql reads it. Waits that it does not name are 2 s to connect and 3 s for a statement; the server ends a statement after three quarters
    /// of that, and a wait for a lock after half of it.
    /// </param>
    /// <exception cref="SinkException">The text is no connection string.</exception>
    public static PostgresArchive Open(string connectionString) => new(PostgresDatabase.At(connectionString));

    /// <summary>As <see cref="Open"/>, to look into an archive that is there: it makes and raises nothing, and <see cref="Apply"/> fails.</summary>
    /// <exception cref="SinkException">The text is no connection string.</exception>
    public static PostgresArchive OpenToRead(string connectionString) => new(PostgresDatabase.At(connectionString, isToRead: true));

    public FollowCursor Position(FollowedJournal journal) => _database.Read(connection => PostgresTables.Cursor(connection, journal));

    public void Apply(FollowBatch batch) => _database.Write(connection =>
    {
        var cursor = PostgresTables.Cursor(connection, batch.Journal);
        if (batch.From.Run > cursor.Run || batch.From.Sequence > cursor.Sequence || batch.From.Decision > cursor.Decision)
            throw new InvalidOperationException($"a batch of {batch.Journal.Name} begins after {batch.From}, but only {cursor} is taken");
        var reached = new FollowCursor(Math.Max(cursor.Run, batch.To.Run), Math.Max(cursor.Sequence, batch.To.Sequence),
            Math.Max(cursor.Decision, batch.To.Decision));
        if (reached == cursor) return true;
        // Once to see which rows it goes on from, once in earnest.
        var asked = new AskedRows();
        new ArchiveChanges(batch, cursor, asked).Fold();
        PostgresTables.Write(connection, batch.Journal, reached, new ArchiveChanges(batch, cursor, new PostgresRows(connection, asked)).Fold());
        BeforeCommit?.Invoke();
        return true;
    });

    public AuditVerification VerifyAudit(long there = 0) => _database.Read(connection => AuditChain.Verify(AuditRows(connection), there));

    public void Dispose() => _database.Dispose();

    private static IEnumerable<AuditRow> AuditRows(NpgsqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, text, hash FROM audit ORDER BY number";
        using var row = command.ExecuteReader();
        while (row.Read()) yield return new(row.GetInt64(0), row.GetString(1), row.GetString(2));
    }
}
