using System.Collections.Immutable;
using System.Data;
using System.Reflection;
using System.Runtime.ExceptionServices;
using DbUp;
using DbUp.Engine;
using DbUp.Helpers;
using DbUp.Postgresql;
using Dmm.Core.Ports;
using Npgsql;

namespace Dmm.Sinks.Archive;

/// <summary>Makes the schema, or raises an older one: the scripts in <c>Migrations/</c> by their names, each once, all or none.</summary>
internal static class PostgresMigrations
{
    private const string Journal = "schema_versions";
    private const int LockClass = 0x444D4D6D;

    /// <summary>Names of our scripts, oldest first.</summary>
    public static readonly ImmutableArray<SqlScript> Scripts = [.. Embedded()];

    /// <exception cref="SinkException">The schema is newer than this code, or is not ours; it was not touched.</exception>
    public static void Apply(NpgsqlDataSource source, string place)
    {
        // Of the session: the scripts run on another connection. Two processes that start at once raise the schema one after the other.
        using var connection = source.OpenConnection();
        var patience = Math.Max(1, connection.CommandTimeout * 3 / 4);
        Execute(connection, $"SELECT set_config('lock_timeout', '{patience}s', false), pg_advisory_lock({LockClass})");
        try
        {
            var applied = Applied(connection, place);
            RequireKnown(applied, place);
            if (applied.Count < Scripts.Length) Upgrade(source);
        }
        finally
        {
            // A connection that is broken has let go of it already.
            if (connection.State == ConnectionState.Open) Execute(connection, $"SELECT pg_advisory_unlock({LockClass}); RESET lock_timeout");
        }
    }

    /// <summary>Requires a schema that was made, and leaves it as it is.</summary>
    /// <exception cref="SinkException">There is none, it is newer than this code, or it is not ours.</exception>
    public static void Require(NpgsqlDataSource source, string place)
    {
        using var connection = source.OpenConnection();
        var applied = Applied(connection, place);
        RequireKnown(applied, place);
        if (applied.Count > 0) return;
        throw new SinkException(
            SinkFault.Damaged, $"there is no archive in {place}: expected the schema {PostgresDatabase.Schema} that a desk makes there");
    }

    private static void Upgrade(NpgsqlDataSource source)
    {
        var result = PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(source), PostgresDatabase.Schema)
            .JournalToPostgresqlTable(PostgresDatabase.Schema, Journal).WithScripts(Scripts).WithVariablesDisabled().WithTransaction().LogToNowhere()
            .Build().PerformUpgrade();
        if (!result.Successful) ExceptionDispatchInfo.Throw(result.Error);
    }

    private static HashSet<string> Applied(NpgsqlConnection connection, string place)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT to_regclass('{PostgresDatabase.Schema}.{Journal}') IS NOT NULL, "
            + $"EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{PostgresDatabase.Schema}')";
        var (isOurs, isUsed) = (false, false);
        using (var row = command.ExecuteReader())
        {
            if (row.Read()) (isOurs, isUsed) = (row.GetBoolean(0), row.GetBoolean(1));
        }

        if (!isOurs && isUsed)
        {
            throw new SinkException(SinkFault.Damaged,
                $"{place}: its schema {PostgresDatabase.Schema} is not an archive of dmm: name another database; it was not touched");
        }

        var applied = new HashSet<string>();
        if (!isOurs) return applied;
        command.CommandText = $"SELECT scriptname FROM {PostgresDatabase.Schema}.{Journal}";
        using var names = command.ExecuteReader();
        while (names.Read()) applied.Add(names.GetString(0));
        return applied;
    }

    private static void RequireKnown(HashSet<string> applied, string place)
    {
        if (applied.Except(Scripts.Select(s => s.Name)).Order(StringComparer.Ordinal).LastOrDefault() is not { } newer) return;
        throw new SinkException(SinkFault.OtherVersion, $"{place}: the archive has the migration {newer}, and this dmm knows them up to "
            + $"{Scripts[^1].Name}: use the dmm that made it, or drop its schema {PostgresDatabase.Schema} and it is made again from the journals; "
            + "it was not touched");
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static IEnumerable<SqlScript> Embedded()
    {
        const string folder = "Migrations.";
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new(name[folder.Length..], text.ReadToEnd());
        }
    }
}
