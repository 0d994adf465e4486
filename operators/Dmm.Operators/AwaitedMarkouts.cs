using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <summary>One subscription to <see cref="MarkoutsOperator"/>: a single timer, for the earliest due time awaited.</summary>
internal sealed class AwaitedMarkouts(IMidView mids, Markouts kernel, IObserver<Markout> observer, IScheduler scheduler)
{
    private readonly SerialDisposable _timer = new();
    private Timestamp? _armedFor;
    private bool _hasCompleted;

    public IDisposable Run(IObservable<Fill> fills, StatePort<MarkoutsState> port)
    {
        var attachment = port.Attach(kernel.Capture);
        Arm();
        return new CompositeDisposable(fills.Subscribe(OnFill, observer.OnError, OnCompleted), _timer, attachment);
    }

    private void OnFill(Fill fill)
    {
        kernel.Add(fill, mids.MidOf(fill.Instrument), Timestamp.From(scheduler.Now));
        Arm();
    }

    private void OnCompleted()
    {
        _hasCompleted = true;
        if (kernel.NextDue is null) observer.OnCompleted();
    }

    private void Arm()
    {
        if (kernel.NextDue is not { } due || _timer.IsDisposed || _armedFor <= due) return;
        _armedFor = due;
        _timer.Disposable = scheduler.Schedule(due.ToDateTimeOffset(), () => OnDue(due));
    }

    private void OnDue(Timestamp due)
    {
        if (_armedFor != due) return;
        _armedFor = null;
        while (!_timer.IsDisposed && kernel.Take(due) is { } pending)
        {
            if (kernel.Measure(pending, mids.MidOf(pending.Fill.Instrument)) is { } markout) observer.OnNext(markout);
        }

        Arm();
        if (_hasCompleted) OnCompleted();
    }
}
