using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>A scripted source that remembers who subscribed to it and when.</summary>
public interface ITestableObservable<T> : IObservable<T>
{
    /// <summary>One entry a subscription, in the order they were made; the second time is filled in on disposal.</summary>
    IList<Subscription> Subscriptions { get; }

    /// <summary>The script: absolute times for a hot source, times relative to the subscription for a cold one.</summary>
    IList<Recorded<Notification<T>>> Messages { get; }
}
