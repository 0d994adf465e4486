using System.Collections.Immutable;
using System.Reactive.Concurrency;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Topology;

/// <summary>The streams that only a desk with a pool has.</summary>
public sealed partial class QuotingTopology
{
    private bool HasPool => _instruments.All.Any(i => i.IsPool);

    /// <summary>What swaps on their way to pools may move the price by.</summary>
    private static Pending WirePending(StreamGraph graph, IObservable<ControlMessage> controls, StateSet states, IScheduler scheduler)
    {
        const string Name = "pending-pressures";
        var state = states.Port(Name, PendingSwapsState.Empty);
        var pressures = graph.Stream(Name, ["controls"], controls.PendingPressures(state, scheduler.Named(Name)));
        return new([Name], pressures, state);
    }

    /// <param name="Names">Of the stream.</param>
    /// <param name="Pressures">Whenever they change: quotes cannot wait.</param>
    /// <param name="State">Read when a quote is made.</param>
    private sealed record Pending(ImmutableArray<string> Names, IObservable<PendingPressure> Pressures, StatePort<PendingSwapsState> State);
}
