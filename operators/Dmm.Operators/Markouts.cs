using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class MarkoutsOperator
{
    /// <summary>
    /// For each fill, at exactly each horizon after it, how the mid moved.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item><term>fill</term><description>its horizons are awaited from the scheduler's present time; nothing comes out</description></item>
    /// <item>
    /// <term>a horizon falls due</term>
    /// <description>one <see cref="Markout"/> at the mid of that moment; same due times in the order of the fills</description>
    /// </item>
    /// <item><term>no mid when it falls due</term><description>none, and <see cref="MarkoutsState.WithoutMid"/> counts it</description></item>
    /// <item><term>restored state</term><description>the timer is set to the earliest due time awaited</description></item>
    /// <item><term>OnError</term><description>forwarded at once; what was awaited is given up</description></item>
    /// <item><term>OnCompleted</term><description>after the last markout awaited</description></item>
    /// </list>
    /// </summary>
    public static IObservable<Markout> Markouts(
        this IObservable<Fill> fills, IMidView mids, ToxicityParameters parameters, StatePort<MarkoutsState> port, IScheduler scheduler) =>
        Observable.Create<Markout>(observer => new AwaitedMarkouts(mids, new(parameters, port.Initial), observer, scheduler).Run(fills, port));
}
