using System.Reactive;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>
/// One instance of the operator on a clock and a source of its own, driven like the engine: the clock is advanced to an input's time, so that due
/// timers fire first, and then the input is pushed. The source is pushed by hand so that the scheduler's pending work is the operator's alone.
/// </summary>
internal sealed class Trial<TIn, TOut>
{
    // Instants with timers that are run when no input is left: enough for what ends, and an end for what repeats for ever.
    public const int SettleInstantsMax = 100;

    private readonly IReadOnlyList<Recorded<Notification<TIn>>> _sample;
    private readonly List<Subscriber<TOut>> _subscribers = [];
    private readonly PushedObservable<TIn> _source;
    private readonly IObservable<TOut> _output;

    public Trial(Func<IObservable<TIn>, IScheduler, IObservable<TOut>> create, IReadOnlyList<Recorded<Notification<TIn>>> sample)
    {
        _sample = sample;
        Scheduler.AdvanceTo(sample[0].Time - 1);
        _source = new(Scheduler);
        _output = new ValidatedObservable<TOut>(create(_source, Scheduler), "the operator's output");
        CheckNothingLeft("before anyone has subscribed");
    }

    public TestScheduler Scheduler { get; } = new();

    public int PushedCount { get; private set; }

    public bool WasSourceSubscribed => _source.Subscriptions.Count > 0;

    private long? NextInput => PushedCount < _sample.Count ? _sample[PushedCount].Time : null;

    private long? NextInstant => NextInput < Scheduler.NextDue ? NextInput : Scheduler.NextDue ?? NextInput;

    public Subscriber<TOut> Subscribe(int disposesAtValue = 0)
    {
        var subscriber = new Subscriber<TOut>(Scheduler) { DisposesAtValue = disposesAtValue };
        _subscribers.Add(subscriber);
        subscriber.SubscribeTo(_output);
        CheckNothingLeft("after the subscription");
        return subscriber;
    }

    public void Unsubscribe(Subscriber<TOut> subscriber)
    {
        subscriber.Dispose();
        CheckNothingLeft("after the disposal");
        subscriber.Dispose();
    }

    /// <summary>Runs the timers that are due next or, when none is due by then, pushes the next input.</summary>
    public void Step()
    {
        Defect.If(NextInstant is null, () => "has no timer left where a run of its own with the same inputs had one");
        if (Scheduler.NextDue is { } due && NextInstant == due)
        {
            Scheduler.AdvanceTo(due);
            CheckNothingLeft($"at {due}, after a timer");
            return;
        }

        var input = _sample[PushedCount++];
        Scheduler.AdvanceTo(input.Time);
        _source.Push(input.Value);
        CheckNothingLeft($"at {input.Time}, after {input.Value}");
    }

    public void PushThrough(int count)
    {
        while (PushedCount < count)
            Step();
    }

    /// <summary>Ends the source now in place of the rest of the sample; with null it falls silent.</summary>
    public void End(Notification<TIn>? terminal)
    {
        PushedCount = _sample.Count;
        if (terminal is null)
            return;
        _source.Push(terminal);
        CheckNothingLeft($"after {terminal}");
    }

    /// <summary>Runs the rest of the sample, and then the timers until none is left or the limit is reached.</summary>
    /// <returns>The number of steps taken.</returns>
    public int Settle()
    {
        var steps = 0;
        for (; PushedCount < _sample.Count; steps++)
            Step();
        for (var instants = 0; instants < SettleInstantsMax && NextInstant is not null; instants++, steps++)
            Step();
        return steps;
    }

    public void RunTo(long time)
    {
        while (NextInstant <= time)
            Step();
        Scheduler.AdvanceTo(time);
    }

    private void CheckNothingLeft(string when)
    {
        var open = _subscribers.Count(subscriber => subscriber.IsOpen);
        Defect.If(_source.LiveCount > open, () => $"holds {_source.LiveCount} source subscription(s) for {open} open subscriber(s) {when}");
        Defect.If(open == 0 && Scheduler.PendingCount > 0, () => $"leaves {Scheduler.PendingCount} timer(s) scheduled without a subscriber {when}");
    }
}
