using Dmm.Simulation;

namespace Dmm.Pipeline.Faults;

/// <summary>A simulation's clock and agenda for code that takes a <see cref="TimeProvider"/>: its delays and alarms end on virtual time.</summary>
internal sealed class AgendaTime(SimulationQueue queue) : TimeProvider
{
    /// <summary>Timestamps count ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => queue.Now.ToDateTimeOffset();

    public override long GetTimestamp() => queue.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new AgendaTimer(queue, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class AgendaTimer(SimulationQueue queue, Action ring) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            queue.Schedule(queue.Now + dueTime, () =>
            {
                if (version != _version) return;
                if (period > TimeSpan.Zero) Change(period, period);
                ring();
            });
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
