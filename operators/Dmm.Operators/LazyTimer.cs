using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Dmm.Core;

namespace Dmm.Operators;

/// <summary>
/// At most one pending timer, for a due time that mostly moves later: it fires at or before the time asked for last, and is then asked again.
/// </summary>
internal sealed class LazyTimer(IScheduler scheduler, Action fire) : IDisposable
{
    private readonly SerialDisposable _pending = new();
    private Timestamp _due = Timestamp.None;

    /// <summary>
    /// Fires by <paramref name="due"/>; a timer that is pending for an earlier instant stays, and <see cref="Timestamp.None"/> asks for nothing.
    /// </summary>
    public void Arm(Timestamp due)
    {
        if (!due.IsKnown || (_due.IsKnown && _due <= due)) return;
        _due = due;
        _pending.Disposable = scheduler.Schedule(this, due.ToDateTimeOffset(), static (_, timer) => timer.Fire());
    }

    private IDisposable Fire()
    {
        _due = Timestamp.None;
        fire();
        return Disposable.Empty;
    }

    public void Dispose() => _pending.Dispose();
}
