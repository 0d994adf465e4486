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
        using (cluster.Assigned([new(new(topic, 0), 7), new(new(topic, 1), BusPosition.Beginning)]).Subscribe(observer))
            await observer.Records.Count(8);

        observer.Numbers.Where(number => number < 100).ShouldBe([7, 8, 9]);
        observer.Numbers.Where(number => number >= 100).ShouldBe(Enumerable.Range(100, 5));
        var record = observer.Records.All.First(one => RecordObserver.Number(one) == 8);
        (record.Partition, record.Offset, record.At).ShouldBe((new(topic, 0), 8L, Core.Timestamp.FromUnixMilliseconds(1_700_000_008_000)));
        observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task ObserverThatThrows_GetsItsExceptionAndTheGroupIsLeft()
    {
        var topic = await cluster.NewTopic("throws");
        await cluster.Publish(topic, 0, 10);
        var told = new Told<string>();
        var group = ReadTopic.GroupOf(topic) with
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
        using (KafkaRecords.OfGroup(cluster.Reading(), group, TimeProvider.System, static _ => { }).Subscribe(observer))
            await observer.Errors.Count(1);
        var next = new RecordObserver(static _ => { });
        using (cluster.Group(topic).Subscribe(next)) await next.Records.Count(7);

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
        using (cluster.Assigned([new(new(topic, 0), 1_000)]).Subscribe(observer)) await observer.Errors.Count(1);

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
        var records = cluster.Group(topic);
        var handle = records.Subscribe(observer);
        subscription.SetResult(handle);
        await observer.Records.Count(5);
        handle.Dispose();
        var next = new RecordObserver(static _ => { });
        using (cluster.Group(topic).Subscribe(next)) await next.Records.Count(5);

        observer.Numbers.ShouldBe(Enumerable.Range(0, 5));
        next.Numbers.ShouldBe(Enumerable.Range(5, 5));
        observer.Errors.All.ShouldBeEmpty();
    }
}
