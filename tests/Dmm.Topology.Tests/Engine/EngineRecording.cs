using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>Keeps what an engine logged, as text that can be compared line by line.</summary>
public sealed class EngineRecording : IEngineLog
{
    public List<(Stamp Stamp, Input Input, InputOrigin Origin)> Inputs { get; } = [];

    public List<Decision> Decisions { get; } = [];

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin) => Inputs.Add((stamp, input, origin));

    public void OnDecision(in Decision decision) => Decisions.Add(decision);

    public string[] DecisionLines => [.. Decisions.Select(d => d.ToString())];

    public string[] InputLines => [.. Inputs.Select(i => $"{i.Stamp} {i.Origin} {i.Input.Control}")];
}
