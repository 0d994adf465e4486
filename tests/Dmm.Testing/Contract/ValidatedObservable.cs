using System.Reactive.Disposables;

namespace Dmm.Testing;

// Observable.Create would put its own safeguard in front of the observer and so hide what is to be found.
internal sealed class ValidatedObservable<T>(IObservable<T> source, string where) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var validated = new ValidatedObserver<T>(observer, where);
        var subscription = SubscribeTo(validated)
            ?? throw new ContractViolationException(ContractRule.SubscribeReturnsDisposable, where, "Subscribe returned null");
        return Disposable.Create(() =>
        {
            validated.MarkDisposed();
            subscription.Dispose();
        });
    }

    private IDisposable? SubscribeTo(ValidatedObserver<T> validated)
    {
        try
        {
            return source.Subscribe(validated);
        }
        catch (Exception error) when (error is not ContractViolationException && error != validated.ThrownByObserver)
        {
            throw new ContractViolationException(
                ContractRule.SubscribeDoesNotThrow, where, $"Subscribe threw {error.GetType().Name}: {error.Message}", error);
        }
    }
}
