using System.Reactive.Concurrency;
using Dmm.Core;

namespace Dmm.Topology.Engine;

/// <summary>
/// The engine's virtual clock, in <see cref="Timestamp"/> ticks. It moves only when the engine moves it, never back, and fires each timer at its exact due
/// time. Timers of one instant fire in the order in which their names were first asked for, which is the order of wiring, then in order of creation; the
/// order of wiring (not of creation alone) is what survives a restart from a snapshot.
/// </summary>
public sealed class EngineScheduler : VirtualTimeSchedulerBase<long, long>
{
    private readonly PriorityQueue<Timer, (long Due, int Rank, long Order)> _timers = new();
    private readonly Dictionary<string, NamedTimers> _names = [];
    private long _order;

    /// <param name="start">Where the clock stands at first; no timer at or before it ever fires late.</param>
    public EngineScheduler(Timestamp start)
        : base(start.Ticks, Comparer<long>.Default)
    {
    }

    /// <summary>The clock's present time.</summary>
    public Timestamp Time => new(Clock);

    /// <summary>Name and due time of the timer that is firing; null while none is.</summary>
    public (string Name, Timestamp Due)? Firing { get; private set; }

    /// <summary>Timers scheduled and not cancelled.</summary>
    public int PendingCount => _timers.UnorderedItems.Count(t => !t.Element.IsCancelled);

    /// <summary>A view of this scheduler whose timers carry <paramref name="name"/>, which becomes the cause of what they lead to. Asked twice, the same view.</summary>
    public IScheduler Named(string name)
    {
        if (_names.TryGetValue(name, out var named)) return named;
        named = new NamedTimers(this, name, _names.Count);
        _names.Add(name, named);
        return named;
    }

    /// <summary>
    /// Fires, at the earliest instant up to <paramref name="limit"/> for which any is due, all timers of that instant, those they add for it among them; the
    /// clock then stands at that instant. False, and the clock unmoved, when none is due.
    /// </summary>
    public bool FireNextInstant(Timestamp limit)
    {
        if (Peek() is not { } first || first.DueTime > limit.Ticks) return false;
        var instant = Math.Max(first.DueTime, Clock);
        Clock = instant;
        while (Peek() is { } timer && timer.DueTime <= instant)
        {
            _timers.Dequeue();
            Fire(timer);
        }

        return true;
    }

    /// <summary>Moves a clock without due timers forward.</summary>
    /// <exception cref="InvalidOperationException">The time is not after the present, or a timer is due before it.</exception>
    public void MoveTo(Timestamp time)
    {
        if (time.Ticks <= Clock) throw new InvalidOperationException($"the clock stands at {Time} and was told to move to {time}: expected a later time");
        if (Peek() is { } timer && timer.DueTime <= time.Ticks)
            throw new InvalidOperationException($"timer '{timer.Name}' is due at {new Timestamp(timer.DueTime)}, before {time}: fire it first");
        Clock = time.Ticks;
    }

    /// <summary>Refused: a timer without a name could not be told as a cause.</summary>
    /// <exception cref="InvalidOperationException">Always; schedule on <see cref="Named"/>.</exception>
    public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw new InvalidOperationException("a timer of the engine needs a name, which becomes the cause of what it leads to: schedule on Named(name)");

    protected override long Add(long absolute, long relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(long absolute) => new(absolute, TimeSpan.Zero);

    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;

    protected override IScheduledItem<long>? GetNext() => Peek();

    private Timer? Peek()
    {
        while (_timers.TryPeek(out var timer, out _))
        {
            if (!timer.IsCancelled) return timer;
            _timers.Dequeue();
        }

        return null;
    }

    private void Fire(Timer timer)
    {
        Firing = (timer.Name, new Timestamp(timer.DueTime));
        timer.Invoke();
        Firing = null;
    }

    private IDisposable Add<TState>(NamedTimers owner, TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        var due = Math.Max(dueTime.UtcTicks, Clock);
        var timer = new Timer<TState>(owner, due, state, action);
        _timers.Enqueue(timer, (due, owner.Rank, _order++));
        return timer;
    }

    private abstract class Timer(string name, long dueTime) : IScheduledItem<long>, IDisposable
    {
        public string Name { get; } = name;

        public long DueTime { get; } = dueTime;

        public bool IsCancelled { get; protected set; }

        public abstract void Invoke();

        public abstract void Dispose();
    }

    private sealed class Timer<TState>(NamedTimers owner, long dueTime, TState state, Func<IScheduler, TState, IDisposable> action)
        : Timer(owner.Name, dueTime)
    {
        private IDisposable? _continuation;

        public override void Invoke() => _continuation = action(owner, state);

        public override void Dispose()
        {
            IsCancelled = true;
            _continuation?.Dispose();
        }
    }

    private sealed class NamedTimers(EngineScheduler engine, string name, int rank) : IScheduler
    {
        public string Name { get; } = name;

        public int Rank { get; } = rank;

        public DateTimeOffset Now => engine.Now;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => engine.Add(this, state, Now, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            engine.Add(this, state, Now + dueTime, action);

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            engine.Add(this, state, dueTime, action);
    }
}

public static class NamedSchedulerExtensions
{
    /// <summary>The engine's scheduler under a timer name; any other scheduler as it is, so that a topology builds on every one.</summary>
    public static IScheduler Named(this IScheduler scheduler, string name) => scheduler is EngineScheduler engine ? engine.Named(name) : scheduler;
}
