using System.Reactive.Concurrency;
using Dmm.Core;

namespace Dmm.Topology.Engine;

/// <summary>
/// The engine's virtual clock and its timers. It moves only when the engine moves it, never back, and fires each timer at its exact due time; what is
/// scheduled for the past is due now. Timers of one instant fire in the order in which their names were first asked for, which is the order of wiring, then
/// in order of creation; the order of wiring (not of creation alone) is what survives a restart from a snapshot.
/// </summary>
/// <param name="start">Where the clock stands at first; no timer at or before it ever fires late.</param>
public sealed class EngineScheduler(Timestamp start) : IScheduler
{
    // Far above what the timers of one instant can ask for without delay; a loop is told instead of hanging.
    private const int MaximumWithoutDelay = 10_000;

    // Below this many, cancelled timers may wait for their due time.
    private const int CompactFrom = 256;

    private readonly PriorityQueue<Timer, (long Due, int Rank, long Order)> _timers = new();
    private readonly Dictionary<string, NamedTimers> _names = [];
    private long _order;
    private int _cancelled;
    private bool _isWired;

    /// <summary>The clock's present time.</summary>
    public Timestamp Time { get; private set; } = start;

    public DateTimeOffset Now => Time.ToDateTimeOffset();

    /// <summary>Name and due time of the timer that is firing; null while none is.</summary>
    public (string Name, Timestamp Due)? Firing { get; private set; }

    /// <summary>When the next timer is due; null when none is.</summary>
    public Timestamp? NextDue => Peek()?.Due;

    /// <summary>Timers scheduled and not cancelled.</summary>
    public int PendingCount => _timers.Count - _cancelled;

    /// <summary>A view of this scheduler whose timers carry <paramref name="name"/>, which becomes the cause of what they lead to. Asked twice, the same view.</summary>
    /// <exception cref="InvalidOperationException">The name is new and wiring is over: its place among the others would depend on what happened before.</exception>
    public IScheduler Named(string name)
    {
        if (_names.TryGetValue(name, out var named)) return named;
        if (_isWired) throw new InvalidOperationException($"timer name '{name}' is asked for while running: ask while wiring, where its order survives a restart");
        named = new NamedTimers(this, name, _names.Count);
        _names.Add(name, named);
        return named;
    }

    /// <summary>Ends the wiring: no new names from now on.</summary>
    public void EndWiring() => _isWired = true;

    /// <summary>
    /// Fires, at the earliest instant up to <paramref name="limit"/> for which any is due, all timers of that instant, those they add for it among them; the
    /// clock then stands at that instant. False, and the clock unmoved, when none is due.
    /// </summary>
    /// <exception cref="InvalidOperationException">Timers go on scheduling themselves without delay.</exception>
    public bool FireNextInstant(Timestamp limit)
    {
        if (Peek() is not { } first || first.Due > limit) return false;
        Time = Timestamp.Max(first.Due, Time);
        var withoutDelay = _order;
        for (var added = 0; Peek() is { } timer && timer.Due <= Time;)
        {
            _timers.Dequeue();
            if (timer.Order >= withoutDelay && ++added > MaximumWithoutDelay)
                throw new InvalidOperationException($"timer '{timer.Name}' does not settle: {MaximumWithoutDelay} timers without delay followed at {Time}");
            Firing = (timer.Name, timer.Due);
            timer.Fire();
            Firing = null;
        }

        return true;
    }

    /// <summary>Moves a clock without due timers forward.</summary>
    /// <exception cref="InvalidOperationException">The time is not after the present, or a timer is due before it.</exception>
    public void MoveTo(Timestamp time)
    {
        if (time <= Time) throw new InvalidOperationException($"the clock stands at {Time} and was told to move to {time}: expected a later time");
        if (Peek() is { } timer && timer.Due <= time) throw new InvalidOperationException($"timer '{timer.Name}' is due at {timer.Due}, before {time}: fire it first");
        Time = time;
    }

    /// <summary>Refused: a timer without a name could not be told as a cause.</summary>
    /// <exception cref="InvalidOperationException">Always; schedule on <see cref="Named"/>.</exception>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => throw Nameless();

    /// <inheritdoc cref="Schedule{TState}(TState, Func{IScheduler, TState, IDisposable})"/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => throw Nameless();

    /// <inheritdoc cref="Schedule{TState}(TState, Func{IScheduler, TState, IDisposable})"/>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => throw Nameless();

    private static InvalidOperationException Nameless() =>
        new("a timer of the engine needs a name, which becomes the cause of what it leads to: schedule on Named(name)");

    private Timer? Peek()
    {
        while (_timers.TryPeek(out var timer, out _))
        {
            if (!timer.IsCancelled) return timer;
            _timers.Dequeue();
            _cancelled--;
        }

        return null;
    }

    private IDisposable Add<TState>(NamedTimers owner, TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        var timer = new Timer<TState>(owner, Timestamp.Max(Timestamp.From(dueTime), Time), _order++, state, action);
        _timers.Enqueue(timer, (timer.Due.Ticks, owner.Rank, timer.Order));
        return timer;
    }

    /// <summary>Lets go of cancelled timers once they are the larger part, so that re-arming far ahead does not pile them up.</summary>
    private void CountCancelled()
    {
        if (++_cancelled < CompactFrom || _cancelled * 2 < _timers.Count) return;
        var pending = _timers.UnorderedItems.Where(t => !t.Element.IsCancelled).ToArray();
        _timers.Clear();
        _timers.EnqueueRange(pending);
        _cancelled = 0;
    }

    private abstract class Timer(NamedTimers owner, Timestamp due, long order) : IDisposable
    {
        private bool _hasFired;

        public string Name => owner.Name;

        public Timestamp Due { get; } = due;

        public long Order { get; } = order;

        public bool IsCancelled { get; private set; }

        public void Fire()
        {
            _hasFired = true;
            Invoke();
        }

        public void Dispose()
        {
            if (IsCancelled) return;
            IsCancelled = true;
            if (_hasFired) DisposeContinuation();
            else owner.Engine.CountCancelled();
        }

        protected abstract void Invoke();

        protected abstract void DisposeContinuation();
    }

    private sealed class Timer<TState>(NamedTimers owner, Timestamp due, long order, TState state, Func<IScheduler, TState, IDisposable> action)
        : Timer(owner, due, order)
    {
        private readonly NamedTimers _owner = owner;
        private IDisposable? _continuation;

        protected override void Invoke()
        {
            _continuation = action(_owner, state);
            // Disposed from within its own action.
            if (IsCancelled) _continuation.Dispose();
        }

        protected override void DisposeContinuation() => _continuation?.Dispose();
    }

    private sealed class NamedTimers(EngineScheduler engine, string name, int rank) : IScheduler
    {
        public EngineScheduler Engine { get; } = engine;

        public string Name { get; } = name;

        public int Rank { get; } = rank;

        public DateTimeOffset Now => Engine.Now;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => Engine.Add(this, state, Now, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            Engine.Add(this, state, Now + dueTime, action);

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            Engine.Add(this, state, dueTime, action);
    }
}

public static class NamedSchedulerExtensions
{
    /// <summary>The engine's scheduler under a timer name; any other scheduler as it is, so that a topology builds on every one.</summary>
    public static IScheduler Named(this IScheduler scheduler, string name) => scheduler is EngineScheduler engine ? engine.Named(name) : scheduler;
}
