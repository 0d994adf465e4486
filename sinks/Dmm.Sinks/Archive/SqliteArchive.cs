using Dmm.Core.Ports;
using Microsoft.Data.Sqlite;

namespace Dmm.Sinks.Archive;

/// <summary>
/// The archive in one SQLite file, with its write-ahead log beside it while it is open. A power cut may take the last transactions with it,
/// whole: the journal gives them again.
/// </summary>
public sealed class SqliteArchive : IArchive
{
    private const int WaitSeconds = 5;

    private readonly SqliteConnection _connection;
    private readonly SqliteTables _tables;

    private SqliteArchive(string path, SqliteConnection connection)
    {
        (Path, _connection) = (path, connection);
        _tables = new(connection);
    }

    public string Path { get; }

    /// <summary>How long a write waits for another process that holds the file.</summary>
    internal int BusyTimeoutSeconds
    {
        get => _connection.DefaultTimeout;
        set => _connection.DefaultTimeout = value;
    }

    /// <summary>Called within each transaction, before it is committed; the tests end the process's part there.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <summary>Opens the archive, or makes it where there is none.</summary>
    /// <exception cref="SinkException">It is of another version or no archive, and was not touched; or it cannot be written.</exception>
    public static SqliteArchive Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return Guarded(full, () =>
        {
            SqliteSchema.RequireOurs(full);
            return Connect(full, SqliteOpenMode.ReadWriteCreate, connection =>
            {
                SqliteSchema.Create(connection);
                Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            });
        });
    }

    /// <summary>
    /// Opens an archive to look into it, which another process may be writing: it changes nothing, and <see cref="Apply"/> fails. The files of the
    /// write-ahead log may come to lie beside it.
    /// </summary>
    /// <exception cref="SinkException">There is none, or it is of another version; or it cannot be read.</exception>
    public static SqliteArchive OpenToRead(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return Guarded(
            full,
            () => File.Exists(full) && !SqliteSchema.RequireOurs(full)
                ? Connect(full, SqliteOpenMode.ReadOnly, _ => { })
                : throw new SinkException(SinkFault.Damaged, $"there is no archive {full}: expected the file that a desk makes in its data folder"),
            "read");
    }

    public FollowCursor Position(FollowedJournal journal) => Guarded(Path, () => _tables.Cursor(journal));

    public void Apply(FollowBatch batch) => Guarded(Path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        try
        {
            _tables.Transaction = transaction;
            var cursor = _tables.Cursor(batch.Journal);
            if (batch.From.Run > cursor.Run || batch.From.Sequence > cursor.Sequence || batch.From.Decision > cursor.Decision)
                throw new InvalidOperationException($"a batch of {batch.Journal.Name} begins after {batch.From}, but only {cursor} is taken");
            var reached = new FollowCursor(Math.Max(cursor.Run, batch.To.Run), Math.Max(cursor.Sequence, batch.To.Sequence),
                Math.Max(cursor.Decision, batch.To.Decision));
            if (reached == cursor) return true;
            _tables.Write(batch.Journal, reached, new ArchiveChanges(batch, cursor, _tables).Fold());
            BeforeCommit?.Invoke();
            transaction.Commit();
            return true;
        }
        finally
        {
            _tables.Transaction = null;
        }
    });

    public AuditVerification VerifyAudit(long there = 0) => Guarded(Path, () => AuditChain.Verify(AuditRows(), there), "read");

    public void Dispose()
    {
        _tables.Dispose();
        _connection.Dispose();
    }

    /// <summary>Lets the file grow no further, as on a full disk; null for no limit.</summary>
    internal void LimitPages(long? pages) => Execute(_connection, $"PRAGMA max_page_count = {pages ?? 1_073_741_823}");

    private IEnumerable<AuditRow> AuditRows()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT number, text, hash FROM audit ORDER BY number";
        using var row = command.ExecuteReader();
        while (row.Read()) yield return new(row.GetInt64(0), row.GetString(1), row.GetString(2));
    }

    private static SqliteArchive Connect(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        // No pool: disposed means that the file is let go.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = WaitSeconds }.ToString());
        try
        {
            connection.Open();
            prepare(connection);
            return new SqliteArchive(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static T Guarded<T>(string path, Func<T> work, string deed = "written")
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw Told(path, e, deed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinkException(SinkFault.Unwritable, $"{path}: the archive cannot be {deed}: {e.Message}", e);
        }
    }

    private static SinkException Told(string path, SqliteException e, string deed)
    {
        // Result codes of sqlite3.h.
        const int busy = 5, locked = 6, noMemory = 7, readOnly = 8, inputOutput = 10, corrupt = 11, full = 13, cannotOpen = 14, notADatabase = 26;
        return e.SqliteErrorCode switch
        {
            full => new(SinkFault.Unwritable, $"{path}: the archive cannot be {deed}: the disk is full", e),
            busy or locked => new(SinkFault.Unwritable, $"{path}: the archive cannot be {deed}: another process holds it", e),
            noMemory or readOnly or inputOutput or cannotOpen =>
                new(SinkFault.Unwritable, $"{path}: the archive cannot be {deed}: {e.Message}", e),
            corrupt or notADatabase => new(SinkFault.Damaged,
                $"{path}: the archive is damaged: {e.Message}; move the file away, and it is made again from the journals", e),
            _ => new(SinkFault.Damaged, $"{path}: the archive refuses what is to be {deed}: {e.Message}", e),
        };
    }
}
