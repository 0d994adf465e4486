using Confluent.Kafka;
using Dmm.Testing.Servers;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>Fills topics, by nothing but the client library.</summary>
internal static class Publishing
{
    /// <summary>Publishes numbers as values to a partition; returns when they are stored.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="topic">Its name.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    /// <param name="partition">From 0.</param>
    /// <param name="size">Bytes of each value.</param>
    public static async Task Publish(this KafkaCluster cluster, string topic, int first, int count, int partition = 0, int size = sizeof(int))
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = cluster.Bootstrap, LingerMs = 1, EnableIdempotence = true }).Build();
        List<Task> stored = [];
        for (var i = first; i < first + count; i++)
        {
            var value = new byte[size];
            BitConverter.TryWriteBytes(value, i);
            // A second apart.
            var at = new Confluent.Kafka.Timestamp(DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000 + i));
            stored.Add(producer.ProduceAsync(new TopicPartition(topic, partition), new() { Key = "TON"u8.ToArray(), Value = value, Timestamp = at }));
        }

        await Task.WhenAll(stored).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
