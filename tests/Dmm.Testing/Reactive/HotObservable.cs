using System.Reactive;
using System.Reactive.Disposables;
using Dmm.Testing;

namespace Microsoft.Reactive.Testing;

internal sealed class HotObservable<T> : ITestableObservable<T>
{
    private readonly PushedObservable<T> _pushed;

    public HotObservable(TestScheduler scheduler, params Recorded<Notification<T>>[] messages)
    {
        _pushed = new(scheduler);
        Messages = messages;
        foreach (var message in messages)
        {
            scheduler.ScheduleAbsolute(message.Value, message.Time, (_, notification) =>
            {
                _pushed.Push(notification);
                return Disposable.Empty;
            });
        }
    }

    public IList<Subscription> Subscriptions => _pushed.Subscriptions;

    public IList<Recorded<Notification<T>>> Messages { get; }

    public IDisposable Subscribe(IObserver<T> observer) => _pushed.Subscribe(observer);
}
