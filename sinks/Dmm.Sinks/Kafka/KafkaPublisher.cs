using Confluent.Kafka;
using Dmm.Core;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Kafka;

/// <summary>
/// Publishes messages, each acknowledged by all replicas in sync. Messages of one key are stored in the order in which they were queued, once each,
/// through retries and changes of leader. Thread-safe.
/// <list type="table">
/// <item><term>limits of <see cref="KafkaPublisherOptions"/> reached</term><description>whoever publishes waits</description></item>
/// <item><term>message above <see cref="KafkaOptions.MessageBytesMax"/></term><description><see cref="MessageTooLargeException"/>; the next ones go
/// on</description></item>
/// <item><term>brokers away</term><description>told as status; messages wait up to the delivery timeout, then they are handed back as
/// failed</description></item>
/// <item><term>fatal error of the producer</term><description>it is made anew after a pause, and what has no outcome is sent again in its order:
/// stored twice at worst</description></item>
/// <item><term>it cannot be made anew</term><description>told with the reason, and tried again; messages wait up to the delivery timeout
/// meanwhile</description></item>
/// <item><term>disposal</term><description>what has no outcome is handed back as failed; flush before</description></item>
/// </list>
/// Keys go to partitions as <see cref="KeyPartition"/> says.
/// </summary>
public sealed class KafkaPublisher : IAsyncDisposable
{
    private static readonly Backoff Renewing = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    private readonly KafkaPublisherOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private readonly BusHealth _health;
    private readonly SendWindow _window;
    private readonly PendingMessages _pending = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Action<Error>, IProducer<byte[]?, byte[]>> _build;
    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]> _producer;
    private Task _renewal = Task.CompletedTask;
    private int _generation;
    private int _failures;
    private long _queued;
    private long _stored;
    private long _failed;
    private long _renewals;
    private bool _isRenewing;
    private bool _disposed;

    /// <summary>Begins to connect; brokers that are away are no error.</summary>
    /// <param name="options">Limits, and where the brokers are.</param>
    /// <param name="time">Measures how long messages wait, and gives the pauses.</param>
    /// <param name="chance">From 0 to 1: jitter of the pauses.</param>
    /// <param name="onChange">Told when the brokers are reached or lost; on a thread of the client library, must not block.</param>
    /// <exception cref="ParameterException">Names every fault of the options.</exception>
    public KafkaPublisher(KafkaPublisherOptions options, TimeProvider time, Func<double> chance, Action<BusStatus> onChange)
        : this(options, time, chance, onChange, ProducerClient.Build)
    {
    }

    /// <summary>The same, with what makes the client library's producer: at first, and after each fatal error.</summary>
    internal KafkaPublisher(KafkaPublisherOptions options, TimeProvider time, Func<double> chance, Action<BusStatus> onChange,
        Func<KafkaPublisherOptions, Action<Error>, BusHealth, IProducer<byte[]?, byte[]>> build)
    {
        (_options, _time, _chance) = (options.Checked(), time, chance);
        _health = new(options.Kafka.Bootstrap, onChange);
        _build = onError => build(_options, onError, _health);
        _window = new(options.PendingMax, options.PendingBytesMax);
        _producer = Build(++_generation);
    }

    public BusStatus Status => _health.Status;

    public PublisherCounters Counters
    {
        get
        {
            lock (_lock)
            {
                var oldest = _pending.Oldest is { } message ? _time.GetElapsedTime(message.QueuedAt) : TimeSpan.Zero;
                return new(_queued, _stored, _failed, _pending.Count, oldest, _renewals);
            }
        }
    }

    /// <summary>Queues a message; completes once it is queued. Await each before the next of its key.</summary>
    /// <param name="message">What is published.</param>
    /// <param name="onDelivery">Told its outcome, once; on a thread of the client library, must not block.</param>
    /// <param name="cancellation">Ends the waiting for room; the message is not queued then.</param>
    /// <exception cref="MessageTooLargeException">Nothing was queued.</exception>
    /// <exception cref="ObjectDisposedException">Nothing was queued.</exception>
    public async ValueTask PublishAsync(BusMessage message, Action<BusDelivery>? onDelivery = null, CancellationToken cancellation = default)
    {
        var size = message.Size;
        if (size > _options.Kafka.MessageBytesMax) throw new MessageTooLargeException(message.Topic, size, _options.Kafka.MessageBytesMax);
        await _window.Enter(size, cancellation).ConfigureAwait(false);
        PendingMessage pending;
        Error? refusal;
        lock (_lock)
        {
            if (_disposed) _window.Leave(size);
            ObjectDisposedException.ThrowIf(_disposed, this);
            pending = new(message, size, ++_queued, _time.GetTimestamp(), onDelivery);
            _pending.Add(pending);
            refusal = _isRenewing ? null : Send(pending);
        }

        if (refusal is not null) Fail(pending, refusal.Reason, mayBeStored: false);
    }

    /// <summary>Waits until the outcome of every message queued so far has been told.</summary>
    /// <returns>Whether they have, in this time.</returns>
    public async Task<bool> FlushAsync(TimeSpan patience)
    {
        Task flushed;
        lock (_lock) flushed = _pending.Flushed(_queued);
        try
        {
            await flushed.WaitAsync(patience, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _producer.Dispose();
        PendingMessage[] rest;
        lock (_lock) rest = _pending.ToArray();
        foreach (var pending in rest) Fail(pending, "the publisher was closed before it was acknowledged", mayBeStored: true);
        _stopping.Dispose();
    }

    private IProducer<byte[]?, byte[]> Build(int generation) => _build(error => Take(error, generation));

    /// <summary>Gives a message to the producer; the lock is held.</summary>
    /// <returns>Why it was refused; null when it was taken, or waits for a new producer.</returns>
    private Error? Send(PendingMessage pending)
    {
        var message = pending.Message;
        var generation = pending.Generation = _generation;
        try
        {
            _producer.Produce(message.Topic, ProducerClient.Of(message), report => Take(pending, generation, report));
            return null;
        }
        catch (ProduceException<byte[]?, byte[]> refused) when (ProducerFaults.EndsTheProducer(refused.Error))
        {
            Renew(refused.Error.Reason);
            return null;
        }
        catch (ProduceException<byte[]?, byte[]> refused)
        {
            return refused.Error;
        }
    }

    private void Take(PendingMessage pending, int generation, DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError)
        {
            if (ProducerFaults.EndsTheProducer(report.Error))
            {
                lock (_lock)
                    if (generation == _generation) Renew(report.Error.Reason);
                return;
            }

            var reason = report.Error.Code == ErrorCode.MsgSizeTooLarge
                ? $"a message for {pending.Message.Topic} takes {pending.Size} bytes with its framing: the broker's limit is lower"
                : report.Error.Reason;
            Fail(pending, reason, report.Status != PersistenceStatus.NotPersisted, generation);
            return;
        }

        lock (_lock)
        {
            if (!_pending.Remove(pending)) return;
            _stored++;
            if (generation == _generation) _failures = 0;
        }

        _health.Up();
        _window.Leave(pending.Size);
        Tell(pending, new(pending.Message, report.Partition.Value, report.Offset.Value, Failure: null, MayBeStored: false));
    }

    private void Tell(PendingMessage pending, BusDelivery outcome)
    {
        try
        {
            pending.OnDelivery?.Invoke(outcome);
        }
        finally
        {
            lock (_lock) _pending.Told(pending);
        }
    }

    private void Fail(PendingMessage pending, string reason, bool mayBeStored, int? generation = null)
    {
        lock (_lock)
        {
            // A producer that was given up says nothing about what its successor has been given.
            if ((generation is { } of && of != pending.Generation) || !_pending.Remove(pending)) return;
            _failed++;
        }

        _window.Leave(pending.Size);
        Tell(pending, new(pending.Message, Partition: -1, Offset: -1, reason, mayBeStored));
    }

    private void Take(Error error, int generation)
    {
        if (error.IsFatal)
        {
            lock (_lock)
                if (generation == _generation) Renew(error.Reason);
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown) _health.Down();
        else _health.Note(error.Reason);
    }

    /// <summary>The lock is held.</summary>
    private void Renew(string reason)
    {
        if (_disposed || _isRenewing) return;
        _isRenewing = true;
        _renewals++;
        _health.Down($"the producer failed and is made anew: {reason}");
        _renewal = Task.Run(RenewAsync);
    }

    private async Task RenewAsync()
    {
        do
        {
            // Until then the old producer's outcomes still count.
            await Task.Delay(Renewing.Delay(_failures++, _chance()), _time, _stopping.Token).ConfigureAwait(false);
        }
        while (!TryRenew());
    }

    /// <summary>Whether there is a new producer, which has been given what is left; else this is to be tried again.</summary>
    private bool TryRenew()
    {
        _producer.Dispose();
        List<(PendingMessage Message, string Reason, bool MayBeStored)> failed = [];
        string? fault = null;
        lock (_lock)
        {
            if (_disposed) return true;
            try
            {
                _producer = Build(++_generation);
                _isRenewing = false;
            }
            catch (Exception unusable)
            {
                // Whatever it is, such as no descriptor left: whoever publishes waits for us, and nobody else tries.
                fault = unusable.Message;
            }

            foreach (var pending in _pending.ToArray())
            {
                if (_time.GetElapsedTime(pending.QueuedAt) > _options.DeliveryTimeout)
                    failed.Add((pending, $"not acknowledged within {_options.DeliveryTimeout}", pending.Generation > 0));
                else if (!_isRenewing && Send(pending) is { } refusal)
                    failed.Add((pending, refusal.Reason, pending.Generation > 0));
                // It failed again: the next one takes what is left.
                if (_isRenewing && fault is null) break;
            }
        }

        if (fault is not null) _health.StillDown($"the producer cannot be made anew: {fault}");
        foreach (var (message, reason, mayBeStored) in failed) Fail(message, reason, mayBeStored);
        return fault is null;
    }
}
