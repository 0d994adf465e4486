using Dmm.Simulation;

namespace Dmm.Pipeline.Faults;

/// <summary>
/// Continuations of asynchronous code as events of a simulation's agenda, at its present time and in their order: one thread, no pool, the same run
/// every time. A continuation from another thread would make a run a matter of luck, and ends it.
/// </summary>
internal sealed class AgendaContext(SimulationQueue queue) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _isStrayed;
    private volatile bool _hasEnded;

    /// <summary>Nothing that waits goes on.</summary>
    public void End() => _hasEnded = true;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) _isStrayed = true;
        else if (!_hasEnded) queue.Schedule(queue.Now, () => Within(() => d(state)));
    }

    public override void Send(SendOrPostCallback d, object? state) => Within(() => d(state));

    /// <summary>Runs code whose continuations are to come back here.</summary>
    /// <exception cref="InvalidOperationException">A continuation came from another thread.</exception>
    public void Within(Action action)
    {
        if (_hasEnded) return;
        if (_isStrayed) throw new InvalidOperationException("the order path went on in another thread: expected the simulation's own");
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
