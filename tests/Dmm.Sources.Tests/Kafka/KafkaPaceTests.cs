using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>Observers that take long: reading waits for them, and says how far they are behind.</summary>
public sealed class KafkaPaceTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private readonly Told<IReadOnlyList<PartitionLag>> _measured = new();

    [Fact]
    public async Task SlowObserver_FetchingIsPausedAndNothingIsLost()
    {
        var topic = await cluster.NewTopic("slow");
        await cluster.Publish(topic, 0, 3_000, size: 500);
        var told = new Told<string>();
        var blocked = new SemaphoreSlim(0);
        // The group forgets whoever does not poll for 3 s.
        var options = cluster.Reading(isClassic: true) with { AheadMax = 100, AheadLow = 20, PauseAfter = TimeSpan.FromMilliseconds(500) };
        var group = ReadTopic.GroupOf(topic) with { OnLost = _ => told.Take("lost"), OnAssigned = _ => told.Take("gained") };
        var observer = new RecordObserver(record =>
        {
            if (record.Offset is 50 or 1_500) blocked.Wait(TimeSpan.FromSeconds(60));
            record.Applied();
        });
        var records = KafkaRecords.OfGroup(options, group, TimeProvider.System, static _ => { });
        records.OnLags = _measured.Take;
        using (records.Subscribe(observer))
        {
            await PausedForLongerThanTheGroupsPatience(50, pauses: 1);
            blocked.Release();
            await PausedForLongerThanTheGroupsPatience(1_500, pauses: 2);
            blocked.Release();
            await observer.Records.Count(3_000);
        }

        observer.Numbers.ShouldBe(Enumerable.Range(0, 3_000));
        told.All.ShouldBe(["gained"]);

        async Task PausedForLongerThanTheGroupsPatience(int observed, long pauses)
        {
            await observer.Records.Count(observed);
            await _measured.Until(_ => records.Pauses == pauses, $"pause {pauses}");
            // Once a second, by the thread that polls.
            await _measured.Count(_measured.All.Count + 5);
            records.Pauses.ShouldBe(pauses);
            observer.Records.All.Count.ShouldBe(observed);
        }
    }

    [Fact]
    public async Task Lag_IsWhatIsPublishedAndNotObserved()
    {
        var topic = await cluster.NewTopic("lag");
        await cluster.Publish(topic, 0, 40);
        var blocked = new SemaphoreSlim(0);
        var observer = new RecordObserver(record =>
        {
            if (record.Offset == 30) blocked.Wait(TimeSpan.FromSeconds(60));
        });
        var records = cluster.Assigned([new(new(topic, 0), BusPosition.Beginning)]);
        records.OnLags = _measured.Take;
        using (records.Subscribe(observer))
        {
            await observer.Records.Count(30);
            await Behind(10);
            records.Lags.ShouldBe([new(new(topic, 0), 10)]);
            blocked.Release();
            await Behind(0);
            records.Lags.ShouldBe([new(new(topic, 0), 0)]);
        }

        records.Lags.ShouldBeEmpty();

        Task Behind(long lag) => _measured.One(lags => lags.SequenceEqual([new(new(topic, 0), lag)]));
    }
}
