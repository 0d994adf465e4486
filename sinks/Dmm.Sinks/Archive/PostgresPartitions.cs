using System.Globalization;
using Npgsql;

namespace Dmm.Sinks.Archive;

/// <summary>The days into which volatility_snapshots is cut; a hypertable does that by itself.</summary>
internal static class PostgresPartitions
{
    public const string Table = "volatility_snapshots";

    private const string Prefix = Table + "_";
    private const string Form = "yyyyMMdd";

    /// <summary>Makes the days that are missing, and the one after each, so that midnight finds its own. Readers of the table do not wait.</summary>
    public static void Ensure(NpgsqlConnection connection, IEnumerable<DateOnly> days)
    {
        var wanted = days.SelectMany(day => day < DateOnly.MaxValue ? [day, day.AddDays(1)] : new[] { day }).Distinct().Order().ToArray();
        if (wanted.Length == 0 || !IsPartitioned(connection)) return;
        var there = Days(connection);
        foreach (var day in wanted.Except(there))
        {
            using var command = connection.CreateCommand();
            // Attached rather than made as a part: that locks the table against others that attach, and against nobody else.
            command.CommandText = $"CREATE TABLE {Name(day)} (LIKE {Table} INCLUDING ALL); "
                + $"ALTER TABLE {Table} ATTACH PARTITION {Name(day)} FOR VALUES FROM ('{Bound(day)}') TO ({Next(day)})";
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Drops all days before that one.</summary>
    /// <returns>Names of the tables dropped, oldest first.</returns>
    public static IReadOnlyList<string> Drop(NpgsqlConnection connection, DateOnly before)
    {
        if (!IsPartitioned(connection)) return DropChunks(connection, before);
        var old = Days(connection).Where(day => day < before).Order().Select(Name).ToArray();
        foreach (var name in old)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"DROP TABLE {name}";
            command.ExecuteNonQuery();
        }

        return old;
    }

    private static IReadOnlyList<string> DropChunks(NpgsqlConnection connection, DateOnly before)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT public.drop_chunks('{PostgresDatabase.Schema}.{Table}'::regclass, "
            + $"older_than => '{Bound(before)}'::timestamptz)::text";
        using var row = command.ExecuteReader();
        var dropped = new List<string>();
        while (row.Read()) dropped.Add(row.GetString(0));
        return dropped;
    }

    private static bool IsPartitioned(NpgsqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT relkind = 'p' FROM pg_class WHERE oid = '{PostgresDatabase.Schema}.{Table}'::regclass";
        return command.ExecuteScalar() is true;
    }

    private static List<DateOnly> Days(NpgsqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            + $"WHERE i.inhparent = '{PostgresDatabase.Schema}.{Table}'::regclass";
        using var row = command.ExecuteReader();
        var days = new List<DateOnly>();
        while (row.Read())
        {
            var name = row.GetString(0);
            // A part that somebody else attached is not ours to drop.
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            var text = name.AsSpan(Prefix.Length);
            if (DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) days.Add(day);
        }

        return days;
    }

    private static string Name(DateOnly day) => Prefix + day.ToString(Form, CultureInfo.InvariantCulture);

    private static string Bound(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";

    private static string Next(DateOnly day) => day < DateOnly.MaxValue ? $"'{Bound(day.AddDays(1))}'" : "MAXVALUE";
}
