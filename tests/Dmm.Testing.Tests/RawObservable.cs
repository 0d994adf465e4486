namespace Dmm.Testing.Tests;

/// <summary>An observable without the safeguards of Observable.Create, so that it can misbehave.</summary>
internal sealed class RawObservable<T>(Func<IObserver<T>, IDisposable> subscribe) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer) => subscribe(observer);
}
