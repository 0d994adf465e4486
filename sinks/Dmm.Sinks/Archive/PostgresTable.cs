using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using Npgsql;
using NpgsqlTypes;

namespace Dmm.Sinks.Archive;

/// <summary>How a column of a table is sent.</summary>
internal enum PostgresColumn : byte
{
    Text,

    /// <summary>numeric(38,18) for figures computed or told by a venue: digits after the 18th decimal are rounded, half to even.</summary>
    Amount,

    /// <summary>numeric(38,18) for what is summed up: refused where it does not fit exactly.</summary>
    Quantity,

    /// <summary>timestamptz; a hundred nanoseconds are floored to its microseconds.</summary>
    Instant,

    /// <summary>The same instant in the engine's ticks.</summary>
    Ticks,
    Day,
    Integer,
    Double,
    Flag,
    Json,
}

/// <summary>Writes whole rows to one table, all of a batch in one statement; a row with the same key is replaced.</summary>
/// <param name="name">Of the table.</param>
/// <param name="keys">Names of the columns that make a row one of its kind.</param>
/// <param name="columns">Names and types, in the order of the rows' values.</param>
internal sealed class PostgresTable(string name, string[] keys, params (string Name, PostgresColumn Type)[] columns)
{
    private const int Decimals = 18;
    private const decimal Limit = 100_000_000_000_000_000_000m;

    private readonly string _insert = $"INSERT INTO {name} ({string.Join(", ", columns.Select(c => c.Name))}) "
        + $"SELECT * FROM unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))})";

    private readonly string _replace = $" ON CONFLICT ({string.Join(", ", keys)}) DO UPDATE SET "
        + string.Join(", ", columns.Select(c => c.Name).Except(keys).Select(c => $"{c} = excluded.{c}"));

    /// <exception cref="SinkException">An amount does not fit its column.</exception>
    public void Put(NpgsqlConnection connection, IReadOnlyList<object?[]> rows) => Send(connection, _insert + _replace, rows);

    /// <summary>The same for rows that must be new: one with a key that is there fails.</summary>
    public void Append(NpgsqlConnection connection, IReadOnlyList<object?[]> rows) => Send(connection, _insert, rows);

    /// <summary>The value as that column keeps it.</summary>
    public static object? Kept(string column, PostgresColumn type, object? value) => (type, value) switch
    {
        (_, null) => null,
        (PostgresColumn.Text or PostgresColumn.Json, string text) => text.Replace('\0', '\uFFFD'),
        (PostgresColumn.Amount, decimal amount) => Fitting(column, Math.Round(amount, Decimals, MidpointRounding.ToEven)),
        (PostgresColumn.Quantity, decimal amount) => Fitting(column, amount),
        (PostgresColumn.Instant, Timestamp at) => at.IsKnown ? Floored(at) : null,
        (PostgresColumn.Ticks, Timestamp at) => at.Ticks,
        (PostgresColumn.Integer, int number) => (long)number,
        _ => value,
    };

    private static DateTime Floored(Timestamp at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    private static decimal Fitting(string column, decimal amount)
    {
        if (Math.Abs(amount) < Limit && Math.Round(amount, Decimals) == amount) return amount;
        throw new SinkException(SinkFault.Damaged, string.Create(CultureInfo.InvariantCulture,
            $"{column} does not hold {amount.Canonical()}: numeric(38,18) has 20 digits before the point and {Decimals} after it"));
    }

    private void Send(NpgsqlConnection connection, string sql, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count == 0) return;
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < columns.Length; i++) command.Parameters.Add(Parameter(i, rows));
        command.ExecuteNonQuery();
    }

    private NpgsqlParameter Parameter(int column, IReadOnlyList<object?[]> rows)
    {
        var (label, type) = columns[column];
        return type switch
        {
            PostgresColumn.Text => Of<string?>(NpgsqlDbType.Text),
            PostgresColumn.Json => Of<string?>(NpgsqlDbType.Jsonb),
            PostgresColumn.Amount or PostgresColumn.Quantity => Of<decimal?>(NpgsqlDbType.Numeric),
            PostgresColumn.Instant => Of<DateTime?>(NpgsqlDbType.TimestampTz),
            PostgresColumn.Day => Of<DateOnly?>(NpgsqlDbType.Date),
            PostgresColumn.Integer or PostgresColumn.Ticks => Of<long?>(NpgsqlDbType.Bigint),
            PostgresColumn.Double => Of<double?>(NpgsqlDbType.Double),
            _ => Of<bool?>(NpgsqlDbType.Boolean),
        };

        NpgsqlParameter Of<T>(NpgsqlDbType sent)
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = (T)Kept($"{name}.{label}", type, rows[i][column])!;
            return new() { NpgsqlDbType = NpgsqlDbType.Array | sent, Value = values };
        }
    }
}
