using System.Reactive.Linq;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class FlowAdjustmentChangesOperator
{
    /// <summary>
    /// What flow asks of quotes, instrument by instrument.
    /// | Event | Behaviour |
    /// |---|---|
    /// | toxicity, imbalance or fill quality | one item when it changes what is asked; else nothing |
    /// | OnError of any source | forwarded at once |
    /// | OnCompleted | once all sources have completed |
    /// </summary>
    /// <param name="toxicities">Scores of our own fills.</param>
    /// <param name="imbalances">VPIN of the public trades.</param>
    /// <param name="qualities">Realised against theoretical spread.</param>
    /// <param name="port">State; <see cref="FlowAdjustmentsState.Fresh"/> at first.</param>
    public static IObservable<FlowAdjustmentsState> FlowAdjustmentChanges(
        this IObservable<Toxicity> toxicities, IObservable<VpinReading> imbalances, IObservable<FillQuality> qualities,
        StatePort<FlowAdjustmentsState> port) => Observable.Defer(() =>
    {
        var state = port.Initial;
        return Observable.Using(
            () => port.Attach(() => state),
            _ => Observable.Merge(
                    toxicities.Select(toxicity => FlowAdjustments.Step(state, toxicity)),
                    imbalances.Select(reading => FlowAdjustments.Step(state, reading)),
                    qualities.Select(quality => FlowAdjustments.Step(state, quality)))
                .Where(next => !ReferenceEquals(next, state))
                .Select(next => state = next));
    });
}
