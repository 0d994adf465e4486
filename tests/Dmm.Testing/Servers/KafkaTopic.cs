using Confluent.Kafka;

namespace Dmm.Testing.Servers;

/// <summary>Reads what is in a topic, by nothing but the client library.</summary>
public static class KafkaTopic
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>All records of a partition, from the first to the last there is.</summary>
    public static List<ConsumeResult<byte[], byte[]>> Read(this KafkaCluster cluster, string topic, int partition = 0)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = cluster.Bootstrap, GroupId = "reads", EnableAutoCommit = false, EnablePartitionEof = true, FetchWaitMaxMs = 1,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, partition, Offset.Beginning));
        List<ConsumeResult<byte[], byte[]>> records = [];
        while (true)
        {
            var result = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic}/{partition} was not read within {Patience}");
            if (result.IsPartitionEOF) break;
            records.Add(result);
        }

        consumer.Close();
        return records;
    }
}
