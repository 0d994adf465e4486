using Dmm.Core.Ports;
using Dmm.Sinks.Following;
using static Dmm.Sinks.Archive.PostgresColumn;

namespace Dmm.Sinks.Archive;

/// <summary>
/// Keeps snapshots of the state in the archive's database, table state_snapshots: one row for an asset at a place in its journal, so that the same
/// snapshot written again is the same row. Not thread-safe.
/// </summary>
public sealed class PostgresStateSnapshots : IDisposable
{
    private static readonly PostgresTable Table = new("state_snapshots", ["asset", "journal", "sequence", "decision"],
        ("asset", Text), ("journal", Text), ("run", Integer), ("sequence", Integer), ("decision", Integer), ("as_of", Instant), ("state", Json));

    private readonly PostgresDatabase _database;

    private PostgresStateSnapshots(PostgresDatabase database) => _database = database;

    /// <summary>Does not connect yet.</summary>
    /// <param name="connectionString">As for <see cref="PostgresArchive.Open"/>.</param>
    /// <exception cref="SinkException">The text is no connection string.</exception>
    public static PostgresStateSnapshots Open(string connectionString) => new(PostgresDatabase.At(connectionString));

    /// <summary>Writes all of them or none.</summary>
    /// <exception cref="SinkException">The store cannot be written; nothing changed.</exception>
    public void Write(IReadOnlyList<StateSnapshot> snapshots) => _database.Write(connection =>
    {
        Table.Put(connection, [.. snapshots.DistinctBy(s => (s.Asset, s.Journal, s.Cursor.Sequence, s.Cursor.Decision)).Select(s => new object?[]
        {
            s.Asset, s.Journal, s.Cursor.Run, s.Cursor.Sequence, s.Cursor.Decision, s.AsOf, s.StateJson,
        })]);
        return snapshots.Count;
    });

    public void Dispose() => _database.Dispose();
}
