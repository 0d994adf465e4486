using System.Text;
using Confluent.Kafka;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;
using Timestamp = Dmm.Core.Timestamp;

namespace Dmm.Sinks.Journal;

/// <summary>
/// Messages on their way to the brokers, kept until they are acknowledged. Inputs leave at once, decisions once all inputs are acknowledged. The
/// client sends again by itself, in order and once each, however long the brokers are away; after an error that it cannot mend it is made anew, and
/// all that is not acknowledged goes again: readers drop what they have. Its callbacks run inside the calls made here, on the caller's thread.
/// </summary>
internal sealed class KafkaOutbox : IDisposable
{
    private readonly KafkaJournalOptions _options;
    private readonly TimeProvider _time;
    private readonly byte[] _key;
    private readonly Header _epoch;
    private readonly Lane _inputs;
    private readonly Lane _decisions;
    private IProducer<byte[], byte[]> _producer;
    private string? _broken;
    private string _trouble = "no answer from the brokers";

    public KafkaOutbox(KafkaJournalOptions options, TopicPartition inputs, TopicPartition decisions, TimeProvider time)
    {
        (_options, _time, _key) = (options, time, Encoding.UTF8.GetBytes(options.Topics.Asset));
        _epoch = new(JournalHeaders.Epoch, JournalHeaders.Number(options.Epoch));
        (_inputs, _decisions) = (new(inputs), new(decisions));
        _producer = Build();
    }

    /// <summary>Bytes of the lines that are not acknowledged.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many are not acknowledged.</summary>
    public int Count => _inputs.Unacknowledged() + _decisions.Unacknowledged();

    public void Add(JournalStream stream, long run, Timestamp at, ReadOnlySpan<byte> line)
    {
        var headers = new Headers { _epoch, new Header(JournalHeaders.Run, JournalHeaders.Number(run)) };
        var item = new Item(this, Message(line.ToArray(), at, headers));
        Bytes += line.Length;
        (stream == JournalStream.Inputs ? _inputs : _decisions).Waiting.Enqueue(item);
        if (stream != JournalStream.Inputs || _broken is not null) return;
        Send(_inputs);
        _producer.Poll(TimeSpan.Zero);
    }

    /// <summary>Claims the journal: the decisions first, so that no decision counts whose input does not.</summary>
    /// <returns>Offsets of the two claims.</returns>
    public (long Inputs, long Decisions) Claim(JournalClaim claim, Timestamp at, TimeSpan limit)
    {
        var deadline = new Deadline(_time, limit);
        var decisions = Publish(_decisions);
        return (Publish(_inputs), decisions);

        long Publish(Lane lane)
        {
            var headers = new Headers { _epoch, new Header(JournalHeaders.Claim, JournalHeaders.Number(claim.Epoch)) };
            var item = new Item(this, Message(claim.ToBytes(), at, headers));
            Bytes += item.Message.Value.Length;
            lane.Waiting.Enqueue(item);
            Deliver(lane, deadline);
            return item.Offset;
        }
    }

    /// <summary>Returns once everything is acknowledged.</summary>
    /// <exception cref="JournalException">It was not within the limit; nothing is lost.</exception>
    public void Deliver(TimeSpan limit)
    {
        var deadline = new Deadline(_time, limit);
        Deliver(_inputs, deadline);
        Deliver(_decisions, deadline);
    }

    public void Dispose() => _producer.Dispose();

    private void Deliver(Lane lane, Deadline deadline)
    {
        if (_broken is not null) Restart();
        for (Send(lane); lane.Unacknowledged() > 0; Send(lane))
        {
            var left = deadline.Left;
            // Once at least, so that what has arrived meanwhile is noticed.
            _producer.Flush(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
            if (_broken is not null) throw Away(_broken);
            if (left <= TimeSpan.Zero && lane.Unacknowledged() > 0) throw Away($"not acknowledged in time: {_trouble}");
        }
    }

    private void Send(Lane lane)
    {
        try
        {
            for (; lane.Waiting.TryPeek(out var item); lane.Sent.Enqueue(lane.Waiting.Dequeue()))
                _producer.Produce(lane.Partition, item.Message, item.OnReport);
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            // Goes when there is room.
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            _broken ??= e.Error.Reason;
        }
    }

    private void Restart()
    {
        var old = _producer;
        foreach (var lane in (ReadOnlySpan<Lane>)[_inputs, _decisions]) lane.Again();
        try
        {
            _producer = Build();
        }
        catch (Exception unusable) when (unusable is KafkaException or InvalidOperationException)
        {
            // Such as no descriptor left: tried again by the next flush.
            throw Away($"the producer cannot be made anew: {unusable.Message}");
        }

        _broken = null;
        old.Dispose();
    }

    private JournalException Away(string reason) =>
        new(JournalFault.Unwritable, $"cannot be written: {reason}", $"{_inputs.Partition.Topic}[{_inputs.Partition.Partition.Value}]");

    private Message<byte[], byte[]> Message(byte[] value, Timestamp at, Headers headers) => new()
    {
        Key = _key, Value = value, Headers = headers,
        Timestamp = new(new DateTimeOffset(Math.Max(at.Ticks, DateTime.UnixEpoch.Ticks), TimeSpan.Zero)),
    };

    private IProducer<byte[], byte[]> Build() => new ProducerBuilder<byte[], byte[]>(
        new ProducerConfig(new Dictionary<string, string>(_options.Topics.Kafka.Client))
    {
        BootstrapServers = _options.Topics.Kafka.Bootstrap,
        Acks = Acks.All,
        EnableIdempotence = true,
        // An error never leaves a gap that later messages would jump.
        EnableGaplessGuarantee = true,
        // Messages wait for the brokers as long as it takes; their number is bounded by the writer.
        MessageTimeoutMs = 0,
        EnableBackgroundPoll = false,
        LingerMs = 1,
        MessageMaxBytes = _options.Topics.Kafka.MessageBytesMax,
        SocketTimeoutMs = 10_000,
        RequestTimeoutMs = 5_000,
        ReconnectBackoffMs = 20,
        ReconnectBackoffMaxMs = 500,
        RetryBackoffMs = 20,
        RetryBackoffMaxMs = 500,
        AllowAutoCreateTopics = false,
    }).SetErrorHandler((_, error) => OnError(error)).SetLogHandler(static (_, _) => { }).Build();

    private void OnError(Error error)
    {
        _trouble = error.Reason;
        if (error.IsFatal) _broken ??= error.Reason;
    }

    /// <summary>One partition's messages: those not sent yet, behind those sent and not acknowledged.</summary>
    private sealed class Lane(TopicPartition partition)
    {
        public TopicPartition Partition => partition;

        public Queue<Item> Sent { get; private set; } = new();

        public Queue<Item> Waiting { get; private set; } = new();

        public int Unacknowledged()
        {
            while (Sent.TryPeek(out var item) && item.Offset >= 0) Sent.Dequeue();
            return Sent.Count + Waiting.Count;
        }

        public void Again()
        {
            Unacknowledged();
            Waiting = new(Sent.Select(static item => item.Renewed()).Concat(Waiting));
            Sent = new();
        }
    }

    private sealed class Item(KafkaOutbox outbox, Message<byte[], byte[]> message)
    {
        private bool _isAbandoned;

        public Message<byte[], byte[]> Message => message;

        /// <summary>Negative until it is acknowledged.</summary>
        public long Offset { get; private set; } = -1;

        /// <summary>The same message for another client; what the one before still reports is not listened to.</summary>
        public Item Renewed()
        {
            _isAbandoned = true;
            return new(outbox, message);
        }

        public void OnReport(DeliveryReport<byte[], byte[]> report)
        {
            if (_isAbandoned || Offset >= 0) return;
            if (report.Error.IsError)
            {
                outbox._broken ??= report.Error.Reason;
                return;
            }

            Offset = report.Offset.Value;
            outbox.Bytes -= message.Value.Length;
        }
    }

    private readonly struct Deadline(TimeProvider time, TimeSpan limit)
    {
        private readonly long _started = time.GetTimestamp();

        public TimeSpan Left => limit - time.GetElapsedTime(_started);
    }
}
