using System.Text;
using Confluent.Kafka;
using Dmm.Core.Ports;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>A message of the asset's.</summary>
/// <param name="Offset">Where it is.</param>
/// <param name="Epoch">Its writer's.</param>
/// <param name="Run">The run it belongs to; 0 of a claim.</param>
/// <param name="Value">A line of the journal without its line break, or a claim.</param>
internal readonly record struct LogMessage(long Offset, long Epoch, long Run, byte[] Value)
{
    public bool IsClaim => Run == 0;
}

/// <summary>The part of a log that is read: from the first offset up to, and not including, the end.</summary>
internal readonly record struct LogBounds(long First, long End);

/// <summary>Retention has removed what was about to be read, since the bounds were asked for; or the log itself is another one.</summary>
/// <param name="place">Of the first record that is not there.</param>
/// <param name="now">What is there.</param>
internal sealed class LogTrimmedException(string place, LogBounds now)
    : Exception($"{place} was removed before it was read: the log now holds offsets {now.First} to {now.End - 1}");

/// <summary>
/// The one partition of a topic that holds an asset's messages, read by offsets without a group; other assets' messages are passed over. Not
/// thread-safe. Memory: what the client fetches ahead, at most a few messages of the largest size.
/// </summary>
internal sealed class KafkaPartitionLog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _topic;
    private readonly byte[] _key;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private TopicPartition? _partition;
    private long _next = -1;
    private string _trouble = "no answer";

    /// <param name="journal">Brokers and asset.</param>
    /// <param name="topic">Which of its topics.</param>
    public KafkaPartitionLog(KafkaJournalTopics journal, string topic)
    {
        (_topic, _key) = (topic, Encoding.UTF8.GetBytes(journal.Asset));
        var largest = journal.Kafka.MessageBytesMax;
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(new Dictionary<string, string>(journal.Kafka.Client))
        {
            BootstrapServers = journal.Kafka.Bootstrap,
            // The library asks for one; it is never joined.
            GroupId = "dmm-journal",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            // Whether a topic is made is for the brokers' own configuration to say.
            AllowAutoCreateTopics = true,
            FetchWaitMaxMs = 5,
            FetchErrorBackoffMs = 20,
            MessageMaxBytes = largest,
            FetchMaxBytes = Math.Max(largest, 8 * 1024 * 1024),
            // A search asks for one record here and one there: what is fetched beyond it is thrown away.
            MaxPartitionFetchBytes = 256 * 1024,
            QueuedMinMessages = 5_000,
            // By itself a client that has fetched enough rests for a second.
            FetchQueueBackoffMs = 2,
            QueuedMaxMessagesKbytes = 8 * 1024,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 1_000,
        }).SetErrorHandler((_, error) => _trouble = error.Reason).SetLogHandler(static (_, _) => { }).Build();
    }

    public string Place(long offset) => $"{_topic}[{_partition?.Partition.Value}]@{offset}";

    /// <summary>Which partition it is.</summary>
    /// <exception cref="JournalException">The brokers do not answer, or have no such topic.</exception>
    public TopicPartition Partition => _partition ??= Locate();

    /// <summary>What is there now.</summary>
    public LogBounds Bounds() => Ask(() =>
    {
        var marks = _consumer.QueryWatermarkOffsets(Partition, Patience);
        return new LogBounds(marks.Low.Value, marks.High.Value);
    });

    /// <summary>The asset's messages within bounds. Several enumerations may take turns.</summary>
    /// <exception cref="JournalException">The brokers do not answer, or a message has not the headers it must have.</exception>
    /// <exception cref="LogTrimmedException">The next message is not there any more.</exception>
    public IEnumerable<LogMessage> Read(LogBounds bounds)
    {
        try
        {
            for (var next = bounds.First; next < bounds.End;)
            {
                if (_next != next) Assign(next);
                var result = Consume(next);
                if (result.IsPartitionEOF)
                {
                    if (result.Offset.Value >= bounds.End) break;
                    continue;
                }

                next = _next = result.Offset.Value + 1;
                if (next <= bounds.End && result.Message.Key is { } key && key.AsSpan().SequenceEqual(_key)) yield return Message(result);
            }
        }
        finally
        {
            Rest();
        }
    }

    /// <summary>
    /// Offset behind the last record that does not satisfy a condition, found by halving: exact where the condition, once true, stays true; where
    /// repeated or fenced records disturb that, not farther off than these reach.
    /// </summary>
    public long SeekFirst(LogBounds bounds, Func<LogMessage, bool> isReached)
    {
        var (low, high) = bounds;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var probe = Read(new(middle, high)).Cast<LogMessage?>().FirstOrDefault(static message => !message!.Value.IsClaim);
            if (probe is not { } message || isReached(message)) high = middle;
            else low = message.Offset + 1;
        }

        return low;
    }

    /// <summary>An offset before which as many of the asset's messages lie until that one; the first, where there are fewer.</summary>
    public long StepBack(LogBounds bounds, long from, int messages)
    {
        for (var distance = (long)messages; from - distance > bounds.First; distance *= 2)
        {
            var start = from - distance;
            if (Read(new(start, from)).Take(messages).Count() == messages) return start;
        }

        return bounds.First;
    }

    public void Dispose() => _consumer.Dispose();

    private JournalException Away(string reason, Exception? inner = null) =>
        new(JournalFault.Unwritable, $"cannot be read: {reason}", _topic, inner);

    private T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (KafkaException e)
        {
            throw Away(e.Error.Reason, e);
        }
    }

    private TopicPartition Locate() => Ask(() =>
    {
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        var reason = "";
        // A topic that is made by being asked for has no leader in the first answers.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var topic = admin.GetMetadata(_topic, Patience).Topics.Single();
            if (topic.Error.Code == ErrorCode.NoError && topic.Partitions.Count > 0)
                return new TopicPartition(_topic, KeyPartition.Of(_key, topic.Partitions.Count));
            reason = topic.Error.Reason;
            _consumer.Consume(TimeSpan.FromMilliseconds(100));
        }

        throw Away($"{reason}: the topic must be made, with the replicas that the journal shall outlive");
    });

    private void Assign(long offset)
    {
        _consumer.Assign(new TopicPartitionOffset(Partition, offset));
        _next = offset;
    }

    /// <summary>
    /// Nothing more is wanted until the next reading: a client left alone asks the brokers for more two hundred times a second. To pause instead would
    /// not do: after pause, assign and resume the client stands still for a second, or for good (librdkafka issue 5591).
    /// </summary>
    private void Rest()
    {
        _consumer.Unassign();
        _next = -1;
    }

    private ConsumeResult<byte[], byte[]> Consume(long next)
    {
        try
        {
            return _consumer.Consume(Patience) ?? throw Away(_trouble);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            _next = -1;
            throw new LogTrimmedException(Place(next), Bounds());
        }
        catch (KafkaException e)
        {
            // The client's place is not known any more.
            _next = -1;
            throw Away(e.Error.Reason, e);
        }
    }

    private LogMessage Message(ConsumeResult<byte[], byte[]> result)
    {
        var headers = result.Message.Headers;
        try
        {
            var epoch = Number(headers, JournalHeaders.Epoch);
            var isClaim = headers.TryGetLastBytes(JournalHeaders.Claim, out _);
            return new(result.Offset.Value, epoch, isClaim ? 0 : Number(headers, JournalHeaders.Run), result.Message.Value ?? []);
        }
        catch (JournalException e)
        {
            throw e.At(Place(result.Offset.Value));
        }
    }

    private static long Number(Headers headers, string name) =>
        JournalHeaders.Number(name, headers.TryGetLastBytes(name, out var value) ? value : []);
}
