using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Archive;

/// <summary>
/// Lets go of what comes without end and is of no use when it is old: days of volatility_snapshots, and all but the latest of each asset's
/// state_snapshots. Fills, markouts, orders, positions, profit, changes of parameters and the audit log stay. Not thread-safe.
/// </summary>
public sealed class PostgresRetention : IDisposable
{
    /// <summary>How many days are kept where nothing else is said.</summary>
    public const int DefaultDays = 90;

    private readonly PostgresDatabase _database;
    private readonly int _days;

    private PostgresRetention(PostgresDatabase database, int days) => (_database, _days) = (database, days);

    /// <summary>Does not connect yet.</summary>
    /// <param name="connectionString">As for <see cref="PostgresArchive.Open"/>.</param>
    /// <param name="days">Whole days in UTC before today that are kept, from 1.</param>
    /// <exception cref="SinkException">The text is no connection string.</exception>
    public static PostgresRetention Open(string connectionString, int days = DefaultDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        return new(PostgresDatabase.At(connectionString), days);
    }

    /// <summary>Drops what is older, in one transaction; run again on the same day it finds nothing.</summary>
    /// <returns>What was dropped: names of day tables, oldest first, and how many snapshots of the state.</returns>
    /// <exception cref="SinkException">The store cannot be written; nothing changed.</exception>
    public IReadOnlyList<string> Run(Timestamp now) => _database.Write<IReadOnlyList<string>>(connection =>
    {
        var before = DateOnly.FromDateTime(now.ToDateTimeOffset().UtcDateTime).AddDays(-_days);
        var dropped = PostgresPartitions.Drop(connection, before);
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM state_snapshots s WHERE s.as_of < $1 "
            + "AND EXISTS (SELECT FROM state_snapshots n WHERE n.asset = s.asset AND n.as_of > s.as_of)";
        command.Parameters.Add(new() { Value = before.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        var deleted = command.ExecuteNonQuery();
        return deleted == 0 ? dropped : [.. dropped, string.Create(CultureInfo.InvariantCulture, $"{deleted} of state_snapshots")];
    });

    public void Dispose() => _database.Dispose();
}
