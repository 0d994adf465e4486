using System.Globalization;
using Dmm.Testing.Servers;
using Npgsql;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>A file system of a few megabytes for one tablespace of a server; skips the running test where none can be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Nobody = 65534;

    public SmallDisk(PostgresServer server)
    {
        Path = System.IO.Path.Combine(server.Folder, "small");
        Directory.CreateDirectory(Path);
        var owner = Nobody.ToString(CultureInfo.InvariantCulture);
        if (Environment.UserName != "root" || Run("mount", "-t", "tmpfs", "-o", $"size=14m,uid={owner},gid={owner},mode=700", "tmpfs", Path) != 0)
            Assert.Skip("a small disk cannot be mounted here");
    }

    public string Path { get; }

    public void Grow() => Run("mount", "-o", "remount,size=200m", Path).ShouldBe(0);

    public void Dispose() => Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        using var process = ServerProcess.Start(program, arguments);
        return process.WaitForExit(TimeSpan.FromSeconds(10));
    }
}

internal static class PostgresServerExtensions
{
    /// <summary>As the administrator, in the administrator's database.</summary>
    public static void Execute(this PostgresServer server, string sql)
    {
        using var connection = new NpgsqlConnection(server.ConnectionString(more: "Pooling=false"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
