using System.Collections.Concurrent;
using System.Diagnostics;
using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Dmm.Testing.Servers;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>Leases on a real server that is killed, frozen, flushed and made read-only.</summary>
public sealed class RedisLeaseFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DMM_SOAK") == "1" ? 30 : 2);
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<LeaseStatus> _told = [];
    private readonly RedisServer _server = RedisServer.Start();
    private readonly RedisUnderTest _redis;

    public RedisLeaseFaultTests() => _redis = new(_server, "test");

    public void Dispose()
    {
        _redis.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task ServerKilled_TheLeaseIsLostInTimeAndTheNextEpochIsHigher()
    {
        using var leases = RedisLeases.Open(_redis.Options);
        using var lease = await OwnedAsync(leases, "a", floor: 0);
        var kept = lease.KeepAsync(() => 0.5, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        _server.Kill();
        await LostAsync(lease);
        watch.Elapsed.ShouldBeLessThan(Ttl + TimeSpan.FromSeconds(1));
        await kept;
        _told.Select(t => t.State).ShouldBe([LeaseState.Failing, LeaseState.Lost]);
        _told.First().Detail.ShouldContain($"Redis at {_server.Address} cannot be used: no ");
        // The fault itself has a length.
        await Task.Delay(Away);
        _server.Restart();
        using var next = await OwnedAsync(leases, "a", lease.Epoch);
        next.Epoch.ShouldBe(lease.Epoch + 1);
    }

    [Fact]
    public async Task ServerFrozen_TheLeaseIsLostInTime()
    {
        using var leases = RedisLeases.Open(_redis.Options);
        using var lease = await OwnedAsync(leases, "a", floor: 0);
        var kept = lease.KeepAsync(() => 0.5, CancellationToken.None);
        _server.Freeze();
        await LostAsync(lease);
        await kept;
        lease.IsValid.ShouldBeFalse();
        _server.Thaw();
        using var next = await OwnedAsync(leases, "b", lease.Epoch);
        next.Epoch.ShouldBeGreaterThan(lease.Epoch);
    }

    [Fact]
    public async Task ServerMadeReadOnly_TheLeaseIsLostInTime()
    {
        using var leases = RedisLeases.Open(_redis.Options);
        using var lease = await OwnedAsync(leases, "a", floor: 0);
        var kept = lease.KeepAsync(() => 0.5, CancellationToken.None);
        _server.MakeReadOnly();
        await LostAsync(lease);
        await kept;
        _told.First().Detail.ShouldContain("READONLY");
        _server.MakePrimary();
        using var next = await OwnedAsync(leases, "b", lease.Epoch);
        next.Epoch.ShouldBe(lease.Epoch + 1);
    }

    [Fact]
    public async Task ServerFlushedUnderALivingOwner_ItGoesOnAndNobodyElseGetsIn()
    {
        using var leases = RedisLeases.Open(_redis.Options);
        using var lease = await OwnedAsync(leases, "a", floor: 41, ttl: Patience);
        lease.Epoch.ShouldBe(42);
        _server.FlushAll();
        (await OwnershipLease.AcquireAsync(leases, TimeProvider.System, new("DCT", "b", 0) { Ttl = Ttl }, _told.Enqueue))
            .ShouldBeOfType<LeaseReply.Held>().Holder.ShouldBe("");
        (await lease.RenewAsync()).ShouldBeTrue();
        (await OwnershipLease.AcquireAsync(leases, TimeProvider.System, new("DCT", "b", 0) { Ttl = Ttl }, _told.Enqueue))
            .ShouldBeOfType<LeaseReply.Held>().Holder.ShouldBe("a");
        ((string)_redis.Side.HashGet(_redis.Key("epoch:{DCT}"), "epoch")!).ShouldBe("42");
        await lease.ReleaseAsync();
        using var next = await OwnedAsync(leases, "b", 0);
        next.Epoch.ShouldBe(43);
    }

    /// <summary>What each node would send, by the machine's one monotonic clock: in that order epochs never fall.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TwoNodesRacing_NeverSendAtOneInstant(int seed)
    {
        var journal = 0;
        var sent = new ConcurrentBag<(long At, int Epoch)>();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Task.WhenAll(Node("a", seed), Node("b", seed + 100), Flushes());
        var epochs = sent.OrderBy(s => s.At).Select(s => s.Epoch).ToArray();
        epochs.SequenceEqual(epochs.Order()).ShouldBeTrue($"seed {seed}: epochs by time {string.Join(' ', epochs)}");
        epochs.Distinct().Count().ShouldBeGreaterThan(3);

        async Task Flushes()
        {
            while (!end.IsCancellationRequested)
            {
                await Task.Delay(1_700);
                _server.FlushAll();
            }
        }

        async Task Node(string name, int chance)
        {
            var random = new Random(chance);
            using var leases = RedisLeases.Open(_redis.Options);
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await TurnAsync(name, random, leases);
                }
                catch (SinkException)
                {
                    // A busy machine: an answer that came too late.
                }
            }
        }

        async Task TurnAsync(string name, Random random, RedisLeases leases)
        {
            var request = new LeaseRequest("DCT", name, Volatile.Read(ref journal)) { Ttl = TimeSpan.FromMilliseconds(300) };
            if (await OwnershipLease.AcquireAsync(leases, TimeProvider.System, request, _ => { }) is not LeaseReply.Granted { Lease: var lease })
                return;
            using (lease)
            {
                InterlockedMax(ref journal, lease.Epoch);
                for (var renewals = random.Next(300); renewals > 0 && lease.IsValid; renewals--)
                {
                    if (MaySendAt(lease) is { } at) sent.Add((at, lease.Epoch));
                    await lease.RenewAsync();
                }

                // Either gives the asset up, or stands still without renewing and sends as long as it may.
                if (random.Next(2) == 0)
                {
                    await lease.ReleaseAsync();
                    return;
                }

                long? last = null;
                for (long? at; (at = MaySendAt(lease)) is not null; await Task.Yield()) last = at;
                if (last is { } sentAt) sent.Add((sentAt, lease.Epoch));
            }
        }

        static long? MaySendAt(OwnershipLease lease)
        {
            var at = Stopwatch.GetTimestamp();
            return lease.IsValid ? at : null;
        }
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    private static async Task LostAsync(OwnershipLease lease)
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lease.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(Patience);
    }

    /// <summary>Asks as a node does, waiting as long as it is told.</summary>
    private async Task<OwnershipLease> OwnedAsync(RedisLeases leases, string node, int floor, TimeSpan? ttl = null)
    {
        var request = new LeaseRequest("DCT", node, floor) { Ttl = Ttl };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
        {
            try
            {
                switch (await OwnershipLease.AcquireAsync(leases, TimeProvider.System, request, _told.Enqueue))
                {
                    case LeaseReply.Granted granted: return granted.Lease;
                    case LeaseReply.Held held:
                        await Task.Delay(held.For);
                        request = request with { Ttl = ttl ?? Ttl };
                        break;
                }
            }
            catch (SinkException)
            {
                await Task.Delay(20);
            }
        }

        throw new TimeoutException($"{node} did not get the asset within {Patience}");
    }
}
