using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class TradingStatusesOperator
{
    /// <summary>
    /// What may be quoted on each instrument, after every change of a control and at once with it. A refresh that answers it acts before the cadence.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; until the first change <see cref="TradingStates.Status"/> of the initial state holds |
    /// | breaker | emits the merged answer; its Change is set when the asset's state, multiplier or withheld sides changed |
    /// | unknown subject, multiplier below 1 | OnError with an ArgumentException: a defect in the control |
    /// | OnError | forwarded |
    /// | OnCompleted | completes |
    /// </summary>
    /// <param name="breakers">All controls, merged.</param>
    /// <param name="instruments">What the subjects of controls reach.</param>
    /// <param name="numeraireAssets">Quote assets that need no reference rate.</param>
    /// <param name="port">The merged state; <see cref="TradingStatesState.Starting"/> at first.</param>
    /// <param name="view">Shows the kernel to stages that sample it; null when there is none.</param>
    /// <param name="informing">Instruments that are not quoted; none by default.</param>
    public static IObservable<TradingStatus> TradingStatuses(
        this IObservable<BreakerState> breakers, InstrumentCatalog instruments, ImmutableArray<string> numeraireAssets, StatePort<TradingStatesState> port,
        ViewPort<TradingStates>? view = null, IReadOnlyCollection<InstrumentId>? informing = null) =>
        Observable.Create<TradingStatus>(observer =>
        {
            var states = new TradingStates(port.Initial, instruments, numeraireAssets, informing);
            return StableCompositeDisposable.Create(
                breakers.Subscribe(Take, observer.OnError, observer.OnCompleted), port.Attach(states.Capture), view?.Attach(() => states) ?? Disposable.Empty);

            void Take(BreakerState breaker)
            {
                TradingStatus status;
                try
                {
                    status = states.Take(breaker);
                }
                catch (ArgumentException error)
                {
                    observer.OnError(error);
                    return;
                }

                observer.OnNext(status);
            }
        });
}
