using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class ToxicitiesOperator
{
    /// <summary>
    /// How toxic the flow that fills us is, per instrument and side, and the widening it asks for.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item><term>markout of a maker fill at the score's horizon</term><description>scored, one <see cref="Toxicity"/></description></item>
    /// <item><term>any other markout, or one without mid at the fill or time to fill</term><description>nothing</description></item>
    /// <item>
    /// <term>refresh cycle of an instrument</term>
    /// <description>one item for each side whose widening ends with it, buy side first</description>
    /// </item>
    /// <item><term>OnError of either source</term><description>forwarded at once</description></item>
    /// <item><term>OnCompleted</term><description>once both sources have completed</description></item>
    /// </list>
    /// </summary>
    public static IObservable<Toxicity> Toxicities(
        this IObservable<Markout> markouts, IObservable<InstrumentId> cycles, QuotingParameters parameters, StatePort<ToxicityState> port) =>
        port.Lift(
            state => new ToxicityScore(parameters, state),
            score => score.Capture(),
            score => Observable.Merge(
                    markouts.Select(markout => score.Score(markout)),
                    cycles.SelectMany(instrument => new[] { score.Cycle(instrument, Side.Buy), score.Cycle(instrument, Side.Sell) }))
                .WherePresent());
}
