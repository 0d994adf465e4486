using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>Where an engine starts: fresh, or from a snapshot.</summary>
/// <param name="At">The clock; every stamp and timer comes later.</param>
/// <param name="LastSequence">Sequence number of the last input before, 0 for none.</param>
/// <param name="LastDecision">Number of the last decision before, 0 for none.</param>
/// <param name="States">Operator states by name as JSON; empty for fresh ones.</param>
public sealed record EngineStart(Timestamp At, long LastSequence, long LastDecision, ReadOnlyMemory<byte> States)
{
    public static EngineStart Fresh(Timestamp at) => new(at, 0, 0, default);

    /// <summary>Fresh, with the states that the topology begins with written out: what a journal's first run has to hold.</summary>
    public static EngineStart Fresh(Timestamp at, ITopology topology)
    {
        using var engine = new Engine(topology, Fresh(at), new UnheardLog());
        return engine.Capture();
    }
}

/// <summary>Hears of everything that goes in and comes out, in order; the driver's hook for journal and effects.</summary>
public interface IEngineLog
{
    /// <summary>Called before the topology sees the input.</summary>
    void OnInput(in Stamp stamp, in Input input, InputOrigin origin);

    void OnDecision(in Decision decision);
}

/// <summary>Nobody listens.</summary>
internal sealed class UnheardLog : IEngineLog
{
    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
    }

    public void OnDecision(in Decision decision)
    {
    }
}

/// <summary>Something inside the engine threw; it has ended, and the host's kill path cancels everything.</summary>
public sealed class EngineFaultException(Timestamp at, long sequence, Exception inner)
    : Exception($"the engine ended at {at}, after input {sequence}: {inner.Message}", inner);
