using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>
/// The whole pipeline quoting one asset at faulty venues: an engine with its journal, an order path and an account stream for each venue, and the
/// process around them, which is killed at any moment and then recovers as a live one does.
/// </summary>
internal sealed class FaultDesk : IDecisionSink, IDisposable
{
    private const string Session = "sim";
    private const string Operator = "ann";

    // How long a process that is to die amid its effects waits for one.
    private static readonly TimeSpan DieWithin = TimeSpan.FromMilliseconds(700);

    private readonly FaultSettings _settings;
    private readonly long _seed;
    private readonly SimulationQueue _queue;
    private readonly ImmutableArray<FaultyVenue> _venues;
    private readonly FaultChecker _checker;
    private readonly FaultJournal _journal = new();
    private readonly Queue<OperatorAction> _ordered = new();
    private ImmutableArray<VenueSession> _sessions = [];
    private JournaledEngine? _engine;
    private QuotingParameters _parameters;
    private int _epoch;
    private int? _effectsLeft;
    private bool _isDying;
    private TimeSpan _downtime;

    public FaultDesk(FaultSettings settings, long seed, SimulationQueue queue, ImmutableArray<FaultyVenue> venues, FaultChecker checker) =>
        (_settings, _seed, _queue, _venues, _checker, _parameters) =
            (settings, seed, queue, venues, checker, FaultSettings.VariantOf(seed, number: 0));

    /// <summary>When the engine's next timer is due; null where none is, or there is no engine.</summary>
    public Timestamp? NextTimerAt => _engine?.NextTimerAt;

    public int Crashes { get; private set; }

    /// <summary>What the engine believes to rest; null while there is none.</summary>
    public LiveOrdersState? LiveOrders =>
        _engine is { } engine ? RecoveredDesk.LiveOrdersOf(engine.Capture().States) : null;

    /// <summary>The router's; null while there is no engine, or no router.</summary>
    public RouterState? Router =>
        _engine is { } engine ? new StateSet(engine.Capture().States).Restored<RouterState>("router") : null;

    /// <summary>A process begins: nothing of ours may be open at any venue before its engine goes on.</summary>
    public void Start()
    {
        _epoch++;
        var prefix = OrderIdState.Fresh(Session, _epoch).Prefix;
        _sessions = [.. _venues.Select(venue => new VenueSession(venue, Path(venue), _queue, prefix, Deliver))];
        var toSweep = _sessions.Length;
        foreach (var session in _sessions)
        {
            session.Path.CancelAllOurs(prefix, () =>
            {
                if (--toSweep == 0) BeginEngine();
            });
        }
    }

    /// <summary>Gives the engine an input at the present time; what comes while there is none is lost.</summary>
    public void Deliver(in Input input) => _engine?.Take(_queue.Now, input);

    public void AdvanceTo(Timestamp at) => _engine!.AdvanceTo(at);

    /// <summary>An operator's command; where there is no engine the next one takes it, after those that were given before.</summary>
    public void Order(OperatorAction action)
    {
        if (_engine is null) _ordered.Enqueue(action);
        else Deliver(new Input(new OperatorCommand(action, Operator, "a fault of the plan")));
    }

    /// <summary>A fault of the desk begins or ends.</summary>
    public void Turn(Fault fault, bool isBeginning)
    {
        switch (fault.Kind)
        {
            case FaultKind.Crash when isBeginning && _engine is not null && _effectsLeft is null:
                (_effectsLeft, _downtime) = (fault.Number % 4, fault.For);
                var engine = _engine;
                _queue.Schedule(_queue.Now + DieWithin, () => _isDying |= _engine == engine);
                break;
            case FaultKind.Kill:
                Order(isBeginning ? OperatorAction.Kill : OperatorAction.Reenable);
                break;
            case FaultKind.Pause:
                Order(isBeginning ? OperatorAction.Pause : OperatorAction.Resume);
                break;
            case FaultKind.ParameterChange when isBeginning:
                Deliver(new Input(new ParameterChange(FaultSettings.VariantOf(_seed, fault.Number), Operator, "a fault of the plan")));
                break;
        }
    }

    /// <summary>Ends a process that has met its end in the event just past.</summary>
    public void AfterEvent()
    {
        if (!_isDying) return;
        (_isDying, _effectsLeft) = (false, null);
        Crashes++;
        foreach (var session in _sessions) session.End();
        _engine!.Dispose();
        _engine = null;
        _journal.Crash();
        _checker.OnDied();
        _queue.Schedule(_queue.Now + _downtime, Start);
    }

    public void OnInput(in Stamp stamp, in Input input)
    {
        _checker.OnInput(input);
        if (input is { Kind: InputKind.Control, Control: OrderUpdate update }) _sessions[update.Instrument.Index].Path.Heard(update);
    }

    public void OnDecision(in Decision decision)
    {
        if (decision.Body is not OrderIntent intent)
        {
            _checker.OnDecision(decision);
            return;
        }

        // What a dying process decided is in its journal, and never left.
        _isDying |= _effectsLeft == 0;
        _effectsLeft--;
        _checker.OnIntent(intent, isSent: !_isDying);
        if (!_isDying) _sessions[intent.Instrument.Index].Path.Send(intent);
    }

    public void Dispose() => _engine?.Dispose();

    private void BeginEngine()
    {
        var recovered = RecoveredDesk.From(_journal, run => Topology(run.Parameters));
        if (recovered is not null) _parameters = recovered.Parameters;
        var start = recovered?.Resume(_queue.Now, _epoch) ?? EngineStart.Fresh(_queue.Now, Topology(_parameters));
        _checker.OnRecovered(recovered, venue => _sessions[venue].OpenSince);
        _engine = new(Topology, FaultSettings.Instruments, _parameters, start, FaultSettings.Identity, _journal, this);
        foreach (var venue in _venues)
        {
            var name = venue.Instrument.Venue;
            _engine.Take(_engine.Time, new Input(new AdapterStatus(name, AcceptsOrders: false, "the account is being read")));
            _engine.Take(_engine.Time, new Input(new FeedStatus(name, FeedState.Disconnected, "a new process")));
        }

        for (var i = 0; i < _venues.Length; i++)
        {
            var (id, isNumbered) = (_venues[i].Instrument.Id, i == 0);
            var left = recovered is null ? [] : RecoveredDesk.LiveOrdersOf(recovered.Reached.States).Orders.Where(o => o.Instrument == id);
            // Where fills enter as they come, the last one recorded is no cursor: all are asked for, and those counted are passed over.
            var last = isNumbered ? recovered?.Ledger.Seen.LastOrDefault(s => s.Instrument == id).TradeId : null;
            _sessions[i].Begin([.. left], isNumbered, last ?? "");
        }

        while (_ordered.TryDequeue(out var action)) Order(action);
    }

    private IFaultOrderPath Path(FaultyVenue venue) =>
        _settings.OrderPath(venue, _queue, SeededRandom.For(_seed, $"{venue.Instrument.Venue}/path/{_epoch}"), Deliver);

    private ITopology Topology(QuotingParameters parameters) => _settings.Topology(parameters, OrderIdState.Fresh(Session, _epoch));
}
