using System.Reactive;
using System.Reactive.Disposables;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>Records what one subscription receives, and can end it from inside a delivery.</summary>
internal sealed class Subscriber<T>(TestScheduler scheduler) : IObserver<T>, IDisposable
{
    private readonly SingleAssignmentDisposable _subscription = new();
    private int _values;

    /// <summary>The value, counted from one, during whose delivery the subscription is disposed; 0 for none.</summary>
    public int DisposesAtValue { get; init; }

    public List<Recorded<Notification<T>>> Messages { get; } = [];

    public bool HasEnded => Messages is [.., { Value.Kind: not NotificationKind.OnNext }];

    public bool IsOpen => !HasEnded && !_subscription.IsDisposed;

    public void SubscribeTo(IObservable<T> output) => _subscription.Disposable = output.Subscribe(this);

    public void OnNext(T value)
    {
        Record(Notification.CreateOnNext(value));
        if (++_values == DisposesAtValue)
            Dispose();
    }

    public void OnError(Exception error) => Record(Notification.CreateOnError<T>(error));

    public void OnCompleted() => Record(Notification.CreateOnCompleted<T>());

    public void Dispose() => _subscription.Dispose();

    private void Record(Notification<T> notification) => Messages.Add(new(scheduler.Clock, notification));
}
