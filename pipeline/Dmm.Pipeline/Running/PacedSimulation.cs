using Dmm.Core;
using Dmm.Simulation;

namespace Dmm.Pipeline.Running;

/// <summary>
/// Runs a simulation at a multiple of real time, or as fast as it goes. Only when things happen on the wall's clock depends on it, never what happens.
/// </summary>
/// <param name="driver">Of the simulation.</param>
/// <param name="time">The host's clock.</param>
/// <param name="speed">Simulated seconds a second; null for as fast as it goes.</param>
internal sealed class PacedSimulation(SimulationDriver driver, TimeProvider time, double? speed)
{
    // Short enough for a screen to look alive, long enough to cost nothing.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    // As fast as it goes: how much is simulated between two looks at the wall's clock.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>Runs until that time is reached or the run is cancelled.</summary>
    /// <param name="from">The simulation's present time.</param>
    /// <param name="until">Null for without end.</param>
    /// <param name="afterBeat">Called between slices, on the thread that runs the simulation.</param>
    /// <param name="cancellation">Ends the run between two slices.</param>
    public async Task RunAsync(Timestamp from, Timestamp? until, Action<Timestamp> afterBeat, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var reached = from;
        while (!cancellation.IsCancellationRequested && (until is not { } end || reached < end))
        {
            reached = speed is { } multiple ? from + time.GetElapsedTime(started) * multiple : reached + Slice;
            if (until is { } last && reached > last) reached = last;
            driver.RunTo(reached);
            afterBeat(reached);
            if (speed is not null) await Task.Delay(Beat, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
