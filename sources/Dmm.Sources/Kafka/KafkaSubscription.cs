using Confluent.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>One consumer: a thread that polls it, and a thread that observes, with <see cref="ReadAhead"/> between them.</summary>
internal sealed class KafkaSubscription : IDisposable
{
    private static readonly TimeSpan PollMax = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PausedPollMax = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuestionMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CloseMargin = TimeSpan.FromSeconds(5);

    private readonly IObserver<KafkaRecord> _observer;
    private readonly KafkaRecordsOptions _options;
    private readonly TimeProvider _time;
    private readonly BusHealth _health;
    private readonly Reading _reading;
    private readonly ReadAhead _ahead;
    private readonly Thread _polling;
    private readonly Thread _observing;
    private Action<IReadOnlyList<PartitionLag>> _onLags = static _ => { };
    private Action _onEnd = static () => { };
    private volatile PartitionLag[] _lags = [];
    private long _pauses;
    private volatile Exception? _failure;
    private volatile bool _isStopping;
    private volatile bool _isDisposed;
    private bool _isPaused;
    private long _storedAt;
    private long _laggedAt;

    public KafkaSubscription(IObserver<KafkaRecord> observer, KafkaRecordsOptions options, TimeProvider time, BusHealth health, Reading reading)
    {
        (_observer, _options, _time, _health, _reading) = (observer, options, time, health, reading);
        _ahead = new(options);
        _polling = new(Poll) { IsBackground = true, Name = "kafka poll" };
        _observing = new(Observe) { IsBackground = true, Name = "kafka observe" };
    }

    public IReadOnlyList<PartitionLag> Lags => _lags;

    public long Pauses => Interlocked.Read(ref _pauses);

    /// <param name="onLags">Told of each measurement.</param>
    /// <param name="onEnd">Called when the consumer is closed.</param>
    public void Start(Action<IReadOnlyList<PartitionLag>> onLags, Action onEnd)
    {
        (_onLags, _onEnd) = (onLags, onEnd);
        _polling.Start();
        _observing.Start();
    }

    /// <summary>Returns when the consumer is closed; at once on one of its own threads, and in any case soon after the longest hand-over.</summary>
    public void Dispose()
    {
        (_isDisposed, _isStopping) = (true, true);
        // Nothing that was read is observed any more, even if polling takes a while to notice.
        _ahead.Close(drop: true);
        if (Thread.CurrentThread == _polling || Thread.CurrentThread == _observing) return;
        if (_polling.Join(_options.HandOverMax + CloseMargin)) _observing.Join(CloseMargin);
    }

    private void Poll()
    {
        try
        {
            using var consumer = _reading.Begin(Builder, _ahead);
            try
            {
                while (!_isStopping) PollOnce(consumer);
            }
            finally
            {
                // Hands the partitions over.
                consumer.Close();
            }
        }
        catch (Exception failure)
        {
            _failure ??= failure as KafkaRecordsException ?? new KafkaRecordsException($"records cannot be read: {failure.Message}", failure);
        }
        finally
        {
            _ahead.Close(drop: _isStopping);
            _onEnd();
        }
    }

    private void PollOnce(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (Consume(consumer) is { Message: not null } result && _reading.Of(result.TopicPartition) is { } held)
        {
            _health.Up();
            _ahead.Add(new(result, held), held);
        }

        if (IsDue(ref _storedAt, StoreInterval)) _reading.StoreApplied(consumer);
        if (IsDue(ref _laggedAt, LagInterval)) MeasureLags(consumer);
        Pace(consumer);
    }

    private ConsumeResult<byte[]?, byte[]?>? Consume(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            return consumer.Consume(_isPaused ? PausedPollMax : PollMax);
        }
        catch (ConsumeException fault) when (fault is { Error.Code: ErrorCode.Local_AutoOffsetReset, ConsumerRecord.Topic: not null })
        {
            GoOnAfterRetention(consumer, fault);
            return null;
        }
        catch (ConsumeException fault) when (IsForGood(fault.Error))
        {
            throw Unreadable(fault);
        }
        catch (ConsumeException fault)
        {
            // The library tries again by itself.
            _health.Note(fault.Error.Reason);
            return null;
        }
    }

    /// <summary>The next record of a partition is not there. Where the oldest one there is was asked for, it is another by now.</summary>
    private void GoOnAfterRetention(IConsumer<byte[]?, byte[]?> consumer, ConsumeException fault)
    {
        var partition = fault.ConsumerRecord.TopicPartition;
        var next = consumer.Position(partition);
        try
        {
            var first = consumer.QueryWatermarkOffsets(partition, QuestionMax).Low;
            if (next == Offset.Unset && _reading.IsFromBeginning(partition)) consumer.Seek(new(partition, first));
            else if (next == Offset.Unset || next >= first) throw Unreadable(fault);
            else
            {
                throw new KafkaRecordsException(
                    $"records {next.Value} to {first.Value - 1} of {partition.Topic}/{partition.Partition.Value} were removed before they were read", fault);
            }
        }
        catch (KafkaException)
        {
            throw Unreadable(fault);
        }
    }

    private static KafkaRecordsException Unreadable(ConsumeException fault)
    {
        var at = fault.ConsumerRecord is { Topic: not null } record ? $" at {record.TopicPartitionOffset}" : "";
        return new($"records cannot be read{at}: {fault.Error.Reason}", fault);
    }

    private static bool IsForGood(Error error) => error.IsFatal || error.Code is
        ErrorCode.Local_AutoOffsetReset or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
            or ErrorCode.ClusterAuthorizationFailed;

    /// <summary>
    /// Waits for room. When the observer takes too long, fetching is paused and polling goes on, because a group forgets those who do not poll.
    /// </summary>
    private void Pace(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (_isPaused && _ahead.IsLow)
        {
            _isPaused = false;
            consumer.Resume(consumer.Assignment);
        }
        else if (_isPaused && _reading.HasGained)
        {
            consumer.Pause(consumer.Assignment);
        }
        else if (!_isPaused && !_ahead.WaitForRoom(_options.PauseAfter))
        {
            _isPaused = true;
            Interlocked.Increment(ref _pauses);
            consumer.Pause(consumer.Assignment);
        }

        _reading.HasGained = false;
    }

    private void MeasureLags(IConsumer<byte[]?, byte[]?> consumer)
    {
        var lags = new List<PartitionLag>();
        foreach (var held in _reading.Held)
        {
            var published = consumer.GetWatermarkOffsets(held.Partition).High;
            var position = held.NextObserved;
            if (published.Value >= 0 && position >= 0) lags.Add(new(held.Name, Math.Max(0, published.Value - position)));
        }

        _lags = [.. lags];
        _onLags(lags);
    }

    private void Observe()
    {
        try
        {
            while (_ahead.Take() is var (record, held))
            {
                _observer.OnNext(record);
                held.NextObserved = record.Offset + 1;
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
            _isStopping = true;
            // Its record counts as observed no more, or handing over would wait for it.
            _ahead.Close(drop: true);
            _ahead.Take();
            _polling.Join();
        }

        if (!_isDisposed && _failure is { } fault) _observer.OnError(fault);
    }

    private ConsumerBuilder<byte[]?, byte[]?> Builder(ConsumerConfig configuration) => new ConsumerBuilder<byte[]?, byte[]?>(configuration)
        .SetErrorHandler((_, error) =>
        {
            if (error.Code == ErrorCode.Local_AllBrokersDown) _health.Down();
            else _health.Note(error.Reason);
        })
        .SetStatisticsHandler((_, statistics) => _health.Take(statistics))
        // What matters comes as an error.
        .SetLogHandler(static (_, _) => { });

    private bool IsDue(ref long last, TimeSpan interval)
    {
        if (last != 0 && _time.GetElapsedTime(last) < interval) return false;
        last = _time.GetTimestamp();
        return true;
    }
}
