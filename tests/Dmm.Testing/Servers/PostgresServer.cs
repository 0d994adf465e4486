using System.Diagnostics;
using System.Globalization;

namespace Dmm.Testing.Servers;

/// <summary>A PostgreSQL server of a test's own: its data in a temporary folder, listening on loopback only, with user and password <c>dmm</c>.
/// It does not sync to the disk: a kill loses nothing that was committed, a power cut would.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Superuser = "dmm";
    private const string SecretOfTests = "not-a-secret";
    private const int Nobody = 65534;
    private const int Interrupting = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _programs;
    private readonly DirectoryInfo _folder;
    private ServerProcess? _process;

    private PostgresServer(string programs, DirectoryInfo folder, int port) => (_programs, _folder, Port) = (programs, folder, port);

    public int Port { get; }

    /// <summary>Where a tablespace of a test may lie; the server's user owns it.</summary>
    public string Folder => _folder.FullName;

    /// <summary>All that the server wrote since it was started last.</summary>
    public string Output => _process?.Output ?? "";

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes a server and returns once it takes connections; skips the running test where PostgreSQL is not installed.</summary>
    public static PostgresServer Start()
    {
        var places = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        var program = new FileInfo(TestServers.SkipUnlessInstalled("initdb", places));
        // A link to it may stand alone, without the programs that lie beside it.
        var found = program.ResolveLinkTarget(returnFinalTarget: true) ?? program;
        var server = new PostgresServer(Path.GetDirectoryName(found.FullName)!, Directory.CreateTempSubdirectory("dmm-postgres-"), FreePort.Next());
        try
        {
            server.Initialise();
            server.Restart();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <param name="database">Its name; that of the administrator's own database if null.</param>
    /// <param name="more">Further settings, such as <c>Pooling=false</c>.</param>
    public string ConnectionString(string? database = null, string more = "") =>
        string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Database={database ?? "postgres"};Username={Superuser};Password={SecretOfTests};{more}");

    /// <summary>Starts a server that was killed, over the same data, and returns once it takes connections.</summary>
    public void Restart()
    {
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            _process?.Dispose();
            _process = Run("postgres", "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName, "-h", "127.0.0.1",
                "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=40", "-c", "shared_buffers=32MB");
            while (!_process.HasExited && deadline.Elapsed < Patience)
            {
                if (_process.Output.Contains("database system is ready to accept connections", StringComparison.Ordinal)) return;
                Thread.Sleep(20);
            }

            // The children of one that was killed may hold its shared memory for another moment.
            if (deadline.Elapsed >= Patience) throw new TimeoutException($"postgres takes no connection after {Patience}: {_process.Output}");
        }
    }

    /// <summary>Ends all its processes as a power cut would.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Holds all its processes still: connections stay open, and nothing answers.</summary>
    public void Freeze() => SignalAll("-STOP");

    public void Thaw() => SignalAll("-CONT");

    public void Dispose()
    {
        if (_process is { HasExited: false } running)
        {
            Thaw();
            running.Signal(Interrupting);
            try
            {
                running.WaitForExit(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                running.Kill();
            }
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private void Initialise()
    {
        var password = Path.Combine(_folder.FullName, "password");
        File.WriteAllText(password, SecretOfTests);
        if (IsRoot) Finish(ServerProcess.Start("/bin/chown", ["-R", $"{Nobody}:{Nobody}", _folder.FullName]));
        Finish(Run("initdb", "-D", Data, "-U", Superuser, $"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"));
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private ServerProcess Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return IsRoot
            ? ServerProcess.Start("/usr/bin/setpriv", [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", path, .. arguments],
                directory: _folder.FullName)
            : ServerProcess.Start(path, arguments, directory: _folder.FullName);
    }

    private static void Finish(ServerProcess process)
    {
        using (process)
        {
            if (process.WaitForExit(TimeSpan.FromMinutes(1)) != 0) throw new InvalidOperationException(process.Output);
        }
    }

    private void SignalAll(string signal)
    {
        var parent = _process!.Id;
        // The parent first, or it would start others in place of its children.
        var children = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var sent = ServerProcess.Start("/bin/kill", [signal, parent.ToString(CultureInfo.InvariantCulture), .. children]);
        // One of them may be gone by now.
        sent.WaitForExit(Patience);
    }
}
