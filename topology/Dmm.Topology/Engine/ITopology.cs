using System.Reactive.Concurrency;
using Dmm.Core.Messages;

namespace Dmm.Topology.Engine;

/// <summary>What can be wired between an engine's inputs and its decisions. A value: building it twice gives two independent topologies.</summary>
public interface ITopology
{
    /// <summary>Wires the streams; nothing flows before <see cref="TopologyOutputs.Connect"/>.</summary>
    /// <param name="inputs">Hot: each input as the engine takes it.</param>
    /// <param name="states">Gives every stateful operator its port.</param>
    /// <param name="scheduler">Virtual; its time during an input is that input's stamp.</param>
    TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler);
}

/// <summary>The ends of a built topology.</summary>
/// <param name="Decisions">Bodies of decisions, in the order in which they are made.</param>
/// <param name="Feedback">Own outputs that act as inputs; they re-enter by the engine's queue.</param>
/// <param name="Connect">Starts the flow, once the ends have been subscribed to; disposing the result ends it.</param>
public sealed record TopologyOutputs(IObservable<object> Decisions, IObservable<Input> Feedback, Func<IDisposable> Connect);
