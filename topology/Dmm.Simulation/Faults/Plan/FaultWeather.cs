using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>The faults of a plan as they come and go. Each draws its chances from a stream of its own.</summary>
internal sealed class FaultWeather
{
    private readonly List<Active> _active = [];
    private readonly Dictionary<string, Timestamp> _calmSince = new(StringComparer.Ordinal);
    private readonly SimulationQueue _queue;
    private readonly Action<Fault, bool> _turned;
    private readonly long _seed;

    /// <param name="plan">What goes wrong.</param>
    /// <param name="start">When the run begins.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="turned">Told of each fault as it begins (true) and as it ends (false).</param>
    public FaultWeather(FaultPlan plan, Timestamp start, SimulationQueue queue, Action<Fault, bool> turned)
    {
        (_queue, _turned, _seed) = (queue, turned, plan.Seed);
        foreach (var fault in plan.Faults)
        {
            queue.Schedule(start + fault.At, () => Begin(fault));
            queue.Schedule(start + fault.At + fault.For, () => End(fault));
        }
    }

    /// <summary>True when a fault of that kind is there, and meets what asks.</summary>
    public bool Strikes(FaultKind kind, string venue) => StruckBy(kind, venue) is not null;

    /// <summary>As <see cref="Strikes"/>: a stream of chance of the fault that strikes, or null.</summary>
    public SeededRandom? StruckBy(FaultKind kind, string venue)
    {
        foreach (var (fault, random) in _active)
            if (fault.Kind == kind && fault.Venue == venue && random.NextBool(fault.Chance)) return random;
        return null;
    }

    /// <summary>A fault of that kind is there, whatever its chance.</summary>
    public bool Has(FaultKind kind, string venue)
    {
        foreach (var (fault, _) in _active)
            if (fault.Kind == kind && fault.Venue == venue) return true;
        return false;
    }

    /// <summary>Up to that much, by chance, for each fault of that kind that strikes.</summary>
    public TimeSpan Delay(FaultKind kind, string venue, TimeSpan most) =>
        StruckBy(kind, venue) is { } random ? most * random.NextDouble() : TimeSpan.Zero;

    /// <summary>Since when no fault has been at that venue; the present while one is.</summary>
    public Timestamp CalmSince(string venue)
    {
        foreach (var (fault, _) in _active)
            if (fault.Venue == venue) return _queue.Now;
        return _calmSince.GetValueOrDefault(venue);
    }

    private void Begin(Fault fault)
    {
        _active.Add(new(fault, SeededRandom.For(_seed, $"fault/{fault.Number}")));
        _turned(fault, true);
    }

    private void End(Fault fault)
    {
        _active.RemoveAll(active => active.Fault.Number == fault.Number);
        _calmSince[fault.Venue] = _queue.Now;
        _turned(fault, false);
    }

    private readonly record struct Active(Fault Fault, SeededRandom Random);
}
