using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Dmm.Testing.Servers;

/// <summary>A program run by a test as a process of its own. Its output is kept, to be shown when it does not do what it should.</summary>
public sealed partial class ServerProcess : IDisposable
{
    private const int Stopping = 19;
    private const int Continuing = 18;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All that it wrote so far, both streams.</summary>
    public string Output
    {
        get { lock (_lock) return _output.ToString(); }
    }

    /// <summary>What goes to its standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">An argument each.</param>
    /// <param name="environment">Variables added to those of this process.</param>
    /// <param name="onLine">Told of each line on its standard output, on a thread of the pool.</param>
    /// <param name="directory">Where it runs; this process's own if null.</param>
    public static ServerProcess Start(string program, IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null, Action<string>? onLine = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "",
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process);
        process.OutputDataReceived += (_, line) => server.Take(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => server.Take(line.Data, onLine: null);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Ends it as a power cut would (SIGKILL), and returns once it is gone.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Holds it still: its sockets stay open and answer nothing.</summary>
    public void Freeze() => Signal(Stopping);

    public void Thaw() => Signal(Continuing);

    /// <summary>Sends a signal by its number, such as 15 for SIGTERM.</summary>
    public void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"signal {signal} to process {_process.Id} failed: {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs; the message holds what it wrote.</exception>
    public int WaitForExit(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience)) throw new TimeoutException($"{_process.StartInfo.FileName} still runs after {patience}: {Output}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Take(string? line, Action<string>? onLine)
    {
        if (line is null) return;
        lock (_lock) _output.AppendLine(line);
        onLine?.Invoke(line);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
