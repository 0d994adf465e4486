using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core.Ports;

namespace Dmm.Operators;

internal static class KernelLift
{
    /// <summary>
    /// A chain over a kernel of its own for each subscription: made from the port's initial state, read through the port while the subscription
    /// lasts. What the kernel throws goes to the observer's OnError, as from any Select.
    /// </summary>
    public static IObservable<TOut> Lift<TState, TKernel, TOut>(
        this StatePort<TState> port, Func<TState, TKernel> create, Func<TKernel, TState> capture, Func<TKernel, IObservable<TOut>> chain,
        ViewPort<TKernel>? view = null)
        where TState : notnull => Observable.Defer(() =>
    {
        var kernel = create(port.Initial);
        return Observable.Using(
            () => StableCompositeDisposable.Create(port.Attach(() => capture(kernel)), view?.Attach(() => kernel) ?? Disposable.Empty),
            _ => chain(kernel));
    });

    public static IObservable<T> WherePresent<T>(this IObservable<T?> source)
        where T : class => source.Where(value => value is not null).Select(value => value!);

    public static IObservable<T> WherePresent<T>(this IObservable<T?> source)
        where T : struct => source.Where(value => value.HasValue).Select(value => value!.Value);
}
