using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class FillQualitiesOperator
{
    /// <summary>
    /// What fills bring in against what was quoted, per venue, with the age beyond which its quotes are too old.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item>
    /// <term>markout of a maker fill at the score's horizon, δ at quote time known</term>
    /// <description>one <see cref="FillQuality"/></description>
    /// </item>
    /// <item><term>any other markout</term><description>nothing</description></item>
    /// <item>
    /// <term>age of a quote at its first fill or end</term>
    /// <description>enters the age limit that the next item carries; nothing comes out</description>
    /// </item>
    /// <item><term>OnError of either source</term><description>forwarded at once</description></item>
    /// <item><term>OnCompleted</term><description>once both sources have completed</description></item>
    /// </list>
    /// </summary>
    public static IObservable<FillQuality> FillQualities(
        this IObservable<Markout> markouts, IObservable<QuoteAge> quoteAges, QuotingParameters parameters, StatePort<FillQualityState> port) =>
        port.Lift(
            state => new FillQualityTracker(parameters, state),
            tracker => tracker.Capture(),
            tracker => Observable.Merge(
                    markouts.Select(markout => tracker.Measure(markout)),
                    quoteAges.Do(age => tracker.Observe(age)).Select(_ => default(FillQuality?)))
                .WherePresent());
}
