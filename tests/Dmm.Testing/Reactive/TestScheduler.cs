using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Microsoft.Reactive.Testing;

/// <summary>
/// A scheduler whose clock moves only when the test moves it: <c>AdvanceTo</c>, <c>AdvanceBy</c> or <c>Start</c>. Time is counted in ticks of
/// 100 ns from tick 0, which <c>Now</c> shows as 0001-01-01 UTC. Work due at the same instant runs in the order in which it was scheduled. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// The slice of Microsoft.Reactive.Testing that this project needs, under the package's names; only <see cref="PendingCount"/> is not the package's.
/// </remarks>
public class TestScheduler : VirtualTimeScheduler<long, long>
{
    /// <summary>How many scheduled actions have neither started nor been cancelled: zero says that no timer is left.</summary>
    public int PendingCount { get; private set; }

    /// <summary>When the next pending action is due, in ticks of 100 ns; null when there is none.</summary>
    internal long? NextDue => GetNext()?.DueTime;

    /// <summary>Runs the action once, at the due time. What is due now or earlier runs one tick from now, so that time always moves on.</summary>
    /// <param name="state">Passed to the action.</param>
    /// <param name="dueTime">Absolute virtual time in ticks of 100 ns.</param>
    /// <param name="action">What to run.</param>
    /// <returns>Cancels the action if it has not run, and disposes what it returned if it has.</returns>
    public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        PendingCount++;
        var pending = Disposable.Create(this, static scheduler => scheduler.PendingCount--);
        var item = base.ScheduleAbsolute(state, Math.Max(dueTime, Clock + 1), (scheduler, itsState) =>
        {
            pending.Dispose();
            return action(scheduler, itsState);
        });
        return StableCompositeDisposable.Create(pending, item);
    }

    /// <summary>
    /// Creates the observable, subscribes a recording observer to it and disposes that subscription, each at its time; runs until no work is left.
    /// </summary>
    /// <param name="create">Makes the observable under test.</param>
    /// <param name="created">When it is called, in ticks of 100 ns.</param>
    /// <param name="subscribed">When the observer subscribes; not before <paramref name="created"/>.</param>
    /// <param name="disposed">When the subscription is disposed; not before <paramref name="subscribed"/>.</param>
    /// <returns>The observer, with what it received.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The times are not in order.</exception>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create, long created, long subscribed, long disposed)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(created, subscribed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subscribed, disposed);
        IObservable<T>? source = null;
        var subscription = new SingleAssignmentDisposable();
        var observer = CreateObserver<T>();
        At(created, () => source = create());
        At(subscribed, () => subscription.Disposable = source!.Subscribe(observer));
        At(disposed, subscription.Dispose);
        Start();
        return observer;
    }

    /// <summary>As the full overload, created at 100 and subscribed at 200.</summary>
    /// <param name="create">Makes the observable under test.</param>
    /// <param name="disposed">When the subscription is disposed, in ticks of 100 ns; not before 200.</param>
    /// <returns>The observer, with what it received.</returns>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create, long disposed) =>
        Start(create, ReactiveTest.Created, ReactiveTest.Subscribed, disposed);

    /// <summary>As the full overload, created at 100, subscribed at 200 and disposed at 1000.</summary>
    /// <param name="create">Makes the observable under test.</param>
    /// <returns>The observer, with what it received.</returns>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create) => Start(create, ReactiveTest.Disposed);

    /// <summary>A source that delivers each message at its absolute time to whoever is subscribed then.</summary>
    /// <param name="messages">The script, in absolute ticks of 100 ns.</param>
    public ITestableObservable<T> CreateHotObservable<T>(params Recorded<Notification<T>>[] messages) => new HotObservable<T>(this, messages);

    /// <summary>A source that plays its whole script to each subscriber, counted from the subscription.</summary>
    /// <param name="messages">The script, in ticks of 100 ns after the subscription.</param>
    public ITestableObservable<T> CreateColdObservable<T>(params Recorded<Notification<T>>[] messages) => new ColdObservable<T>(this, messages);

    /// <summary>An observer that records what it receives at this scheduler's time.</summary>
    public ITestableObserver<T> CreateObserver<T>() => new RecordingObserver<T>(this);

    /// <inheritdoc/>
    protected override long Add(long absolute, long relative) => absolute + relative;

    /// <inheritdoc/>
    protected override DateTimeOffset ToDateTimeOffset(long absolute) => new(absolute, TimeSpan.Zero);

    /// <inheritdoc/>
    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;

    private void At(long dueTime, Action action) => ScheduleAbsolute(action, dueTime, static (_, run) =>
    {
        run();
        return Disposable.Empty;
    });
}
