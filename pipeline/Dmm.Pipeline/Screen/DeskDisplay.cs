using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>
/// Shows a running desk on a whole terminal, on a thread of its own: a terminal that takes nothing (Ctrl-S, a slow line) holds up the picture, never
/// the engine. The terminal's own content comes back when this is disposed. A changed size is noticed at the next drawing, a quarter of a second
/// later at most.
/// </summary>
internal sealed class DeskDisplay : IAsyncDisposable
{
    /// <summary>Time between two pictures; more often tells the eye nothing.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";

    // The terminal shows nothing of a picture before all of it has come; those that do not know this ignore it.
    private const string BeginPicture = "\e[?2026h\e[H";
    private const string EndPicture = "\e[?2026l";

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _drawing;
    private readonly Lock _writing = new();
    private DeskSnapshot? _latest;
    private DeskSnapshot? _drawn;
    private (int Width, int Height) _size;
    private long _shownAt;
    private bool _hasLeft;

    /// <param name="console">A terminal; see <see cref="IsPossibleOn"/>.</param>
    /// <param name="time">The wall clock.</param>
    public DeskDisplay(IAnsiConsole console, TimeProvider time)
    {
        (_console, _time) = (console, time);
        Write(Enter);
        AppDomain.CurrentDomain.ProcessExit += Restore;
        _drawing = Task.Run(DrawAsync);
    }

    /// <summary>False for a file, a pipe and a terminal without escape codes: these get <see cref="PlainLines"/>.</summary>
    public static bool IsPossibleOn(IAnsiConsole console) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>Whether a new snapshot would be drawn; asked between slices of work, so that none is taken in vain.</summary>
    public bool IsDue => _latest is null || _time.GetElapsedTime(_shownAt) >= Interval;

    /// <summary>The next picture; never waits.</summary>
    public void Show(DeskSnapshot desk)
    {
        _shownAt = _time.GetTimestamp();
        Volatile.Write(ref _latest, desk);
    }

    /// <summary>Gives the terminal back.</summary>
    /// <exception cref="Exception">Whatever went wrong while drawing; the terminal is back nevertheless.</exception>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _drawing;
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Restore;
            Restore(null, EventArgs.Empty);
            _ending.Dispose();
        }
    }

    private async Task DrawAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
            {
                Draw();
            }
            while (await timer.WaitForNextTickAsync(_ending.Token));
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private void Draw()
    {
        var size = (_console.Profile.Width, _console.Profile.Height);
        if (Volatile.Read(ref _latest) is not { } desk || (ReferenceEquals(desk, _drawn) && size == _size)) return;
        var clear = size == _size ? "" : "\e[2J";
        var picture = _console.ToAnsi(DeskScreen.Render(desk, size.Width, size.Height)).TrimEnd('\r', '\n').ReplaceLineEndings("\r\n");
        Write($"{BeginPicture}{clear}{picture}{EndPicture}");
        (_drawn, _size) = (desk, size);
    }

    private void Restore(object? sender, EventArgs end)
    {
        lock (_writing)
        {
            if (_hasLeft) return;
            Write(Leave);
            _hasLeft = true;
        }
    }

    private void Write(string text)
    {
        lock (_writing)
        {
            if (_hasLeft) return;
            _console.Profile.Out.Writer.Write(text);
            _console.Profile.Out.Writer.Flush();
        }
    }
}
