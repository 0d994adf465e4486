using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>
/// Closes the loop: order intents go to simulated venues as they leave the engine, and what those say comes back as inputs, all on virtual time.
/// Timers of the engine and events of the simulation take place in the order of their times (a timer first where they are equal), however far each
/// call runs.
/// </summary>
/// <param name="queue">The agenda of venues and traders.</param>
/// <param name="observer">Told of every decision.</param>
public sealed class SimulationDriver(SimulationQueue queue, IDecisionSink observer) : IDecisionSink
{
    private readonly List<ISimulatedVenue> _venues = [];
    private JournaledEngine? _engine;

    /// <summary>Simulated venues, in the order in which they were connected.</summary>
    public IReadOnlyList<ISimulatedVenue> Venues => _venues;

    /// <summary>Orders for that venue's instrument go there from now on; those of an instrument without a venue go nowhere.</summary>
    /// <exception cref="ArgumentException">Another venue takes the orders of that instrument.</exception>
    public void Connect(ISimulatedVenue venue)
    {
        if (VenueOf(venue.Instrument.Id) is { } other)
            throw new ArgumentException($"{other.Instrument.Name} is connected already: expected one venue for each instrument", nameof(venue));
        _venues.Add(venue);
    }

    /// <summary>The engine to drive; this driver must be its sink.</summary>
    public void Drive(JournaledEngine engine) => _engine = engine;

    /// <summary>Gives the engine an input at the simulation's present time: what simulated venues call.</summary>
    public void Deliver(in Input input) => Engine.Take(queue.Now, input);

    /// <summary>Lets everything happen up to a time, that included.</summary>
    public void RunTo(Timestamp end)
    {
        Run(end, end);
        Engine.AdvanceTo(end);
    }

    /// <summary>
    /// Lets everything happen that precedes an input from outside: what venues do up to its time, that included, and timers before it. Timers of its very
    /// instant are the engine's, which fires them as it takes the input and so can stamp it with its own time.
    /// </summary>
    public void RunBefore(Timestamp input) => Run(input, input - Timestamp.Unit);

    public void OnDecision(in Decision decision)
    {
        if (decision.Body is OrderIntent intent && VenueOf(intent.Instrument) is { } venue)
            venue.Send(intent, Timestamp.Max(decision.Cause.At, queue.Now));
        observer.OnDecision(decision);
    }

    public void OnInput(in Stamp stamp, in Input input) => observer.OnInput(stamp, input);

    private JournaledEngine Engine => _engine ?? throw new InvalidOperationException("the driver has no engine yet");

    private void Run(Timestamp end, Timestamp timersTo)
    {
        while (true)
        {
            var next = queue.NextAt is { } at && at <= end ? at : timersTo;
            if (Engine.NextTimerAt is { } due && due <= next)
            {
                queue.MoveTo(due);
                Engine.AdvanceTo(due);
            }
            else if (!queue.RunNext(end))
            {
                break;
            }
        }

        queue.MoveTo(end);
    }

    private ISimulatedVenue? VenueOf(InstrumentId instrument)
    {
        foreach (var venue in _venues)
            if (venue.Instrument.Id == instrument) return venue;
        return null;
    }
}
