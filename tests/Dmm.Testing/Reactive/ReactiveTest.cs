using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>Short names for the messages and subscriptions of a test: derive from it, or <c>using static</c> it. Times are ticks of 100 ns.</summary>
public class ReactiveTest
{
    /// <summary>When <see cref="TestScheduler.Start{T}(Func{IObservable{T}})"/> creates the observable.</summary>
    public const long Created = 100;

    /// <summary>When it subscribes.</summary>
    public const long Subscribed = 200;

    /// <summary>When it disposes the subscription.</summary>
    public const long Disposed = 1000;

    /// <summary>A value at a time.</summary>
    public static Recorded<Notification<T>> OnNext<T>(long ticks, T value) => new(ticks, Notification.CreateOnNext(value));

    /// <summary>As an expectation: any value at that time for which the predicate holds.</summary>
    public static Recorded<Notification<T>> OnNext<T>(long ticks, Func<T, bool> predicate) =>
        new(ticks, new PredicateNotification<T>(NotificationKind.OnNext, predicate, null));

    /// <summary>The end without an error at a time.</summary>
    public static Recorded<Notification<T>> OnCompleted<T>(long ticks) => new(ticks, Notification.CreateOnCompleted<T>());

    /// <summary>The end with an error at a time. Errors are equal when they are the same instance.</summary>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Exception exception) => new(ticks, Notification.CreateOnError<T>(exception));

    /// <summary>As an expectation: any error at that time for which the predicate holds.</summary>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Func<Exception, bool> predicate) =>
        new(ticks, new PredicateNotification<T>(NotificationKind.OnError, null, predicate));

    /// <summary>A subscription that was disposed at <paramref name="end"/>.</summary>
    public static Subscription Subscribe(long start, long end) => new(start, end);

    /// <summary>A subscription that is still alive.</summary>
    public static Subscription Subscribe(long start) => new(start);
}
