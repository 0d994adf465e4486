using Dmm.Testing.Servers;

namespace Dmm.Integration.Tests.Desk;

/// <summary>A <c>dmm</c> command in a process of its own, writing lines.</summary>
internal sealed class DeskProcess : IDisposable
{
    private const int Terminate = 15;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Is, TaskCompletionSource<string> Seen)> _awaited = [];
    private int _mark;

    public DeskProcess(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        Process = DmmProgram.Start(arguments, environment, Take);

    public ServerProcess Process { get; }

    /// <summary>From here on only what is written later counts.</summary>
    public void Mark()
    {
        lock (_lock) _mark = _lines.Count;
    }

    /// <summary>The first line since the mark that holds all of those texts, now or later.</summary>
    /// <exception cref="TimeoutException">It did not come; the message holds what came.</exception>
    public async Task<string> LineAsync(TimeSpan patience, params string[] texts)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Is(string line) => texts.All(text => line.Contains(text, StringComparison.Ordinal));
        lock (_lock)
        {
            if (_lines.Skip(_mark).FirstOrDefault(Is) is { } earlier) return earlier;
            _awaited.Add((Is, seen));
        }

        try
        {
            return await seen.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no line with '{string.Join("' and '", texts)}' within {patience}:\n{Process.Output}");
        }
    }

    /// <summary>Whether such a line came since the mark.</summary>
    public bool HasLine(params string[] texts)
    {
        lock (_lock) return _lines.Skip(_mark).Any(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)));
    }

    public void Kill() => Process.Kill();

    /// <summary>Asks it to end (SIGTERM), and waits until it has.</summary>
    public int Stop(TimeSpan patience)
    {
        Process.Signal(Terminate);
        return Process.WaitForExit(patience);
    }

    public void Dispose() => Process.Dispose();

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
