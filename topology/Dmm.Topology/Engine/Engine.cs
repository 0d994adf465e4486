using System.Reactive.Disposables;
using System.Reactive.Disposables.Fluent;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>
/// Runs one topology on a virtual clock. Single-threaded, and the only place where inputs are stamped. Its decisions are a pure function of where it
/// started (<see cref="EngineStart"/>) and of the stamped inputs: how a driver slices the time between them changes nothing.
/// </summary>
public sealed class Engine : IDisposable
{
    // Far above what one refresh of all venues can answer itself with; a loop is told instead of hanging.
    private const int MaximumFeedback = 10_000;

    private readonly IEngineLog _log;
    private readonly EngineScheduler _scheduler;
    private readonly StateSet _states;
    private readonly InputStream _inputs = new();
    private readonly Queue<Input> _feedback = new();
    private readonly CompositeDisposable _subscriptions = [];
    private Timestamp _lastStampAt;
    private long _sequence;
    private long _decisions;
    private bool _isRunning;
    private Exception? _fault;

    /// <param name="topology">Built here, on this engine's scheduler.</param>
    /// <param name="start">Clock, counters and operator states to go on from.</param>
    /// <param name="log">Told of every stamped input and decision, in order, before the call that led to it returns.</param>
    public Engine(ITopology topology, EngineStart start, IEngineLog log)
    {
        _log = log;
        _scheduler = new EngineScheduler(start.At);
        _states = new StateSet(start.States);
        _sequence = start.LastSequence;
        _decisions = start.LastDecision;
        var outputs = topology.Build(_inputs, _states, _scheduler);
        outputs.Decisions.Subscribe(Decide, Fail, () => Fail(new InvalidOperationException("the topology's decisions ended"))).DisposeWith(_subscriptions);
        outputs.Feedback.Subscribe(Enqueue, Fail).DisposeWith(_subscriptions);
        outputs.Connect().DisposeWith(_subscriptions);
        _scheduler.EndWiring();
        if (_states.Unclaimed().ToArray() is { Length: > 0 } unclaimed)
            throw new InvalidOperationException($"the snapshot holds states of another topology: {string.Join(", ", unclaimed)}");
        // What the wiring itself led to belongs to the start, however the time after it is sliced.
        Run(start.At);
    }

    /// <summary>The clock's present time.</summary>
    public Timestamp Time => _scheduler.Time;

    /// <summary>When the next timer is due; null when none is.</summary>
    public Timestamp? NextTimerAt => _scheduler.NextDue;

    /// <summary>Sequence number of the last input taken.</summary>
    public long LastSequence => _sequence;

    /// <summary>Number of the last decision made.</summary>
    public long LastDecision => _decisions;

    /// <summary>
    /// Fires the timers due up to the stamp, then takes the input. It is stamped <paramref name="at"/>, or one unit after the clock when that has already
    /// reached it. Feedback of both is taken before this returns.
    /// </summary>
    /// <returns>The stamp given.</returns>
    /// <exception cref="EngineFaultException">Something inside threw, now or before; the engine has ended.</exception>
    public Stamp Take(Timestamp at, in Input input)
    {
        Enter();
        try
        {
            var stampAt = Timestamp.Max(at, _scheduler.Time + Timestamp.Unit);
            for (Run(stampAt); _lastStampAt >= stampAt; Run(stampAt)) stampAt = _lastStampAt + Timestamp.Unit;
            var stamp = Push(stampAt, input, InputOrigin.Outside);
            Drain();
            return stamp;
        }
        catch (Exception fault) when (fault is not EngineFaultException)
        {
            throw Fault(fault);
        }
        finally
        {
            _isRunning = false;
        }
    }

    /// <summary>Moves a quiet clock: fires the timers due up to <paramref name="at"/>, each at its exact time, and takes their feedback.</summary>
    /// <returns>False when the clock has already reached that time; nothing happened.</returns>
    /// <exception cref="EngineFaultException">Something inside threw, now or before; the engine has ended.</exception>
    public bool AdvanceTo(Timestamp at)
    {
        if (at <= _scheduler.Time)
        {
            ThrowIfFaulted();
            return false;
        }

        Enter();
        try
        {
            Run(at);
            if (at > _scheduler.Time) _scheduler.MoveTo(at);
            return true;
        }
        catch (Exception fault) when (fault is not EngineFaultException)
        {
            throw Fault(fault);
        }
        finally
        {
            _isRunning = false;
        }
    }

    /// <summary>Everything needed to go on from here in another engine with equal decisions.</summary>
    public EngineStart Capture()
    {
        ThrowIfFaulted();
        return new EngineStart(_scheduler.Time, _sequence, _decisions, _states.Capture());
    }

    /// <summary>Ends all subscriptions and timers; takes nothing more.</summary>
    public void Dispose()
    {
        _subscriptions.Dispose();
        _inputs.Dispose();
        _fault ??= new ObjectDisposedException(nameof(Engine));
    }

    private void Run(Timestamp limit)
    {
        Drain();
        while (_scheduler.FireNextInstant(limit)) Drain();
    }

    private void Enqueue(Input own)
    {
        // The levels of market data are valid during a call only, and could not wait in a queue.
        if (own.Kind != InputKind.Control) throw new InvalidOperationException($"feedback is {own.Kind}: expected a control message");
        _feedback.Enqueue(own);
    }

    /// <summary>Each feedback item is stamped one unit after the clock; timers due by then go first.</summary>
    private void Drain()
    {
        for (var count = 0; _feedback.TryDequeue(out var own); count++)
        {
            if (count == MaximumFeedback) throw new InvalidOperationException($"feedback does not settle: {MaximumFeedback} items followed from one cause");
            var at = _scheduler.Time + Timestamp.Unit;
            while (_scheduler.FireNextInstant(at))
            {
            }

            Push(at, own, InputOrigin.Feedback);
        }
    }

    private Stamp Push(Timestamp at, in Input input, InputOrigin origin)
    {
        if (at > _scheduler.Time) _scheduler.MoveTo(at);
        var stamp = new Stamp(++_sequence, at);
        _lastStampAt = at;
        _log.OnInput(stamp, input, origin);
        _inputs.Push(input);
        // What was scheduled without delay belongs to this instant.
        _scheduler.FireNextInstant(at);
        return stamp;
    }

    private void Decide(object body)
    {
        var cause = _scheduler.Firing is { } timer ? new Cause(_sequence, timer.Name, timer.Due) : new Cause(_sequence, null, _scheduler.Time);
        _log.OnDecision(new Decision(++_decisions, cause, body));
    }

    private void Fail(Exception fault) => throw Fault(fault);

    private EngineFaultException Fault(Exception fault)
    {
        _fault ??= fault;
        return new EngineFaultException(_scheduler.Time, _sequence, _fault);
    }

    /// <summary>An input given from within an event would overtake what the event still leads to: own outputs come back as feedback.</summary>
    private void Enter()
    {
        ThrowIfFaulted();
        if (_isRunning) throw Fault(new InvalidOperationException("the engine was called from within an event: own outputs go through feedback"));
        _isRunning = true;
    }

    private void ThrowIfFaulted()
    {
        if (_fault is not null) throw new EngineFaultException(_scheduler.Time, _sequence, _fault);
    }
}
