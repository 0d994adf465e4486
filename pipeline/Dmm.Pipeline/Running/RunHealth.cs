using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Pipeline.Running;

/// <summary>How a run stands at the moment of asking.</summary>
/// <param name="State">Trading state, in small letters; what stands for one where nothing is traded.</param>
/// <param name="Clock">The engine's clock, or another that moves as long as the work goes on.</param>
/// <param name="LastInput">Stamp of the latest input; <see cref="Timestamp.None"/> before the first.</param>
/// <param name="Parts">What may fail while the run lives on.</param>
internal sealed record RunPulse(string State, Timestamp Clock, Timestamp LastInput, ImmutableArray<RunHealthPart> Parts)
{
    /// <summary>Spools that hold something.</summary>
    public ImmutableArray<SpoolReport> Spools { get; init; } = [];

    /// <summary>Before there is an engine.</summary>
    public static RunPulse Starting(Timestamp now) => new("starting", now, Timestamp.None, []);

    public RunPulse With(RunHealthPart? part, SpoolReport? spool) => this with
    {
        Parts = part is null ? Parts : Parts.Add(part), Spools = spool is null ? Spools : Spools.Add(spool),
    };
}

/// <summary>
/// Writes how a run stands to <c>health.json</c> of its data folder, once a second of the wall clock, on a thread of its own: <c>dmm health</c> reads
/// it. The file is replaced whole; disposal removes it.
/// <list type="table">
/// <item><term>file cannot be written</term><description>told once with the reason, told again when it works; the run goes on, and
/// counts as dead once the file is old</description></item>
/// <item><term>engine stands still</term><description>the report says for how long</description></item>
/// <item><term>process is killed</term><description>the file stays, and is too old after ten seconds</description></item>
/// </list>
/// </summary>
internal sealed class RunHealth : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly string _mode;
    private readonly Func<RunPulse> _pulse;
    private readonly TimeProvider _time;
    private readonly Action<string?> _onChange;
    private readonly Lock _writing = new();
    private readonly ITimer _timer;
    private Timestamp _clock = Timestamp.None;
    private long _movedAt;
    private string? _failure;
    private bool _disposed;

    /// <summary>Writes the first report before it returns.</summary>
    /// <param name="directory">The data folder, which exists.</param>
    /// <param name="mode">What the process does, such as <c>venue</c>.</param>
    /// <param name="pulse">Asked once a second, on a thread of its own.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="onChange">Told why the file cannot be written, and null when it can again.</param>
    public RunHealth(string directory, string mode, Func<RunPulse> pulse, TimeProvider time, Action<string?> onChange)
    {
        (_file, _mode, _pulse, _time, _onChange) = (FileOf(directory), mode, pulse, time, onChange);
        _movedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static health => ((RunHealth)health!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Tick();
    }

    /// <summary>Where the report of a data folder is.</summary>
    public static string FileOf(string directory) => Path.Combine(Path.GetFullPath(directory), "health.json");

    /// <summary>From here on there is no run in the folder.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
            Guard(() => File.Delete(_file));
        }
    }

    private void Tick()
    {
        lock (_writing)
        {
            if (_disposed) return;
            Guard(Write);
            // One shot after the other: a disk that takes long is not overtaken.
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Write()
    {
        var pulse = _pulse();
        if (pulse.Clock != _clock) (_clock, _movedAt) = (pulse.Clock, _time.GetTimestamp());
        var report = new RunHealthReport
        {
            ProcessId = Environment.ProcessId, Mode = _mode, State = pulse.State, At = _time.GetUtcNow(),
            StillSeconds = Math.Round(_time.GetElapsedTime(_movedAt).TotalSeconds, 1),
            LastInputAt = pulse.LastInput.IsKnown ? pulse.LastInput.ToDateTimeOffset() : null, Parts = pulse.Parts,
            Spools = pulse.Spools,
        };
        var next = _file + ".next";
        File.WriteAllBytes(next, report.ToJson().Span);
        File.Move(next, _file, overwrite: true);
    }

    private void Guard(Action work)
    {
        string? failure = null;
        try
        {
            work();
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            failure = unwritable.Message;
        }

        if (failure == _failure) return;
        _failure = failure;
        _onChange(failure);
    }
}
