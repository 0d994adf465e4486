using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class GasRegimesOperator
{
    /// <summary>Whether gas is in a spike, by <see cref="GasRegime"/>; for pools only.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | a gas price | a step, then the state, if a spike began or ended with it |
    /// | OnError, OnCompleted | passed on |
    /// </remarks>
    /// <param name="prices">What a swap costs in gas.</param>
    /// <param name="port">Where the state starts from, and is read.</param>
    public static IObservable<GasRegimeState> GasRegimes(this IObservable<GasPrice> prices, StatePort<GasRegimeState> port) =>
        Observable.Create<GasRegimeState>(observer =>
        {
            var state = port.Initial;
            var attachment = port.Attach(() => state);
            var subscription = prices.Subscribe(
                price =>
                {
                    var wasSpike = state.IsSpike;
                    state = GasRegime.Step(state, price);
                    if (state.IsSpike != wasSpike) observer.OnNext(state);
                },
                observer.OnError,
                observer.OnCompleted);
            return StableCompositeDisposable.Create(subscription, attachment);
        });
}
