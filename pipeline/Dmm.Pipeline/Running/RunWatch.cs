using System.Diagnostics;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Sinks.Following;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Running;

/// <summary>Sees what a desk hears and decides. Belongs to the engine's thread.</summary>
internal interface IDeskWatch : IDecisionSink
{
    /// <summary>Shows how things stand, when it is time to; between two slices of work.</summary>
    void Show(Timestamp now);
}

/// <summary>
/// Everybody who watches a run: the digest of its decisions, the log, and the screen, the lines or nobody. Belongs to the engine's thread.
/// </summary>
internal sealed class RunWatch : IDeskWatch, IAsyncDisposable
{
    private readonly RunLog _log;
    private readonly DecisionDigest _digest;
    private readonly DeskModel _model;
    private readonly PlainLines? _lines;
    private readonly DeskDisplay? _display;
    private readonly StaleDetection _stale = new();
    private readonly GasEfficiency _gas;
    private readonly TimeProvider _time;
    private readonly long _began;
    private TimeSpan? _firstQuoteAfter;
    private long _lastInput = Timestamp.None.Ticks;
    private int _state;

    /// <param name="options">Says who is to watch.</param>
    /// <param name="instruments">The catalogue of the run.</param>
    /// <param name="parameters">Those it begins with.</param>
    /// <param name="heading">For the top of the screen.</param>
    /// <param name="opening">How the run stands as it begins.</param>
    /// <param name="terminal">Where results go.</param>
    /// <param name="log">Owned by the caller.</param>
    /// <param name="time">The wall clock.</param>
    public RunWatch(RunOptions options, InstrumentCatalog instruments, QuotingParameters parameters, DeskHeading heading, DeskOpening opening,
        Terminal terminal, RunLog log, TimeProvider time)
    {
        (_log, _time, _began) = (log, time, time.GetTimestamp());
        _digest = new DecisionDigest(instruments);
        _gas = new GasEfficiency(instruments);
        _model = new DeskModel(instruments, parameters, heading, opening, time);
        _state = (int)_model.State;
        if (options.IsJson) return;
        if (!options.IsPlain && DeskDisplay.IsPossibleOn(terminal.Screen)) _display = new DeskDisplay(terminal.Screen, time);
        else _lines = new PlainLines(instruments, _model, terminal.Output, opening, LineInterval(options.Speed));
    }

    /// <summary>See <see cref="DecisionDigest"/>.</summary>
    public string DecisionsSha256 => _digest.Current();

    public void OnInput(in Stamp stamp, in Input input)
    {
        Volatile.Write(ref _lastInput, stamp.At.Ticks);
        _model.OnInput(stamp, input);
        _gas.OnInput(input);
        _lines?.OnInput(stamp, input);
        if (input.Kind == InputKind.Control) _log.Heard(stamp.At, input.Control);
    }

    public void OnDecision(in Decision decision)
    {
        _digest.OnDecision(decision);
        _stale.OnDecision(decision);
        _gas.OnDecision(decision);
        _model.OnDecision(decision);
        _lines?.OnDecision(decision);
        _log.Decided(decision);
        if (decision.Body is TradingStateChange change) Volatile.Write(ref _state, (int)change.To);
        if (_firstQuoteAfter is null && decision.Body is OrderIntent { Kind: OrderIntentKind.Place }) _firstQuoteAfter = SinceProcessStart();
    }

    public void Show(Timestamp now)
    {
        if (_display is { IsDue: true }) _display.Show(_model.Snapshot(now));
        _lines?.Write(now);
    }

    public RunTotals Totals(Timestamp now) => _model.Totals(now);

    /// <summary>How the run stands, for any thread to ask.</summary>
    /// <param name="engine">The run's; its clock and its journal's failure are single words of memory, whole whenever they are read.</param>
    /// <param name="stores">How what follows the journal stands.</param>
    public RunPulse Pulse(JournaledEngine engine, IEnumerable<StoreStatus> stores) => new(
        ((TradingState)Volatile.Read(ref _state)).ToString().ToLowerInvariant(), engine.Time, new(Volatile.Read(ref _lastInput)),
        [
            new("the journal", new(engine.JournalFailure is null, engine.JournalFailure ?? "")),
            .. stores.Select(s => new RunHealthPart(s.Store, s.Status)),
        ]);

    /// <summary>What a run cost, and what proves it; after its end.</summary>
    public IEnumerable<RunFact> Facts(RunTotals totals)
    {
        var seconds = _time.GetElapsedTime(_began).TotalSeconds;
        yield return new("decisionsSha256", "SHA-256 of the decisions", _digest.Current());
        if (_firstQuoteAfter is { } first)
            yield return new("firstQuoteAfterSeconds", "first order, s after the process began", Math.Round(first.TotalSeconds, 2));
        foreach (var fact in _stale.Facts().Concat(_gas.Facts())) yield return fact;
        yield return new("wallSeconds", "took, s", Math.Round(seconds, 2));
        yield return new("eventsPerSecond", "events a second", Math.Round(totals.Events / seconds));
        yield return new("memoryMb", "memory in use, MB", Math.Round(Environment.WorkingSet / 1e6));
    }

    /// <summary>Gives the terminal back.</summary>
    public async ValueTask DisposeAsync()
    {
        _digest.Dispose();
        if (_display is not null) await _display.DisposeAsync();
    }

    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return DateTime.Now - process.StartTime;
    }

    /// <summary>About every five seconds of the reader's time; where there is no telling, every ten minutes of the run's.</summary>
    private static TimeSpan LineInterval(double? speed) => speed is { } multiple ? TimeSpan.FromSeconds(5 * multiple) : TimeSpan.FromMinutes(10);
}
