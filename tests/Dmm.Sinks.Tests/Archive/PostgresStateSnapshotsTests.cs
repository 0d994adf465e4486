using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>Snapshots of the state on a real server.</summary>
public sealed class PostgresStateSnapshotsTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly Lazy<PostgresStore> _store = new(() => new(fixture.Server));

    private PostgresStore Store => _store.Value;

    public void Dispose()
    {
        if (_store.IsValueCreated) _store.Value.Dispose();
    }

    [Fact]
    public void SnapshotWrittenAgain_IsTheSameRow()
    {
        using var snapshots = PostgresStateSnapshots.Open(Store.ConnectionString);
        var (one, two) = (Snapshot("DCT", 7), Snapshot("TON", 9));
        snapshots.Write([one, two]);
        snapshots.Write([two, one]);
        snapshots.Write([two, two]);
        Store.Rows("SELECT asset, journal, run, sequence, decision, as_of, state FROM state_snapshots ORDER BY asset").ShouldBe(
        [
            $"DCT|0001-demo|1|7|8|{Store.Shown(StoryJournal.Second(7))}|{{\"inventory\": \"1.5\"}}",
            $"TON|0001-demo|1|9|10|{Store.Shown(StoryJournal.Second(9))}|{{\"inventory\": \"1.5\"}}",
        ]);
    }

    [Fact]
    public void SnapshotThatIsNoJson_IsRefusedWithAllOfItsBatch()
    {
        using var snapshots = PostgresStateSnapshots.Open(Store.ConnectionString);
        Should.Throw<SinkException>(() => snapshots.Write([Snapshot("DCT", 7), Snapshot("TON", 7) with { StateJson = "{" }])).Fault
            .ShouldBe(SinkFault.Damaged);
        Store.Rows("SELECT * FROM state_snapshots").ShouldBeEmpty();
    }

    [Fact]
    public void EveryMinuteAndAtTheEnd_TheStateIsKept()
    {
        using var snapshots = PostgresStateSnapshots.Open(Store.ConnectionString);
        var clock = new TestScheduler();
        var sequence = 0L;
        var loop = new SnapshotLoop(() => [Snapshot("DCT", ++sequence)], snapshots.Write, new SchedulerTimeProvider(clock), _ => { });
        clock.AdvanceBy(TimeSpan.FromSeconds(150).Ticks);
        loop.Dispose();
        Store.Rows("SELECT sequence FROM state_snapshots ORDER BY sequence").ShouldBe(["1", "2", "3"]);
    }

    private static StateSnapshot Snapshot(string asset, long sequence) =>
        new(asset, "0001-demo", new(1, sequence, sequence + 1), StoryJournal.Second((int)sequence), "{\"inventory\":\"1.5\"}");
}
