using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>Something that happens to the desk.</summary>
public abstract record Happening : ScenarioAct
{
    /// <summary>The venue it names; null for none, or for all.</summary>
    internal virtual string? NamedVenue => null;

    /// <summary>Names every value out of range.</summary>
    internal virtual void CollectFaults(ParameterFaults faults)
    {
    }

    /// <summary>Lets it happen, now.</summary>
    internal abstract void Take(ScenarioStage stage);
}
