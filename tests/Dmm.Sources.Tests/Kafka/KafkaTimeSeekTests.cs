using Dmm.Core;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

public sealed class KafkaTimeSeekTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Number i is stamped i seconds after this.</summary>
    private static readonly Timestamp Start = Timestamp.FromUnixMilliseconds(1_700_000_000_000);

    [Fact]
    public async Task EveryTime_FindsTheFirstRecordAtOrAfterIt()
    {
        var topic = await cluster.NewTopic("times");
        await cluster.Publish(topic, 0, 17);
        var seek = Seek();

        for (var i = 0; i < 17; i++)
        {
            seek.Find(new(topic, 0), Start + TimeSpan.FromSeconds(i)).ShouldBe(i);
            seek.Find(new(topic, 0), Start + TimeSpan.FromSeconds(i - 0.5)).ShouldBe(i);
        }

        seek.Find(new(topic, 0), Start - TimeSpan.FromDays(1)).ShouldBe(0);
        seek.Find(new(topic, 0), Start + TimeSpan.FromDays(1)).ShouldBe(17);
    }

    [Fact]
    public async Task EmptyPartition_FindsWhereTheNextRecordWillBe()
    {
        var topic = await cluster.NewTopic("no-times");
        Seek().Find(new(topic, 0), Start).ShouldBe(0);
    }

    [Fact]
    public async Task TimesOfTheRecordsOwn_AreSoughtInstead()
    {
        var topic = await cluster.NewTopic("own-times");
        await cluster.Publish(topic, 0, 100);
        // Pairs share a time.
        Timestamp TimeOf(KafkaRecord record) => new(1 + RecordObserver.Number(record) / 2);
        Seek(TimeOf).Find(new(topic, 0), new(1 + 20)).ShouldBe(40);
    }

    [Fact]
    public async Task RecordsRemovedAtTheFront_AreNotFound()
    {
        cluster.SkipUnlessBreakable();
        var topic = await cluster.NewTopic("truncated");
        for (var i = 0; i < 20; i++) await cluster.Publish(topic, i, 1);
        await cluster.Truncate(topic, 0, before: 12);
        Seek().Find(new(topic, 0), Start).ShouldBe(12);
        Seek().Find(new(topic, 0), Start + TimeSpan.FromSeconds(15)).ShouldBe(15);
    }

    [Fact]
    public void BrokersThatDoNotAnswer_AreNamed()
    {
        var bootstrap = $"127.0.0.1:{FreePort.Next()}";
        var seek = new KafkaTimeSeek(new() { Bootstrap = bootstrap }, static record => record.At, TimeSpan.FromMilliseconds(300));
        Should.Throw<TimeoutException>(() => seek.Find(new("topic", 3), Start)).Message.ShouldStartWith($"topic/3 cannot be searched by time: {bootstrap}");
    }

    private KafkaTimeSeek Seek(Func<KafkaRecord, Timestamp>? timeOf = null) => new(
        new() { Bootstrap = cluster.Bootstrap, Client = new Dictionary<string, string> { ["fetch.wait.max.ms"] = "2" } }, timeOf ?? (static record => record.At),
        Patience);
}
