using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>What a run's first record tells of the process that writes it.</summary>
/// <param name="CodeVersion">Version of the code.</param>
/// <param name="Platform">Architecture, system, runtime.</param>
/// <param name="ConfigurationHash">Of the configuration without its secrets.</param>
/// <param name="Mode">Where orders go.</param>
public sealed record RunIdentity(string CodeVersion, string Platform, string ConfigurationHash, TradingMode Mode)
{
    /// <inheritdoc cref="RunHeader.JournalBegan"/>
    public Timestamp JournalBegan { get; init; } = Timestamp.None;
}

/// <summary>Where decisions leave the engine: adapters, screens, counters.</summary>
public interface IDecisionSink
{
    /// <summary>Called once the journal holds the decision and what it follows from.</summary>
    void OnDecision(in Decision decision);

    /// <summary>
    /// For those who watch: each input, feedback too, as it enters and before what it leads to; levels of a book are valid during the call.
    /// </summary>
    void OnInput(in Stamp stamp, in Input input)
    {
    }
}

/// <summary>
/// An engine whose inputs and decisions are in the journal before any effect leaves. Its runs begin at the start, at each full hour (UTC), after
/// <see cref="QuotingParameters.InputsPerRun"/> inputs and at each change of parameters; every run is built anew from its own first record, so that a
/// replay that begins there does just what was done.
/// <list type="table">
/// <item><term>input or timer</term><description>journal, then decisions, then flush, then effects</description></item>
/// <item><term>journal cannot be written</term><description>what costs money is withheld at once, cancels still leave; the engine is told
/// (<see cref="JournalStatus"/>), then that each withheld placement was refused; writing is tried again every second, with a new run whose first
/// input tells of the gap</description></item>
/// <item><term>change to parameters out of range</term><description>refused: a <see cref="Rejected"/> enters in its place</description></item>
/// <item><term>any exception</term><description>inside the engine <see cref="EngineFaultException"/>, else as it was; nothing that is pending leaves,
/// this engine has ended, and the host's kill path takes over</description></item>
/// </list>
/// </summary>
public sealed class JournaledEngine : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Far above the orders that one cause can place; a topology that places again whatever it is told ends instead of hanging.
    private const int MaximumRefusals = 1_000;

    private readonly Func<QuotingParameters, ITopology> _topology;
    private readonly InstrumentCatalog _instruments;
    private readonly RunIdentity _identity;
    private readonly IDecisionSink _sink;
    private readonly RunJournal _journal;
    private readonly Queue<OrderIntent> _withheld = new();
    private QuotingParameters _parameters;
    private Engine _engine;
    private Timestamp _rollAt;
    private long _rollAfter;
    private Timestamp _retryAt;
    private Timestamp _recordedTo;
    private bool _isToldDown;

    /// <param name="topology">Gives the topology for a parameter set.</param>
    /// <param name="instruments">The catalogue recorded with each run.</param>
    /// <param name="parameters">The set to begin with.</param>
    /// <param name="start">Where to go on from; its counters must follow the journal's.</param>
    /// <param name="identity">Recorded with each run.</param>
    /// <param name="journal">Owned by the caller.</param>
    /// <param name="sink">Gets each decision once it is recorded.</param>
    /// <exception cref="JournalException">The journal cannot even be begun.</exception>
    public JournaledEngine(Func<QuotingParameters, ITopology> topology, InstrumentCatalog instruments, QuotingParameters parameters,
        EngineStart start,
        RunIdentity identity, IJournalWriter journal, IDecisionSink sink)
    {
        (_topology, _instruments, _parameters, _identity, _sink) = (topology, instruments, parameters, identity, sink);
        _journal = new RunJournal(journal, sink);
        _journal.BeginRun(Header(start));
        _engine = Build(start);
        Release(timers: false);
    }

    /// <summary>The engine clock's present time.</summary>
    public Timestamp Time => _engine.Time;

    /// <summary>When the next timer is due, so that a simulation can let venues answer what it leads to; null when none is.</summary>
    public Timestamp? NextTimerAt => _engine.NextTimerAt;

    /// <summary>Everything needed to go on from here; see <see cref="Engine.Capture"/>.</summary>
    public EngineStart Capture() => _engine.Capture();

    /// <summary>Why the journal cannot be written; null while it can.</summary>
    public string? JournalFailure => _journal.Failure;

    /// <summary>Stamps and takes an input; see <see cref="Engine.Take"/>.</summary>
    /// <exception cref="JournalException">The journal must not be believed any more; that it cannot be written is no exception.</exception>
    public Stamp Take(Timestamp at, in Input input)
    {
        if (input.Kind == InputKind.Control && Refused(input.Control) is { } refused) return Take(at, new Input(refused));
        try
        {
            // The stamp may come later than asked for; it decides to which run the input belongs.
            Prepare(Timestamp.Max(at, _engine.Time + Timestamp.Unit));
            var stamp = _engine.Take(at, input);
            Release(timers: false);
            if (input is { Kind: InputKind.Control, Control: ParameterChange change })
            {
                _parameters = change.Parameters;
                Roll();
            }
            else if (stamp.Sequence >= _rollAfter) Roll();

            return stamp;
        }
        catch
        {
            _engine.Dispose();
            throw;
        }
    }

    /// <summary>Moves a quiet clock; see <see cref="Engine.AdvanceTo"/>.</summary>
    /// <exception cref="JournalException">The journal must not be believed any more; that it cannot be written is no exception.</exception>
    public bool AdvanceTo(Timestamp at)
    {
        try
        {
            Prepare(at);
            var moved = _engine.AdvanceTo(at);
            if (moved) Release(timers: true);
            return moved;
        }
        catch
        {
            _engine.Dispose();
            throw;
        }
    }

    /// <summary>Makes inputs that led to nothing outlive the process too, as far as the journal can be written.</summary>
    public void Flush() => _journal.Commit(reachedAt: null);

    /// <summary>
    /// Ends the run: the journal then holds how far the clock got, and all that was decided; else <see cref="JournalFailure"/> says why not.
    /// </summary>
    public void Close()
    {
        try
        {
            _journal.Commit(_engine.Time);
        }
        finally
        {
            _engine.Dispose();
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>A parameter set out of range costs nothing but itself: what comes in its place says what was wrong with it.</summary>
    private Rejected? Refused(ControlMessage message)
    {
        if (message is not ParameterChange change) return null;
        try
        {
            _topology(change.Parameters);
            return null;
        }
        catch (ParameterException faulty)
        {
            return new Rejected("parameters", $"the change by {change.Operator} is refused: {faulty.Message}", change.Reason);
        }
    }

    private void Prepare(Timestamp at)
    {
        if (_journal.IsDown && at >= _retryAt) Recover(at);
        // What is stamped on the full hour itself still belongs to the old run: the new one starts there.
        while (at > _rollAt)
        {
            if (_engine.AdvanceTo(_rollAt)) Release(timers: true);
            Roll();
        }
    }

    private void Roll()
    {
        var start = _engine.Capture();
        _engine.Dispose();
        _journal.Commit(start.At);
        if (!_journal.IsDown) _journal.TryBeginRun(Header(start));
        _engine = Build(start);
        Release(timers: false);
    }

    private Engine Build(EngineStart start)
    {
        _rollAt = new Timestamp((start.At.Ticks / TimeSpan.TicksPerHour + 1) * TimeSpan.TicksPerHour);
        _rollAfter = start.LastSequence + (_parameters.InputsPerRun ?? QuotingParameters.DefaultInputsPerRun);
        return new Engine(_topology(_parameters), start, _journal);
    }

    private RunHeader Header(EngineStart start) => new()
    {
        Run = _journal.Position.Run + 1,
        StartedAt = start.At,
        NextSequence = start.LastSequence + 1,
        NextDecision = start.LastDecision + 1,
        CodeVersion = _identity.CodeVersion,
        Platform = _identity.Platform,
        ConfigurationHash = _identity.ConfigurationHash,
        Mode = _identity.Mode,
        JournalBegan = _identity.JournalBegan,
        Instruments = _instruments,
        Parameters = _parameters,
        State = start.States,
    };

    /// <summary>Lets the decisions out, once the journal holds them and what they follow from; tells the engine where it does not.</summary>
    private void Release(bool timers)
    {
        if (_journal.Pending.Count > 0) _journal.Commit(timers ? _engine.Time : null);
        Send();
        if (!_journal.IsDown) return;
        if (!_isToldDown)
        {
            _isToldDown = true;
            _recordedTo = _journal.Position.ReachedAt;
            _retryAt = _engine.Time + RetryAfter;
            Tell(new JournalStatus(false, _journal.Failure!));
        }

        for (var count = 0; _withheld.TryDequeue(out var placement); count++)
        {
            if (count == MaximumRefusals)
                throw new InvalidOperationException($"placements do not settle: {MaximumRefusals} were refused while the journal is down");
            Tell(Refusal(placement));
        }
    }

    private void Send()
    {
        while (_journal.Pending.TryDequeue(out var decision))
        {
            // The gate: without a record nothing that costs money may leave; what takes quotes away may.
            if (!_journal.IsDown || decision.Body is not (OrderIntent { Kind: not OrderIntentKind.Cancel } or HedgeIntent or TreasuryIntent))
                _sink.OnDecision(decision);
            else if (decision.Body is OrderIntent { Kind: OrderIntentKind.Place } placement)
                _withheld.Enqueue(placement);
        }
    }

    private void Tell(ControlMessage message)
    {
        _engine.Take(_engine.Time + Timestamp.Unit, new Input(message));
        Send();
    }

    private OrderUpdate Refusal(OrderIntent placement) => new()
    {
        Instrument = placement.Instrument,
        ClientOrderId = placement.ClientOrderId,
        Status = OrderStatus.Rejected,
        Side = placement.Side,
        PriceTicks = placement.PriceTicks,
        RemainingLots = 0,
        Reason = $"withheld: the journal cannot be written ({_journal.Failure})",
    };

    /// <summary>What was not recorded is gone: the new run starts with the state as it is, and counts on from the journal's last record.</summary>
    private void Recover(Timestamp at)
    {
        _retryAt = at + RetryAfter;
        var failure = _journal.Failure;
        var start = _engine.Capture() with { LastSequence = _journal.Position.Sequence, LastDecision = _journal.Position.Decision };
        _journal.TryBeginRun(Header(start));
        if (_journal.IsDown) return;
        _isToldDown = false;
        _engine.Dispose();
        _engine = Build(start);
        var gap = $"the journal is written again; what came after {_recordedTo} and up to {start.At} is not in it ({failure})";
        _engine.Take(start.At + Timestamp.Unit, new Input(new JournalStatus(true, gap)));
        Release(timers: false);
    }
}
