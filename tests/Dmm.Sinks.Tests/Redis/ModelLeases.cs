using Dmm.Sinks.Redis;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>What a server does with leases, in memory and on a clock of the test's: held to the same contract as the server.</summary>
internal sealed class ModelLeases(TimeProvider time) : ILeaseStore
{
    private int _server = 1;
    private (int Epoch, int Server)? _known;
    private (int Epoch, string Node, DateTimeOffset Until)? _lease;

    /// <summary>Epochs given, in their order.</summary>
    public List<int> Given { get; } = [];

    private (int Epoch, string Node, DateTimeOffset Until)? Lease => _lease is { } lease && lease.Until > time.GetUtcNow() ? lease : null;

    public void Flush() => (_known, _lease) = (null, null);

    /// <summary>Another process with what the one before had stored.</summary>
    public void Restart() => _server++;

    public void Expire() => _lease = null;

    public Task<LeaseGrant> AcquireAsync(string asset, string node, int floorEpoch, TimeSpan ttl) => Task.FromResult(Acquire(node, floorEpoch, ttl));

    public Task<bool> RenewAsync(string asset, string node, int epoch, TimeSpan ttl) => Task.FromResult(Renew(node, epoch, ttl));

    public Task ReleaseAsync(string asset, string node, int epoch)
    {
        if (Lease is { } lease && lease.Epoch == epoch && lease.Node == node) _lease = null;
        return Task.CompletedTask;
    }

    private LeaseGrant Acquire(string node, int floor, TimeSpan ttl)
    {
        var stored = _known?.Epoch ?? 0;
        if (Lease is { } held && held.Node != node) return new(0, held.Node, held.Until - time.GetUtcNow());
        if (Lease is null && _known?.Server != _server)
        {
            _known = (Math.Max(stored, floor), _server);
            _lease = (0, "", time.GetUtcNow() + ttl);
            return new(0, "", ttl);
        }

        var epoch = Math.Max(Math.Max(stored, Lease?.Epoch ?? 0), floor) + 1;
        Put(node, epoch, ttl);
        Given.Add(epoch);
        return new(epoch, node, ttl);
    }

    private bool Renew(string node, int epoch, TimeSpan ttl)
    {
        if (_known?.Epoch > epoch || (Lease is { } held && (held.Epoch > epoch || (held.Epoch == epoch && held.Node != node)))) return false;
        Put(node, epoch, ttl);
        return true;
    }

    private void Put(string node, int epoch, TimeSpan ttl) => (_known, _lease) = ((epoch, _server), (epoch, node, time.GetUtcNow() + ttl));
}
