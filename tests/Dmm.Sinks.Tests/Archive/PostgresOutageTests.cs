using System.Diagnostics;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>A server that is killed, held still, or slow, while the archive follows a journal.</summary>
public sealed class PostgresOutageTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DMM_SOAK") == "1" ? 30 : 2);

    private readonly Lazy<PostgresStore> _store = new(() => new(fixture.Server));
    private readonly StoryJournal _story = new();

    private PostgresStore Store => _store.Value;

    public void Dispose()
    {
        _story.Dispose();
        if (_store.IsValueCreated) _store.Value.Dispose();
    }

    [Fact]
    public async Task KilledWhileTheLoopRuns_CatchesUpExactly()
    {
        var (fails, works) = (NewSignal(), NewSignal());
        var told = new List<FollowStatus>();
        _story.Run();
        for (var i = 0; i < 50; i++) _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1)).Decide(StoryJournal.Inventory(i));
        _story.Flush();
        using var archive = new WatchedArchive(Store.Open());
        using (new FollowLoop("the archive", [], _story.Follow(archive), TimeProvider.System, status =>
        {
            told.Add(status);
            (status.IsWorking ? works : fails).TrySetResult();
        }))
        {
            await archive.Applied.Task.WaitAsync(Patience);
            fixture.Server.Kill();
            for (var i = 50; i < 100; i++) _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1)).Decide(StoryJournal.Inventory(i)).Flush();
            await fails.Task.WaitAsync(Patience);
            await Task.Delay(Outage);
            fixture.Server.Restart();
            await works.Task.WaitAsync(Patience);
            _story.Close();
        }

        told[^1].ShouldBe(new(true, "the archive works again: 0001-demo is taken up to input 100"));
        told[..^1].ShouldAllBe(status => !status.IsWorking && status.Detail.StartsWith($"{Store.Place}: the archive cannot be written: "));
        Store.Rows("SELECT count(*), sum(quantity) FROM fills").ShouldBe(["100|100"]);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["100|100"]);
        Store.Rows("SELECT inventory FROM mm_state").ShouldBe(["99"]);
        archive.VerifyAudit().IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void KilledBeforeTheCommit_TheSameBatchLandsOnce()
    {
        using var archive = Store.Open();
        var follower = _story.Traded().Close().Follow(archive);
        archive.BeforeCommit = fixture.Server.Kill;
        Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true)).Fault.ShouldBe(SinkFault.Unwritable);
        archive.BeforeCommit = null;
        var away = Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true));
        (away.Fault, away.Message).ShouldBe((SinkFault.Unwritable,
            $"{Store.Place}: the archive cannot be written: the server cannot be reached: Connection refused"));
        fixture.Server.Restart();
        Store.Rows("SELECT * FROM fills").ShouldBeEmpty();
        follower.CatchUp(isClosed: true).ShouldBe(24);
        Store.Rows("SELECT filled, fills FROM orders WHERE client_order_id = 'a1'").ShouldBe(["0.002|2"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task KilledAroundTheCommit_WhicheverWayItWent_NothingIsLostOrDoubled(int seed)
    {
        var wait = new Random(seed);
        using var archive = Store.Open();
        var follower = _story.Run().Flush().Follow(archive);
        for (var i = 1; i <= 3; i++)
        {
            _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1)).Decide(StoryJournal.Inventory(i)).Flush();
            var killing = Task.CompletedTask;
            archive.BeforeCommit = () =>
            {
                var until = Stopwatch.GetTimestamp() + wait.Next(2_000) * Stopwatch.Frequency / 1_000_000;
                killing = Task.Run(() =>
                {
                    while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(10);
                    fixture.Server.Kill();
                });
            };
            try
            {
                follower.CatchUp(isClosed: false);
            }
            catch (SinkException killed) when (killed.Fault == SinkFault.Unwritable)
            {
                // Whether it was committed, nobody knows: the cursor tells.
            }

            await killing;
            archive.BeforeCommit = null;
            fixture.Server.Restart();
            follower.CatchUp(isClosed: false);
            Store.Rows("SELECT filled, fills FROM orders").ShouldBe([$"{i}|{i}"], $"seed {seed}");
            Store.Rows("SELECT sequence, decision FROM cursor").ShouldBe([$"{i}|{i}"], $"seed {seed}");
            Store.Rows("SELECT count(*) FROM fills").ShouldBe([$"{i}"], $"seed {seed}");
        }

        archive.VerifyAudit().Rows.ShouldBe(1);
    }

    [Fact]
    public void AwayAtTheStart_WorksOnceItIsThere()
    {
        _ = Store;
        fixture.Server.Kill();
        using var archive = Store.Open();
        var follower = _story.Traded().Close().Follow(archive);
        Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true)).Fault.ShouldBe(SinkFault.Unwritable);
        fixture.Server.Restart();
        follower.CatchUp(isClosed: true).ShouldBe(24);
    }

    [Fact]
    public void HeldStill_IsToldWithinSecondsAndTakenUpAfterwards()
    {
        using var archive = Store.Open();
        var follower = _story.Run().Flush().Follow(archive);
        _story.Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Inventory(1)).Flush();
        follower.CatchUp(isClosed: false);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        fixture.Server.Freeze();
        var told = new List<(string Why, TimeSpan Waited)>();
        for (var i = 0; i < 2; i++)
        {
            // On the connection that was open, and when it makes a new one.
            var started = Stopwatch.GetTimestamp();
            var refused = Record.Exception(() => follower.CatchUp(isClosed: true));
            told.Add((refused?.Message ?? "", Stopwatch.GetElapsedTime(started)));
        }

        fixture.Server.Thaw();
        told.ShouldAllBe(t => t.Why == $"{Store.Place}: the archive cannot be written: the server does not answer in time");
        told.ShouldAllBe(t => t.Waited < TimeSpan.FromSeconds(9));
        follower.CatchUp(isClosed: true);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["2|2"]);
    }

    [Fact]
    public async Task ASecondAStatement_TakesItsTimeAndNobodyElses()
    {
        using (var archive = Store.Open()) archive.Position(_story.Identity);
        Store.Execute("CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$");
        foreach (var table in new[] { "runs", "fills", "orders", "audit", "cursor" })
            Store.Execute($"CREATE TRIGGER nap AFTER INSERT ON {table} EXECUTE FUNCTION nap()");
        using var slow = new WatchedArchive(Store.Open());
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Inventory(1)).Flush();
        var told = new List<FollowStatus>();
        var started = Stopwatch.GetTimestamp();
        using (new FollowLoop("the archive", [], _story.Follow(slow), TimeProvider.System, told.Add))
        {
            await slow.Began.Task.WaitAsync(Patience);
            // Whoever trades goes on meanwhile: two thousand records are in the journal while the archive is still at its first.
            for (var i = 2; i <= 1_000; i++) _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1)).Decide(StoryJournal.Inventory(i));
            _story.Flush();
            slow.Applied.Task.IsCompleted.ShouldBeFalse();
            await slow.Applied.Task.WaitAsync(Patience);
            Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(5));
            _story.Close();
        }

        told.ShouldBeEmpty();
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["1000|1000"]);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells when the first batch is given, and when it is taken.</summary>
    private sealed class WatchedArchive(PostgresArchive archive) : IArchive
    {
        public TaskCompletionSource Began { get; } = NewSignal();

        public TaskCompletionSource Applied { get; } = NewSignal();

        public FollowCursor Position(FollowedJournal journal) => archive.Position(journal);

        public void Apply(FollowBatch batch)
        {
            Began.TrySetResult();
            archive.Apply(batch);
            Applied.TrySetResult();
        }

        public AuditVerification VerifyAudit(long there = 0) => archive.VerifyAudit(there);

        public void Dispose() => archive.Dispose();
    }
}
