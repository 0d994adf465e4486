using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

public sealed class KafkaRecordsTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    [Fact]
    public async Task AssignedPartition_BeginsWhereItIsTold()
    {
        var topic = await cluster.NewTopic("assigned", partitions: 2);
        await cluster.Publish(topic, 0, 10);
        await cluster.Publish(topic, 100, 5, partition: 1);
        var observer = new RecordObserver(static _ => { });
        using (Assigned([new(new(topic, 0), 7), new(new(topic, 1), BusPosition.Beginning)]).Subscribe(observer)) await observer.Records.Count(8);

        observer.Numbers.Where(number => number < 100).ShouldBe([7, 8, 9]);
        observer.Numbers.Where(number => number >= 100).ShouldBe(Enumerable.Range(100, 5));
        var record = observer.Records.All.First(one => RecordObserver.Number(one) == 8);
        (record.Partition, record.Offset, record.At).ShouldBe((new(topic, 0), 8L, Core.Timestamp.FromUnixMilliseconds(1_700_000_008_000)));
        observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task AppliedRecords_DoNotComeAgain_AndOthersDo()
    {
        var topic = await cluster.NewTopic("applied");
        await cluster.Publish(topic, 0, 10);
        var first = new RecordObserver(record =>
        {
            if (record.Offset <= 3) record.Applied();
        });
        using (Group(topic).Subscribe(first)) await first.Records.Count(10);
        var second = new RecordObserver(static record => record.Applied());
        using (Group(topic).Subscribe(second)) await second.Records.Count(6);
        var third = new RecordObserver(static record => record.Applied());
        using (Group(topic).Subscribe(third))
        {
            await cluster.Publish(topic, 10, 1);
            await third.Records.Count(1);
        }

        first.Numbers.ShouldBe(Enumerable.Range(0, 10));
        second.Numbers.ShouldBe(Enumerable.Range(4, 6));
        third.Numbers.ShouldBe([10]);
    }

    [Fact]
    public async Task RecordAppliedFromAnotherThreadAndLate_CountsAsLongAsItsPartitionIsHeld()
    {
        var topic = await cluster.NewTopic("late");
        await cluster.Publish(topic, 0, 6);
        var first = new RecordObserver(static _ => { });
        using (Group(topic).Subscribe(first))
        {
            var records = await first.Records.Count(6);
            // Out of order: the later one says it for those before.
            Parallel.Invoke(records[4].Applied, records[1].Applied);
        }

        first.Records.All[5].Applied();
        var second = new RecordObserver(static record => record.Applied());
        using (Group(topic).Subscribe(second)) await second.Records.Count(1);

        second.Numbers.ShouldBe([5]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoMembers_ShareThePartitionsAndHandThemOver(bool isClassic)
    {
        var topic = await cluster.NewTopic("shared", partitions: 2);
        var told = new Told<string>();
        var firstGroup = GroupOf(topic) with
        {
            OnAssigned = gained => told.Take($"first gained {gained.Length}"),
            OnRevoked = async (taken, _) =>
            {
                told.Take($"first hands over {taken.Length}");
                await Task.Yield();
                told.Take($"first handed over {taken.Length}");
            },
        };
        var secondGroup = GroupOf(topic) with { OnAssigned = gained => told.Take($"second gained {gained.Length}") };
        var first = new RecordObserver(static record => record.Applied());
        var second = new RecordObserver(static record => record.Applied());
        var one = KafkaRecords.OfGroup(Options(isClassic), firstGroup, TimeProvider.System, static _ => { }).Subscribe(first);
        await told.One(word => word == "first gained 2");
        await cluster.Publish(topic, 0, 5, partition: 0);
        await cluster.Publish(topic, 100, 5, partition: 1);
        await first.Records.Count(10);

        using var other = KafkaRecords.OfGroup(Options(isClassic), secondGroup, TimeProvider.System, static _ => { }).Subscribe(second);
        await told.One(word => word == "second gained 1");
        await cluster.Publish(topic, 5, 5, partition: 0);
        await cluster.Publish(topic, 105, 5, partition: 1);
        await first.Records.Count(15);
        await second.Records.Count(5);
        one.Dispose();
        await told.Until(all => all.Count(word => word == "second gained 1") == 2);
        await cluster.Publish(topic, 10, 1, partition: 0);
        await cluster.Publish(topic, 110, 1, partition: 1);
        await second.Records.Count(7);

        told.All.ShouldBe(
        [
            "first gained 2", "first hands over 1", "first handed over 1", "second gained 1", "first hands over 1", "first handed over 1", "second gained 1",
        ]);
        // Nothing lost, nothing twice, and in order in each partition.
        first.Numbers.Concat(second.Numbers).Where(number => number < 100).ShouldBe(Enumerable.Range(0, 11));
        first.Numbers.Concat(second.Numbers).Where(number => number >= 100).ShouldBe(Enumerable.Range(100, 11));
    }

    [Fact]
    public async Task HandOverThatTakesTooLong_IsCutShort()
    {
        var topic = await cluster.NewTopic("stuck");
        await cluster.Publish(topic, 0, 1);
        var told = new Told<string>();
        var group = GroupOf(topic) with
        {
            OnRevoked = (_, deadline) =>
            {
                deadline.Register(() => told.Take("cut short"));
                return Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
        };
        var observer = new RecordObserver(static record => record.Applied());
        var options = Options() with { HandOverMax = TimeSpan.FromMilliseconds(300) };
        using (KafkaRecords.OfGroup(options, group, TimeProvider.System, static _ => { }).Subscribe(observer)) await observer.Records.Count(1);

        told.All.ShouldBe(["cut short"]);
        observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task SlowObserver_FetchingIsPausedAndNothingIsLost()
    {
        var topic = await cluster.NewTopic("slow");
        await cluster.Publish(topic, 0, 3_000, size: 500);
        var told = new Told<string>();
        var blocked = new SemaphoreSlim(0);
        // The group forgets whoever does not poll for 3 s.
        var options = Options(isClassic: true) with
        {
            AheadMax = 100, AheadLow = 20, PauseAfter = TimeSpan.FromMilliseconds(50),
        };
        var group = GroupOf(topic) with { OnLost = _ => told.Take("lost"), OnAssigned = _ => told.Take("gained") };
        var observer = new RecordObserver(record =>
        {
            if (record.Offset is 50 or 1_500) blocked.Wait(TimeSpan.FromSeconds(30));
            record.Applied();
        });
        var records = KafkaRecords.OfGroup(options, group, TimeProvider.System, static _ => { });
        using (records.Subscribe(observer))
        {
            await observer.Records.Count(50);
            await Task.Delay(TimeSpan.FromSeconds(4));
            records.Pauses.ShouldBe(1);
            observer.Records.All.Count.ShouldBe(50);
            blocked.Release();
            await observer.Records.Count(1_500);
            await Task.Delay(TimeSpan.FromSeconds(3.5));
            blocked.Release();
            await observer.Records.Count(3_000);
            records.Pauses.ShouldBeGreaterThanOrEqualTo(2);
        }

        observer.Numbers.ShouldBe(Enumerable.Range(0, 3_000));
        told.All.ShouldBe(["gained"]);
    }

    [Fact]
    public async Task Lag_IsWhatIsPublishedAndNotObserved()
    {
        var topic = await cluster.NewTopic("lag");
        await cluster.Publish(topic, 0, 40);
        var blocked = new SemaphoreSlim(0);
        var observer = new RecordObserver(record =>
        {
            if (record.Offset == 30) blocked.Wait(TimeSpan.FromSeconds(30));
        });
        var records = Assigned([new(new(topic, 0), BusPosition.Beginning)]);
        using (records.Subscribe(observer))
        {
            await observer.Records.Count(30);
            await Eventually(() => records.Lags, new PartitionLag(new(topic, 0), 10));
            blocked.Release();
            await Eventually(() => records.Lags, new PartitionLag(new(topic, 0), 0));
        }

        records.Lags.ShouldBeEmpty();
    }

    [Fact]
    public async Task ObserverThatThrows_GetsItsExceptionAndTheGroupIsLeft()
    {
        var topic = await cluster.NewTopic("throws");
        await cluster.Publish(topic, 0, 10);
        var told = new Told<string>();
        var group = GroupOf(topic) with
        {
            OnRevoked = (_, _) =>
            {
                told.Take("handed over");
                return Task.CompletedTask;
            },
        };
        var observer = new RecordObserver(record =>
        {
            if (record.Offset == 3) throw new InvalidOperationException("a bug");
            record.Applied();
        });
        using (KafkaRecords.OfGroup(Options(), group, TimeProvider.System, static _ => { }).Subscribe(observer)) await observer.Errors.Count(1);
        var next = new RecordObserver(static _ => { });
        using (Group(topic).Subscribe(next)) await next.Records.Count(7);

        observer.Errors.All.ShouldHaveSingleItem().Message.ShouldBe("a bug");
        observer.Numbers.ShouldBe([0, 1, 2]);
        told.All.ShouldBe(["handed over"]);
        next.Numbers.ShouldBe(Enumerable.Range(3, 7));
    }

    [Fact]
    public async Task OffsetThatIsGone_IsAnErrorThatNamesIt()
    {
        var topic = await cluster.NewTopic("gone");
        await cluster.Publish(topic, 0, 3);
        var observer = new RecordObserver(static _ => { });
        using (Assigned([new(new(topic, 0), 1_000)]).Subscribe(observer)) await observer.Errors.Count(1);

        observer.Errors.All.ShouldHaveSingleItem().ShouldBeOfType<KafkaRecordsException>().Message.ShouldContain(topic);
        observer.Records.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task DisposedWithinOnNext_ObservesNothingMore()
    {
        var topic = await cluster.NewTopic("disposed");
        await cluster.Publish(topic, 0, 10);
        var subscription = new TaskCompletionSource<IDisposable>();
        var observer = new RecordObserver(record =>
        {
            record.Applied();
            if (record.Offset == 4) subscription.Task.Result.Dispose();
        });
        var records = Group(topic);
        var handle = records.Subscribe(observer);
        subscription.SetResult(handle);
        await observer.Records.Count(5);
        handle.Dispose();
        var next = new RecordObserver(static _ => { });
        using (Group(topic).Subscribe(next)) await next.Records.Count(5);

        observer.Numbers.ShouldBe(Enumerable.Range(0, 5));
        next.Numbers.ShouldBe(Enumerable.Range(5, 5));
        observer.Errors.All.ShouldBeEmpty();
    }

    private static KafkaGroup GroupOf(string topic) => new() { Name = $"group-of-{topic}", Topics = [topic] };

    private static async Task Eventually(Func<IReadOnlyList<PartitionLag>> lags, PartitionLag expected)
    {
        // Lags are measured once a second.
        for (var i = 0; i < 100 && !lags().SequenceEqual([expected]); i++) await Task.Delay(50);
        lags().ShouldBe([expected]);
    }

    private KafkaRecords Group(string topic) => KafkaRecords.OfGroup(Options(), GroupOf(topic), TimeProvider.System, static _ => { });

    private KafkaRecords Assigned(IEnumerable<BusPosition> positions) =>
        KafkaRecords.Assigned(Options(), [.. positions], TimeProvider.System, static _ => { });

    /// <summary>The newer protocol unless told otherwise: with the older one the mock takes nearly a session's timeout for each change of
    /// members.</summary>
    private KafkaRecordsOptions Options(bool isClassic = false) => new()
    {
        Kafka = new()
        {
            Bootstrap = cluster.Bootstrap,
            Client = isClassic
                ? new Dictionary<string, string>
                {
                    ["fetch.wait.max.ms"] = "2", ["session.timeout.ms"] = "3000", ["heartbeat.interval.ms"] = "300", ["max.poll.interval.ms"] = "3000",
                }
                : new Dictionary<string, string> { ["fetch.wait.max.ms"] = "2", ["group.protocol"] = "consumer" },
        },
    };
}
