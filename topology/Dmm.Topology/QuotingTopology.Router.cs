using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Topology;

/// <summary>The cross-venue router's streams; a topology without it has none of them.</summary>
public sealed partial class QuotingTopology
{
    /// <summary>
    /// The parameters switch it on; one that is switched off watches on, as a trade may be in flight, or a leg may still fill late.
    /// </summary>
    private bool HasRouter(StateSet states) =>
        _parameters.Router is not null || states.Restored<RouterState>("router") is not null;

    private Router WireRouter(
        StreamGraph graph, ImmutableArray<Market> markets, StatePort<RouterState> state, IScheduler scheduler, RouteEvents events, RouterViews views)
    {
        var stage = new RouterStage(_instruments, _parameters, scheduler, views);
        var steps = graph.Stream("router", ["order-updates", "fills", "controls", "trading-states", .. markets.Select(m => m.TopsName)],
            events.Routes(
                _instruments, _parameters.Router ?? new(), _parameters.Router is null ? () => double.NegativeInfinity : stage.DifferentialBps,
                stage.Situation, state, scheduler.Named("router")));
        graph.Record("router", steps.Select(step => step.Decisions).EachItem());
        return new(["router"], steps.Select(step => step.Orders).EachItem(),
            steps.Where(step => step.IsWayChanged).Select(_ => 0));
    }

    /// <param name="Names">Of the stream.</param>
    /// <param name="Legs">Orders for the order stage.</param>
    /// <param name="WayChanges">Quotes have to make way, or may come back.</param>
    private sealed record Router(ImmutableArray<string> Names, IObservable<OrderIntent> Legs, IObservable<int> WayChanges);
}
