using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>
/// Whether a venue takes orders, as its adapter sees it: tells each turn once, and keeps when to look again. Thread-safe; the turns come in order.
/// </summary>
internal sealed class OrderPathState(string venue, TimeProvider time, Func<Input, CancellationToken, ValueTask> write)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private string _reason = "";
    private long _lookAgainAt;

    /// <summary>Why nothing is placed; empty while the path is open.</summary>
    public string Reason => Volatile.Read(ref _reason);

    public bool IsOpen => Reason.Length == 0;

    /// <summary>How long until it is worth to look again; zero when that is now.</summary>
    public TimeSpan UntilLook
    {
        get
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _lookAgainAt));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Closed for that long at least; true when it was open before.</summary>
    public async ValueTask<bool> CloseAsync(string reason, TimeSpan span, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var until = time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
            Volatile.Write(ref _lookAgainAt, Math.Max(_lookAgainAt, until));
            if (!IsOpen) return false;
            Volatile.Write(ref _reason, reason);
            await write(new Input(new AdapterStatus(venue, AcceptsOrders: false, reason)), cancellation);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask OpenAsync(string reason, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (IsOpen) return;
            Volatile.Write(ref _reason, "");
            await write(new Input(new AdapterStatus(venue, AcceptsOrders: true, reason)), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }
}
