using Dmm.Core.Ports;
using Dmm.Sinks.Redis;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>
/// Nodes that race for an asset by seeds, on virtual time: requests and answers are delayed or lost, nodes freeze, die and come back, the store is
/// flushed and restarted, and clocks run a little unlike. Never may two nodes send at one instant.
/// </summary>
public sealed class LeaseRaceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void AnySeed_NeverTwoOwnersAndEpochsOnlyRise()
    {
        var owned = 0;
        for (var seed = 1; seed <= 300; seed++) owned += new Race(seed).Run(steps: 2_000);
        // The race is about something: nodes own the asset most of the time.
        owned.ShouldBeGreaterThan(300 * 2_000 / 4);
    }

    private sealed class Race
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly RaceTime _time = new();
        private readonly ModelLeases _store;
        private readonly Node[] _nodes;
        private readonly List<int> _used = [];
        private int _journalEpoch;

        public Race(int seed)
        {
            (_seed, _random) = (seed, new(seed));
            _store = new(_time);
            _nodes = [.. Enumerable.Range(1, 3).Select(i => new Node(this, $"node-{i}", 1 + (_random.NextDouble() - 0.5) * 0.02))];
        }

        /// <returns>Steps at which somebody owned the asset.</returns>
        public int Run(int steps)
        {
            var owned = 0;
            for (var step = 0; step < steps; step++)
            {
                _time.Now += Step;
                switch (_random.Next(400))
                {
                    case 0: _store.Flush(); break;
                    case 1: _store.Restart(); break;
                }

                foreach (var node in _nodes) node.Act();
                var owners = _nodes.Where(n => n.MaySend).ToArray();
                owners.Length.ShouldBeLessThan(2, $"seed {_seed}, step {step}: {string.Join(", ", owners.Select(o => $"{o.Name} epoch {o.Epoch}"))}");
                owned += owners.Length;
            }

            _used.ShouldBe(_used.Order().Distinct(), $"seed {_seed}: epochs in the order of their use");
            return owned;
        }

        private sealed class Node(Race race, string name, double rate) : ILeaseStore
        {
            private readonly NodeTime _clock = new(race._time, rate);
            private readonly List<(DateTimeOffset At, Action Done)> _onServer = [];
            private readonly List<(DateTimeOffset At, Action Done)> _due = [];
            private OwnershipLease? _lease;
            private bool _isAsking;
            private int _process;
            private DateTimeOffset _frozenUntil;

            public string Name => name;

            public int Epoch => _lease?.Epoch ?? 0;

            /// <summary>A frozen node sends nothing, but what it had decided to send may leave as it thaws: it counts as sending.</summary>
            public bool MaySend => _lease is { IsValid: true };

            public void Act()
            {
                // The network and the server go on while the node stands still; its answers wait.
                Deliver(isServer: true);
                if (race._time.Now < _frozenUntil) return;
                Deliver(isServer: false);
                switch (race._random.Next(300))
                {
                    case < 3: _frozenUntil = race._time.Now + TimeSpan.FromSeconds(race._random.Next(1, 12)); return;
                    case 3: Die(); return;
                    case 4 when MaySend: Observe(_lease!.ReleaseAsync()); return;
                }

                if (_isAsking || race._random.Next(8) > 0) return;
                Observe(MaySend ? _lease!.RenewAsync() : AskAsync());
            }

            public Task<LeaseGrant> AcquireAsync(string asset, string node, int floorEpoch, TimeSpan ttl) =>
                Remote(() => race._store.AcquireAsync(asset, node, floorEpoch, ttl));

            public Task<bool> RenewAsync(string asset, string node, int epoch, TimeSpan ttl) =>
                Remote(() => race._store.RenewAsync(asset, node, epoch, ttl));

            public Task ReleaseAsync(string asset, string node, int epoch) => Remote(async () =>
            {
                await race._store.ReleaseAsync(asset, node, epoch);
                return true;
            });

            private async Task AskAsync()
            {
                _isAsking = true;
                try
                {
                    var request = new LeaseRequest("DCT", name, race._journalEpoch);
                    var reply = await OwnershipLease.AcquireAsync(this, _clock, request, _ => { }).ConfigureAwait(false);
                    if (reply is not LeaseReply.Granted granted) return;
                    _lease = granted.Lease;
                    race._used.Add(_lease.Epoch);
                    // As a run's header does, before the first order.
                    race._journalEpoch = Math.Max(race._journalEpoch, _lease.Epoch);
                }
                finally
                {
                    _isAsking = false;
                }
            }

            /// <summary>The process is gone with all it knew; the next one has the same name.</summary>
            private void Die()
            {
                _lease?.Dispose();
                _lease = null;
                _due.Clear();
                _isAsking = false;
                _process++;
            }

            /// <summary>Arrives after a while, and its answer after another; either may be lost, which the sender sees as a timeout.</summary>
            private Task<T> Remote<T>(Func<Task<T>> work)
            {
                var answer = new TaskCompletionSource<T>();
                var (there, back, sender) = (Delay(), Delay(), _process);
                var isLost = race._random.Next(10) == 0;
                var arrives = isLost && race._random.Next(2) == 0 ? DateTimeOffset.MaxValue : race._time.Now + there;
                _onServer.Add((arrives, () =>
                {
                    var done = work();
                    // A request of a process that is gone is carried out, and answered to nobody.
                    if (!isLost && sender == _process) _due.Add((race._time.Now + back, () => answer.TrySetResult(done.Result)));
                }));
                var timeout = new SinkException(SinkFault.Unwritable, "timeout");
                _due.Add((race._time.Now + TimeSpan.FromSeconds(6), () => answer.TrySetException(timeout)));
                return answer.Task;
            }

            private TimeSpan Delay() => TimeSpan.FromMilliseconds(race._random.Next(4) == 0 ? race._random.Next(4_000) : race._random.Next(60));

            private void Deliver(bool isServer)
            {
                var queue = isServer ? _onServer : _due;
                foreach (var message in queue.Where(m => m.At <= race._time.Now).OrderBy(m => m.At).ToArray())
                {
                    queue.Remove(message);
                    message.Done();
                }
            }

            /// <summary>A fault is part of the race; anything else ends it.</summary>
            private static void Observe(Task work) => work.ContinueWith(
                static failed => failed.Exception!.Handle(e => e is SinkException), CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private sealed class RaceTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A node's monotonic clock, a little fast or slow. No timer ever fires: <see cref="OwnershipLease.IsValid"/> is what counts.</summary>
    private sealed class NodeTime(RaceTime world, double rate) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)((world.Now - DateTimeOffset.UnixEpoch).Ticks * rate);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
