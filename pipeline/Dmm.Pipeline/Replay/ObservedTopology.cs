using System.Reactive.Concurrency;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Operators;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Replay;

/// <summary>A desk's topology, built once, whose order stage can be looked into while it runs.</summary>
internal sealed class ObservedTopology(QuotingTopology inner) : ITopology
{
    private StateSet? _states;

    /// <summary>The orders that it has now.</summary>
    /// <exception cref="InvalidOperationException">It has not been built.</exception>
    public LiveOrdersState Orders => (_states ?? throw new InvalidOperationException("the topology has not been built"))
        .Current<OrderStageState>("orders").Live;

    public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
    {
        _states = states;
        return inner.Build(inputs, states, scheduler);
    }
}
