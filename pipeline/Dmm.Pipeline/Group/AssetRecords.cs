using Dmm.Sources.Kafka;

namespace Dmm.Pipeline.Group;

/// <summary>
/// The records of one asset out of those that the node reads. While nobody observes them they pass: what a market was like before a desk listens it
/// learns from the next snapshot. Subscribed to by one observer at a time; records may be pushed by several threads, and are observed one by one.
/// </summary>
internal sealed class AssetRecords : IObservable<KafkaRecord>
{
    private readonly Lock _lock = new();
    private readonly Lock _pushing = new();
    private IObserver<KafkaRecord>? _observer;

    /// <summary>Hands a record on, on the thread that read it, and waits while the observer does.</summary>
    public void Push(KafkaRecord record)
    {
        lock (_pushing)
        {
            IObserver<KafkaRecord>? observer;
            lock (_lock) observer = _observer;
            if (observer is null) record.Applied();
            else observer.OnNext(record);
        }
    }

    public IDisposable Subscribe(IObserver<KafkaRecord> observer)
    {
        lock (_lock)
        {
            if (_observer is not null) throw new InvalidOperationException("the records of an asset have two observers: expected one");
            _observer = observer;
        }

        return new Subscription(this);
    }

    private sealed class Subscription(AssetRecords records) : IDisposable
    {
        public void Dispose()
        {
            lock (records._lock) records._observer = null;
        }
    }
}
