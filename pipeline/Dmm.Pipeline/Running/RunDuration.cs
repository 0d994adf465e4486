namespace Dmm.Pipeline.Running;

/// <summary>Cancelled when a run was asked to stop, or when its time is over.</summary>
internal sealed class RunDuration : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    /// <param name="duration">Null for no end of its own.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="stop">Asks for the end.</param>
    public RunDuration(TimeSpan? duration, TimeProvider time, CancellationToken stop)
    {
        _timer = new(duration ?? Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, stop);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
