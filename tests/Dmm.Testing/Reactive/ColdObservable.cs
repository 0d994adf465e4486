using System.Reactive;
using System.Reactive.Disposables;

namespace Microsoft.Reactive.Testing;

internal sealed class ColdObservable<T>(TestScheduler scheduler, params Recorded<Notification<T>>[] messages) : ITestableObservable<T>
{
    public IList<Subscription> Subscriptions { get; } = [];

    public IList<Recorded<Notification<T>>> Messages { get; } = messages;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var index = Subscriptions.Count;
        Subscriptions.Add(new(scheduler.Clock));
        var scheduled = new CompositeDisposable();
        foreach (var message in Messages)
        {
            scheduled.Add(scheduler.ScheduleRelative(message.Value, message.Time, (_, notification) =>
            {
                notification.Accept(observer);
                return Disposable.Empty;
            }));
        }

        return Disposable.Create(() =>
        {
            Subscriptions[index] = new(Subscriptions[index].Subscribe, scheduler.Clock);
            scheduled.Dispose();
        });
    }
}
