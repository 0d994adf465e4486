using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Redis;

/// <summary>
/// The right to trade one asset, until a moment on this process's own monotonic clock: what the server believes, or what a wall clock says, changes
/// nothing. Whoever sends looks at <see cref="IsValid"/> just before. A node's name belongs to one process at a time. Thread-safe.
/// </summary>
/// <remarks>
/// The clock must go on while the process stands still. A whole machine that is suspended stops it: there the epoch in each order's id is what
/// is left.
/// </remarks>
public sealed class OwnershipLease : IDisposable
{
    private static readonly TimeSpan ShortestTtl = TimeSpan.FromMilliseconds(50);

    private readonly ILeaseStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _ttl;
    private readonly Action<LeaseStatus> _onChange;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private long _validUntil;
    private bool _hasEnded;

    private OwnershipLease(ILeaseStore store, TimeProvider time, LeaseRequest request, int epoch, long sentAt, Action<LeaseStatus> onChange)
    {
        (_store, _time, _ttl, _onChange) = (store, time, request.Ttl, onChange);
        (Asset, Node, Epoch) = (request.Asset, request.Node, epoch);
        Lost = _lost.Token;
        _validUntil = ValidFrom(sentAt);
        Status = new(LeaseState.Held, $"{Asset} is ours with epoch {epoch}");
        _timer = time.CreateTimer(static lease => ((OwnershipLease)lease!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public string Asset { get; }

    public string Node { get; }

    /// <summary>Above every epoch that was ever given for the asset; part of every client order id.</summary>
    public int Epoch { get; }

    /// <summary>The last instant at which something may be sent, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public long ValidUntil => Volatile.Read(ref _validUntil);

    /// <summary>Something may be sent now. Once false it stays so.</summary>
    public bool IsValid => !Volatile.Read(ref _hasEnded) && _time.GetTimestamp() < ValidUntil;

    /// <summary>Cancelled when the lease ends: at <see cref="ValidUntil"/> at the latest, if no renewal came in time.</summary>
    public CancellationToken Lost { get; }

    public LeaseStatus Status { get; private set; }

    /// <summary>Asks once for an asset.</summary>
    /// <param name="store">Owned by the caller.</param>
    /// <param name="time">The process's own clock, of which only the monotonic part counts.</param>
    /// <param name="request">For what.</param>
    /// <param name="onChange">Told when a renewal fails or works again, and of the end; on any thread.</param>
    /// <exception cref="SinkException">The store cannot be reached, or answers so late that the lease is over.</exception>
    public static async Task<LeaseReply> AcquireAsync(ILeaseStore store, TimeProvider time, LeaseRequest request, Action<LeaseStatus> onChange)
    {
        request.Check(ShortestTtl);
        // Before it is sent: the server counts from when it gets it, which is later.
        var sentAt = time.GetTimestamp();
        var grant = await store.AcquireAsync(request.Asset, request.Node, request.FloorEpoch, request.Ttl).ConfigureAwait(false);
        if (grant.Epoch == 0) return new LeaseReply.Held(grant.Holder, grant.HeldFor);
        var lease = new OwnershipLease(store, time, request, grant.Epoch, sentAt, onChange);
        if (lease.IsValid) return new LeaseReply.Granted(lease);
        lease.Dispose();
        throw new SinkException(SinkFault.Unwritable, $"{request.Asset} was given to {request.Node}, but the answer came too late to count");
    }

    /// <summary>Prolongs the lease once.</summary>
    /// <returns>Whether it is still ours.</returns>
    /// <exception cref="SinkException">The store cannot be reached: the lease goes on until <see cref="ValidUntil"/>.</exception>
    public async Task<bool> RenewAsync()
    {
        var sentAt = _time.GetTimestamp();
        if (!IsValid) return End(LeaseState.Lost, "it was not renewed in time");
        bool isOurs;
        try
        {
            isOurs = await _store.RenewAsync(Asset, Node, Epoch, _ttl).ConfigureAwait(false);
        }
        catch (SinkException away)
        {
            Tell(new(LeaseState.Failing, $"{Asset} cannot be renewed: {away.Message}"));
            throw;
        }

        if (!isOurs) return End(LeaseState.Lost, "another node has it, or a higher epoch was given");
        lock (_lock)
        {
            // An answer that comes after the end does not bring it back: whoever saw it end acted on that.
            if (!IsValid) return End(LeaseState.Lost, "it was not renewed in time");
            _validUntil = Math.Max(_validUntil, ValidFrom(sentAt));
            Arm();
        }

        Tell(new(LeaseState.Held, $"{Asset} is ours with epoch {Epoch}"));
        return true;
    }

    /// <summary>
    /// Renews every third of the time to live, sooner after a failure; ends when the lease is lost or the caller cancels, and does not release it.
    /// </summary>
    /// <param name="chance">From 0 up to 1, for the wait after a failure.</param>
    /// <param name="cancellation">Ends the renewals.</param>
    public async Task KeepAsync(Func<double> chance, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Lost);
        var failures = 0;
        var retry = new Backoff(_ttl / 50, _ttl / 6);
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(failures == 0 ? _ttl / 3 : retry.Delay(failures - 1, chance()), _time, end.Token).ConfigureAwait(false);
                await RenewAsync().ConfigureAwait(false);
                failures = 0;
            }
            catch (SinkException)
            {
                // Told by RenewAsync; another try is left until ValidUntil.
                failures++;
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                break;
            }
        }
    }

    /// <summary>
    /// Ends the lease here first, then gives the asset up, so that another node need not wait. What was sent must be settled by now.
    /// </summary>
    /// <exception cref="SinkException">The store cannot be reached: the asset is free after the time to live.</exception>
    public Task ReleaseAsync()
    {
        End(LeaseState.Released, "released");
        return _store.ReleaseAsync(Asset, Node, Epoch);
    }

    /// <summary>Ends the lease here; in the store it runs out by itself.</summary>
    public void Dispose()
    {
        End(LeaseState.Released, "given up");
        _timer.Dispose();
    }

    /// <summary>A tenth is left for clocks that do not run alike.</summary>
    private long ValidFrom(long sentAt) => sentAt + (long)((_ttl * 0.9).TotalSeconds * _time.TimestampFrequency);

    private void Arm()
    {
        var left = _time.GetElapsedTime(_time.GetTimestamp(), _validUntil);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            // Renewed meanwhile, or the timer came early by its coarser clock.
            if (IsValid)
            {
                Arm();
                return;
            }
        }

        End(LeaseState.Lost, "it was not renewed in time");
    }

    private bool End(LeaseState state, string reason)
    {
        lock (_lock)
        {
            if (_hasEnded) return false;
            Volatile.Write(ref _hasEnded, true);
        }

        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lost.Cancel();
        Tell(new(state, $"{Asset} with epoch {Epoch} is no longer ours: {reason}"));
        return false;
    }

    private void Tell(LeaseStatus status)
    {
        lock (_lock)
        {
            if (status == Status || Status.State >= LeaseState.Lost) return;
            Status = status;
        }

        _onChange(status);
    }
}
