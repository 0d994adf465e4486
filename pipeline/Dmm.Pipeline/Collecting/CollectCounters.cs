using Dmm.Core;

namespace Dmm.Pipeline.Collecting;

/// <summary>What a collector published. Thread-safe.</summary>
internal sealed class CollectCounters
{
    private long _records;
    private long _lastAt;
    private long _bytes;
    private long _stored;
    private long _failed;
    private long _rejected;

    /// <summary>Messages queued for the brokers.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Of their bodies.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Messages that the brokers acknowledged.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Messages that are not known to be stored.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Frames of venues, or lines of recordings, that could not be read.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>When the last message was queued; <see cref="Timestamp.None"/> before the first.</summary>
    public Timestamp LastAt => new(Interlocked.Read(ref _lastAt));

    public void Queued(int bytes, Timestamp at)
    {
        Interlocked.Increment(ref _records);
        Interlocked.Exchange(ref _lastAt, at.Ticks);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Delivered() => Interlocked.Increment(ref _stored);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void Reject() => Interlocked.Increment(ref _rejected);
}
