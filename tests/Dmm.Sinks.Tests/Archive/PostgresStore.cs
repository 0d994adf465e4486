using System.Data.Common;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Testing.Servers;
using Npgsql;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>One server for a class of tests, started when the first of them needs it.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly Lazy<PostgresServer> _server = new(PostgresServer.Start);

    public PostgresServer Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }
}

/// <summary>A database of its own on a server that others use too.</summary>
internal sealed class PostgresStore : IArchiveUnderTest
{
    private static int s_made;

    public PostgresStore(PostgresServer server, string settings = "")
    {
        (Server, Database) = (server, string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref s_made)}"));
        Execute($"CREATE DATABASE {Database} {settings}", database: "postgres");
    }

    public PostgresServer Server { get; }

    public string Database { get; }

    public string ConnectionString => Server.ConnectionString(Database);

    public string Place => $"postgres 127.0.0.1:{Server.Port}/{Database}";

    public PostgresArchive Open() => PostgresArchive.Open(ConnectionString);

    IArchive IArchiveUnderTest.Open() => Open();

    public void ApplyAndDie(FollowBatch batch)
    {
        using var archive = Open();
        archive.BeforeCommit = () =>
        {
            CutAll();
            throw new InvalidOperationException("killed");
        };
        Should.Throw<InvalidOperationException>(() => archive.Apply(batch)).Message.ShouldBe("killed");
    }

    /// <summary>The server ends all connections to the database.</summary>
    public void CutAll() =>
        Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}'", database: "postgres");

    public IReadOnlyList<string> Rows(string sql)
    {
        using var connection = Connect();
        // A store that was not used yet has no tables, and so no rows.
        using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        try
        {
            using var row = command.ExecuteReader();
            var rows = new List<string>();
            while (row.Read()) rows.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Text(row, i))));
            return rows;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }

    public void Tamper(string sql) => Execute($"SET session_replication_role = replica; {sql}");

    public void Execute(string sql, string? database = null)
    {
        using var connection = Connect(database);
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The administrator's connection.</summary>
    public NpgsqlConnection Connect(string? database = null)
    {
        var connection = new NpgsqlConnection(Server.ConnectionString(database ?? Database, "Pooling=false;Search Path=dmm"));
        connection.Open();
        return connection;
    }

    public Timestamp Shown(Timestamp at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMicrosecond);

    public bool Holds(decimal amount) => Math.Abs(amount) < 1e20m && Math.Round(amount, 18) == amount;

    public void Dispose() => Execute($"DROP DATABASE {Database} WITH (FORCE)", database: "postgres");

    private static string Text(DbDataReader row, int column)
    {
        if (row.IsDBNull(column)) return "-";
        var text = row.GetString(column);
        return row.GetDataTypeName(column) switch
        {
            "boolean" => text == "t" ? "1" : "0",
            "timestamp with time zone" => Timestamp.Parse(text).ToString(),
            var name when name.StartsWith("numeric", StringComparison.Ordinal) && text.Contains('.') => text.TrimEnd('0').TrimEnd('.'),
            "double precision" => double.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            _ => text,
        };
    }
}

/// <summary>The contract on a real server.</summary>
public sealed class PostgresArchiveContract(PostgresFixture fixture) : ArchiveContract, IClassFixture<PostgresFixture>
{
    protected override IArchiveUnderTest NewStore() => new PostgresStore(fixture.Server);
}
