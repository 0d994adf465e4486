using System.Text;
using Confluent.Kafka;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// Sees whether another writer has claimed the journal: reads the decisions' partition, where claims come first, behind the writer's own claim. Asks
/// nothing of the brokers and never waits; what has arrived is looked through four times a second.
/// </summary>
internal sealed class KafkaFenceWatch : IDisposable
{
    private const int MessagesMax = 20_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _key;
    private readonly long _epoch;
    private readonly TimeProvider _time;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private long _lookedAt;

    /// <param name="options">Whose claim it is.</param>
    /// <param name="decisions">The partition.</param>
    /// <param name="claimed">Offset of the claim.</param>
    /// <param name="time">Paces the looks.</param>
    public KafkaFenceWatch(KafkaJournalOptions options, TopicPartition decisions, long claimed, TimeProvider time)
    {
        (_key, _epoch, _time, _lookedAt) = (Encoding.UTF8.GetBytes(options.Topics.Asset), options.Epoch, time, time.GetTimestamp());
        var largest = options.Topics.Kafka.MessageBytesMax;
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(new Dictionary<string, string>(options.Topics.Kafka.Client))
        {
            BootstrapServers = options.Topics.Kafka.Bootstrap,
            GroupId = "dmm-journal",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 100,
            MessageMaxBytes = largest,
            FetchMaxBytes = Math.Max(largest, 8 * 1024 * 1024),
            QueuedMaxMessagesKbytes = 4 * 1024,
            FetchQueueBackoffMs = 50,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 500,
        }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        _consumer.Assign(new TopicPartitionOffset(decisions, claimed + 1));
    }

    /// <summary>The higher epoch that was seen; null while there is none.</summary>
    public long? Lost()
    {
        if (_time.GetElapsedTime(_lookedAt) < Interval) return null;
        _lookedAt = _time.GetTimestamp();
        try
        {
            for (var count = 0; count < MessagesMax && _consumer.Consume(TimeSpan.Zero) is { } result; count++)
            {
                if (result.Message.Key is not { } key || !key.AsSpan().SequenceEqual(_key)) continue;
                if (!result.Message.Headers.TryGetLastBytes(JournalHeaders.Epoch, out var epoch)) continue;
                if (JournalHeaders.Number(JournalHeaders.Epoch, epoch) is var seen && seen > _epoch) return seen;
            }
        }
        catch (ConsumeException)
        {
            // The brokers are away: what matters then is that nothing is acknowledged either.
        }

        return null;
    }

    public void Dispose() => _consumer.Dispose();
}
