using System.Text;
using Confluent.Kafka;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// Sees whether another writer has claimed the journal: reads the decisions' partition, where claims come first, behind the writer's own claim.
/// What has arrived is looked through four times a second, without waiting. Where the last look is over a second ago, the process may have been
/// held still while another took over: then the brokers are asked how far the partition reaches, and it is read to there.
/// </summary>
internal sealed class KafkaFenceWatch : IDisposable
{
    private const int MessagesMax = 20_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Stillness = TimeSpan.FromSeconds(1);

    private readonly TopicPartition _partition;
    private readonly byte[] _key;
    private readonly long _epoch;
    private readonly TimeProvider _time;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private long _lookedAt;
    private long _next;

    /// <param name="options">Whose claim it is.</param>
    /// <param name="decisions">The partition.</param>
    /// <param name="claimed">Offset of the claim.</param>
    /// <param name="time">Paces the looks.</param>
    public KafkaFenceWatch(KafkaJournalOptions options, TopicPartition decisions, long claimed, TimeProvider time)
    {
        (_key, _epoch, _time, _lookedAt) = (Encoding.UTF8.GetBytes(options.Topics.Asset), options.Epoch, time, time.GetTimestamp());
        (_partition, _next) = (decisions, claimed + 1);
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
        _consumer.Assign(new TopicPartitionOffset(decisions, _next));
    }

    /// <summary>The higher epoch that was seen; null while there is none.</summary>
    /// <param name="limit">How long the brokers may take to answer; null where they are known to be away: they acknowledge nothing then.</param>
    /// <exception cref="JournalException">They did not answer.</exception>
    public long? Lost(TimeSpan? limit)
    {
        var since = _time.GetElapsedTime(_lookedAt);
        if (since < Interval) return null;
        var end = limit is { } wait && since >= Stillness ? End(wait) : 0;
        try
        {
            for (var count = 0; (count < MessagesMax || _next < end) && Consume(end, limit) is { } result; count++)
            {
                _next = result.Offset.Value + 1;
                if (result.Message.Key is not { } key || !key.AsSpan().SequenceEqual(_key)) continue;
                if (!result.Message.Headers.TryGetLastBytes(JournalHeaders.Epoch, out var epoch)) continue;
                if (JournalHeaders.Number(JournalHeaders.Epoch, epoch) is var seen && seen > _epoch) return seen;
            }
        }
        catch (ConsumeException)
        {
            // The brokers are away: what matters then is that nothing is acknowledged either.
            return null;
        }

        if (_next < end) throw Silent("its end was not read in time");
        // While they are away nothing can be known: the first look after that asks.
        if (limit is not null) _lookedAt = _time.GetTimestamp();
        return null;
    }

    private long End(TimeSpan limit)
    {
        try
        {
            var there = _consumer.QueryWatermarkOffsets(_partition, limit);
            // What retention took is not waited for.
            _next = Math.Max(_next, there.Low.Value);
            return there.High.Value;
        }
        catch (KafkaException e)
        {
            throw Silent(e.Error.Reason, e);
        }
    }

    private JournalException Silent(string why, Exception? inner = null) =>
        new(JournalFault.Unwritable, $"cannot be looked through for claims: {why}", _partition.Topic, inner);

    private ConsumeResult<byte[], byte[]>? Consume(long end, TimeSpan? limit) =>
        _consumer.Consume(_next < end && limit is { } wait ? wait : TimeSpan.Zero);

    public void Dispose() => _consumer.Dispose();
}
