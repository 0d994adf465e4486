using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dmm.Testing.Servers;

/// <summary>
/// A redis-server of its own on a free port of loopback, in an empty folder. It forgets all when it ends, unless it is told to keep a log of
/// commands.
/// </summary>
public sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _program;
    private readonly string _folder = Directory.CreateTempSubdirectory("dmm-redis-").FullName;
    private readonly string? _password;
    private readonly bool _isKept;
    private ServerProcess _process;

    private RedisServer(string program, string? password, bool isKept)
    {
        (_program, _password, _isKept) = (program, password, isKept);
        // The port may be taken between asking for it and using it.
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Next();
            _process = Run();
            if (IsUp(_process)) return;
            _process.Dispose();
            if (attempt == 5) throw new InvalidOperationException($"redis-server does not start: {_process.Output}");
        }
    }

    public int Port { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>As the client library takes it, with the password.</summary>
    public string ConnectionString => _password is null ? Address : $"{Address},password={_password}";

    /// <summary>Starts it and returns once it answers; skips the running test where redis-server is not installed.</summary>
    /// <param name="password">Required of clients; none if null.</param>
    /// <param name="isKept">Writes every command to a log before it answers, and reads it at the next start.</param>
    public static RedisServer Start(string? password = null, bool isKept = false) =>
        new(TestServers.SkipUnlessInstalled("redis-server"), password, isKept);

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Starts it again on the same port, after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Run();
        if (!IsUp(_process)) throw new InvalidOperationException($"redis-server does not start again: {_process.Output}");
    }

    /// <summary>Holds it still: connections stay open and nothing is answered.</summary>
    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void FlushAll() => Expect("+OK", "FLUSHALL");

    public void Set(string parameter, string value) => Expect("+OK", "CONFIG", "SET", parameter, value);

    /// <summary>Makes it a replica of a primary that does not exist: it answers, and refuses to be written.</summary>
    public void MakeReadOnly() => Expect("+OK", "REPLICAOF", "127.0.0.1", "1");

    public void MakePrimary() => Expect("+OK", "REPLICAOF", "NO", "ONE");

    /// <summary>Sends one command over a connection of its own, outside the client library that is tested.</summary>
    /// <returns>The first line of the reply, as in <c>+OK</c> or <c>:1</c>; a text as it is, <c>$-1</c> for none.</returns>
    public string Command(params ReadOnlySpan<string> words)
    {
        using var client = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = 5_000 };
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        if (_password is not null)
        {
            Send(stream, "AUTH", _password);
            reader.ReadLine();
        }

        Send(stream, words);
        var reply = reader.ReadLine() ?? "";
        // A text is announced by its length; -1 is for none.
        return reply.StartsWith('$') && reply != "$-1" ? reader.ReadLine() ?? "" : reply;
    }

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Expect(string reply, params ReadOnlySpan<string> words)
    {
        var got = Command(words);
        if (got != reply) throw new InvalidOperationException($"{string.Join(' ', words!)}: {got}, expected {reply}");
    }

    private static void Send(NetworkStream stream, params ReadOnlySpan<string> words)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words) text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private ServerProcess Run() => ServerProcess.Start(_program,
    [
        "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "",
        "--appendonly", _isKept ? "yes" : "no", "--appendfsync", "always", "--repl-diskless-load", "disabled",
        .. _password is null ? Array.Empty<string>() : ["--requirepass", _password],
    ]);

    private bool IsUp(ServerProcess process)
    {
        for (var start = Environment.TickCount64; Environment.TickCount64 - start < Patience.TotalMilliseconds && !process.HasExited;)
        {
            try
            {
                if (Command("PING") == "+PONG") return true;
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                Thread.Sleep(10);
            }
        }

        return false;
    }
}
