using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// Arrival times of a self-exciting process with intensity λ(t) = μ·activity(t) + Σ n·β·e^(−β·(t − tᵢ)) over its own past arrivals tᵢ (Hawkes 1971), by
/// thinning (Ogata 1981), which is exact. Its mean rate is μ/(1−n).
/// </summary>
internal sealed class HawkesArrivals(TakerParameters parameters, DailyProfile profile, Timestamp start, SeededRandom random)
{
    private double _seconds;
    private double _excitation;

    /// <summary>The next arrival; none comes before the one before it.</summary>
    public Timestamp Next()
    {
        while (true)
        {
            // Between arrivals the intensity cannot rise above this.
            var bound = parameters.BaseRate * profile.Peak + _excitation;
            var wait = random.NextExponential(bound);
            _seconds += wait;
            _excitation *= Math.Exp(-parameters.Decay * wait);
            var at = start + new TimeSpan((long)(_seconds * TimeSpan.TicksPerSecond));
            if (!random.NextBool((parameters.BaseRate * profile.At(at) + _excitation) / bound)) continue;
            _excitation += parameters.BranchingRatio * parameters.Decay;
            return at;
        }
    }
}
