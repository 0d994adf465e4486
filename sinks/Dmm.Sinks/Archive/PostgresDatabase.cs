using System.Data;
using System.Data.Common;
using System.Globalization;
using Dmm.Core.Ports;
using Npgsql;

namespace Dmm.Sinks.Archive;

/// <summary>
/// One PostgreSQL database and our schema in it. Every wait is bounded: by what the connection string says, else 2 s to connect and 3 s for a
/// statement. Its schema is made or raised at the first use. Not thread-safe.
/// </summary>
internal sealed class PostgresDatabase : IDisposable
{
    /// <summary>All that is ours is in this schema, so that a database may be shared with others.</summary>
    public const string Schema = "dmm";

    private const int ConnectSeconds = 2;
    private const int StatementSeconds = 3;

    // The server itself ends a statement that takes too long; one that does not will hardly hear a cancellation, which may cost a connection more.
    private const int CancelMilliseconds = 100;
    private const int AttemptsMax = 4;

    // "DMMr": tells our advisory locks from those of others.
    private const int LockClass = 0x444D4D72;

    private readonly NpgsqlDataSource _source;
    private readonly bool _isToRead;
    private bool _isRaised;

    private PostgresDatabase(NpgsqlDataSource source, string place, bool isToRead) => (_source, Place, _isToRead) = (source, place, isToRead);

    /// <summary>Host, port and database: what messages say.</summary>
    public string Place { get; }

    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="isToRead">The schema must be there already, of this version or an older one, and is left as it is.</param>
    /// <exception cref="SinkException">The text is no connection string; the text itself is in no message.</exception>
    public static PostgresDatabase At(string connectionString, bool isToRead = false)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new SinkException(SinkFault.Unwritable, "the archive's connection string is none of Npgsql: expected one as in "
                + "'Host=db.example;Port=5432;Database=dmm;Username=dmm;Password=…'");
        }

        // No inner exception above, and no error details below: both would repeat what was given.
        settings.IncludeErrorDetail = false;
        settings.PersistSecurityInfo = false;
        settings.ApplicationName ??= Schema;
        settings.SearchPath = Schema;
        if (!IsSet(connectionString, "Timeout")) settings.Timeout = ConnectSeconds;
        if (!IsSet(connectionString, "Command Timeout", "CommandTimeout")) settings.CommandTimeout = StatementSeconds;
        if (!IsSet(connectionString, "Cancellation Timeout", "CancellationTimeout")) settings.CancellationTimeout = CancelMilliseconds;
        var place = $"postgres {settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        return new(NpgsqlDataSource.Create(settings), place, isToRead);
    }

    /// <summary>Reads outside of a transaction.</summary>
    public T Read<T>(Func<NpgsqlConnection, T> work) => Guarded(() => Attempt(() =>
    {
        using var connection = _source.OpenConnection();
        return work(connection);
    }));

    /// <summary>
    /// One transaction, and one at a time over all processes: rows read in it are as the last one left them. What the server undid by itself
    /// (deadlock, conflict, a connection cut) is done again, a few times: the work must not mind being done twice.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was opened to be read: a bug of the caller.</exception>
    public T Write<T>(Func<NpgsqlConnection, T> work) => Guarded(() => Attempt(() =>
    {
        if (_isToRead) throw new InvalidOperationException($"{Place} was opened to be read");
        using var connection = _source.OpenConnection();
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Lock(connection);
        var made = work(connection);
        transaction.Commit();
        return made;
    }));

    public void Dispose() => _source.Dispose();

    private static void Lock(NpgsqlConnection connection)
    {
        using var command = connection.CreateCommand();
        // A lock is given up before the statement that waits for it, and that before we stop listening, so that the reason is told.
        var patience = TimeSpan.FromSeconds(command.CommandTimeout).TotalMilliseconds;
        command.CommandText = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), "
            + $"pg_advisory_xact_lock({LockClass}, '{Schema}.cursor'::regclass::oid::int)";
        command.Parameters.Add(new() { Value = string.Create(CultureInfo.InvariantCulture, $"{patience / 2:0}ms") });
        command.Parameters.Add(new() { Value = string.Create(CultureInfo.InvariantCulture, $"{patience * 3 / 4:0}ms") });
        command.ExecuteNonQuery();
    }

    /// <summary>The work, on a schema that is ours and of this version.</summary>
    private T Attempt<T>(Func<T> work)
    {
        for (var (attempt, isFresh) = (1, false); ; attempt++)
        {
            try
            {
                if (!_isRaised && _isToRead) PostgresMigrations.Require(_source, Place);
                else if (!_isRaised) PostgresMigrations.Apply(_source, Place);
                _isRaised = true;
                return work();
            }
            catch (Exception e) when (attempt < AttemptsMax && PostgresFaults.IsConflict(e))
            {
                // The server chose us to give way: it has undone everything, and the other may go on.
            }
            catch (Exception e) when (!isFresh && PostgresFaults.IsCut(e))
            {
                isFresh = true;
            }
        }
    }

    private static bool IsSet(string connectionString, params ReadOnlySpan<string> names)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (var name in names)
            if (given.ContainsKey(name)) return true;
        return false;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (PostgresFaults.IsOurs(e))
        {
            var told = PostgresFaults.Told(Place, e, _isToRead ? "read" : "written");
            // Perhaps dropped behind our back: then the next call makes it again, and the journals fill it.
            if (told.Fault == SinkFault.Damaged) _isRaised = false;
            throw told;
        }
    }
}
