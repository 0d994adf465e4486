using Confluent.Kafka;
using Dmm.Testing.Servers;

namespace Dmm.Sources.Tests.Kafka;

public sealed class KafkaClusterTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task WhatIsPublished_IsRead()
    {
        var topic = await cluster.NewTopic("round-trip", partitions: 2);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = cluster.Bootstrap, LingerMs = 1 }).Build();
        await producer.ProduceAsync(new TopicPartition(topic, 1), new() { Key = "TON", Value = "1.234" }).WaitAsync(Patience);

        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig
            {
                BootstrapServers = cluster.Bootstrap, GroupId = topic, FetchWaitMaxMs = 1, AutoOffsetReset = AutoOffsetReset.Earliest,
            }).Build();
        consumer.Subscribe(topic);
        var record = consumer.Consume(Patience);
        consumer.Close();

        (record.Partition.Value, record.Offset.Value, record.Message.Key, record.Message.Value).ShouldBe((1, 0, "TON", "1.234"));
    }

    [Fact]
    public async Task CommandThatIsWrong_IsToldAndTheNextIsTaken()
    {
        cluster.SkipUnlessBreakable();
        (await Should.ThrowAsync<InvalidOperationException>(() => cluster.SetLeader("two words", 0, 1))).Message.ShouldContain("error cannot read");
        await cluster.SetRoundTrip(0);
    }
}
