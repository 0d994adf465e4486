using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>A hot source without a script: delivers what it is given to those subscribed, and records subscriptions.</summary>
internal sealed class PushedObservable<T>(VirtualTimeSchedulerBase<long, long> scheduler) : IObservable<T>
{
    private readonly List<Entry> _entries = [];

    public IList<Subscription> Subscriptions { get; } = [];

    public int LiveCount => _entries.Count;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var entry = new Entry(observer);
        var index = Subscriptions.Count;
        _entries.Add(entry);
        Subscriptions.Add(new(scheduler.Clock));
        return Disposable.Create(() =>
        {
            _entries.Remove(entry);
            Subscriptions[index] = new(Subscriptions[index].Subscribe, scheduler.Clock);
        });
    }

    public void Push(Notification<T> notification)
    {
        foreach (var entry in _entries.ToArray())
        {
            // An observer may dispose the subscription of the next one.
            if (_entries.Contains(entry))
                notification.Accept(entry.Observer);
        }
    }

    // A class, because one observer may subscribe twice and each of its subscriptions ends alone.
    private sealed class Entry(IObserver<T> observer)
    {
        public IObserver<T> Observer { get; } = observer;
    }
}
