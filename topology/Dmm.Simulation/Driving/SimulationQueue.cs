using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// The clock and the agenda of simulated venues and traders, apart from the engine's: what they say reaches the engine as stamped inputs. What is due at
/// one instant runs in the order in which it was scheduled.
/// </summary>
/// <param name="start">Where the clock stands at first.</param>
public sealed class SimulationQueue(Timestamp start)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _agenda = new();
    private long _order;

    /// <summary>The clock's present time.</summary>
    public Timestamp Now { get; private set; } = start;

    /// <summary>When the next thing happens; null when nothing is on the agenda.</summary>
    public Timestamp? NextAt => _agenda.TryPeek(out _, out var due) ? new Timestamp(due.At) : null;

    /// <summary>How many things are on the agenda.</summary>
    public int Pending => _agenda.Count;

    /// <summary>Puts something on the agenda; what would lie in the past happens now.</summary>
    public void Schedule(Timestamp at, Action action) => _agenda.Enqueue(action, (Timestamp.Max(at, Now).Ticks, _order++));

    /// <summary>Lets the next thing happen, at its time, when that is not after <paramref name="limit"/>; false when nothing is due by then.</summary>
    public bool RunNext(Timestamp limit)
    {
        if (NextAt is not { } at || at > limit) return false;
        Now = at;
        _agenda.Dequeue()();
        return true;
    }

    /// <summary>Moves the clock over a time in which nothing happens.</summary>
    /// <exception cref="InvalidOperationException">The agenda holds something before that time.</exception>
    public void MoveTo(Timestamp time)
    {
        if (NextAt is { } at && at < time) throw new InvalidOperationException($"the simulation was told to move to {time}: something is due at {at}");
        Now = Timestamp.Max(Now, time);
    }
}
