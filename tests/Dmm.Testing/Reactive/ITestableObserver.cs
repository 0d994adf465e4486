using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>An observer that records what it receives with the virtual time of receipt.</summary>
public interface ITestableObserver<T> : IObserver<T>
{
    /// <summary>Everything received, in order of receipt, in ticks of 100 ns.</summary>
    IList<Recorded<Notification<T>>> Messages { get; }
}
