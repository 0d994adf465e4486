using System.Globalization;
using Dmm.Core;
using Microsoft.Data.Sqlite;

namespace Dmm.Sinks.Archive;

/// <summary>A statement prepared once and run with other values each time; its parameters are $1, $2, …</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 1; i <= parameters; i++) _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
    }

    /// <summary>Writes a whole row; one with the same key is replaced.</summary>
    public static SqliteStatement Put(SqliteConnection connection, string table, int columns) => new(connection,
        $"INSERT OR REPLACE INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(i => $"${i}"))})", columns);

    /// <returns>How many rows it changed.</returns>
    public int Run(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>The one row it finds, made into something; null for none.</summary>
    public T? Find<T>(SqliteTransaction? transaction, Func<SqliteDataReader, T> make, params ReadOnlySpan<object?> values)
        where T : class
    {
        Bind(transaction, values);
        using var row = _command.ExecuteReader();
        return row.Read() ? make(row) : null;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = Stored(values[i]);
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        decimal amount => ArchiveText.Of(amount),
        Timestamp at => ArchiveText.Of(at) ?? (object)DBNull.Value,
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        _ => value,
    };
}

internal static class SqliteRowExtensions
{
    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static decimal Decimal(this SqliteDataReader row, int column) => ArchiveText.Decimal(row.GetString(column));

    public static decimal? DecimalOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Decimal(column);

    public static Timestamp Instant(this SqliteDataReader row, int column) => ArchiveText.Instant(row.TextOrNull(column));
}
