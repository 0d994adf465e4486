using Dmm.Testing.Servers;

namespace Dmm.Integration.Tests.Desk;

/// <summary><c>dmm run</c> in a process of its own, writing lines.</summary>
internal sealed class DeskProcess : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Is, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly ServerProcess _process;

    public DeskProcess(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        _process = DmmProgram.Start(["run", .. arguments, "--plain"], environment, Take);

    /// <summary>The first line that holds that text, now or later.</summary>
    /// <exception cref="TimeoutException">It did not come; the message holds what came.</exception>
    public async Task<string> LineAsync(string text, TimeSpan patience)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Is(string line) => line.Contains(text, StringComparison.Ordinal);
        lock (_lock)
        {
            if (_lines.Find(Is) is { } earlier) return earlier;
            _awaited.Add((Is, seen));
        }

        try
        {
            return await seen.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no line with '{text}' within {patience}:\n{_process.Output}");
        }
    }

    public void Kill() => _process.Kill();

    public ServerProcess Process => _process;

    /// <summary>Asks it to end (SIGTERM), and waits until it has.</summary>
    public int Stop(TimeSpan patience)
    {
        _process.Signal(15);
        return _process.WaitForExit(patience);
    }

    public void Dispose() => _process.Dispose();

    private void Take(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (_, seen) in _awaited.Where(a => a.Is(line))) seen.TrySetResult(line);
            _awaited.RemoveAll(a => a.Is(line));
        }
    }
}
