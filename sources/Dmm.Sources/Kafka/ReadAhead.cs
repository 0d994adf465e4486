using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>Records between the thread that polls and the one that observes. The first waits when it is full; it never holds fewer than were
/// read.</summary>
internal sealed class ReadAhead(KafkaRecordsOptions options)
{
    private readonly object _lock = new();
    private readonly LinkedList<(KafkaRecord Record, HeldPartition Held)> _records = new();
    private HeldPartition? _observing;
    private long _bytes;
    private bool _isClosed;

    /// <summary>Few enough are left to fetch again.</summary>
    public bool IsLow
    {
        get { lock (_lock) return _isClosed || (_records.Count <= options.AheadLow && _bytes <= options.AheadBytesMax / 2); }
    }

    /// <summary>Never waits: whoever adds asks for room before it reads on.</summary>
    public void Add(KafkaRecord record, HeldPartition held)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _records.AddLast((record, held));
            _bytes += record.Size;
            Monitor.PulseAll(_lock);
        }
    }

    /// <returns>Whether there is room, at once or before patience ends.</returns>
    public bool WaitForRoom(TimeSpan patience)
    {
        lock (_lock) return Wait(() => _isClosed || (_records.Count < options.AheadMax && _bytes < options.AheadBytesMax), patience);
    }

    /// <summary>Waits for the next record, which counts as being observed until the next call.</summary>
    /// <returns>Null once it is closed and nothing is left.</returns>
    public (KafkaRecord Record, HeldPartition Held)? Take()
    {
        lock (_lock)
        {
            _observing = null;
            Monitor.PulseAll(_lock);
            while (_records.Count == 0)
            {
                if (_isClosed) return null;
                Monitor.Wait(_lock);
            }

            var next = _records.First!.Value;
            _records.RemoveFirst();
            _bytes -= next.Record.Size;
            _observing = next.Held;
            Monitor.PulseAll(_lock);
            return next;
        }
    }

    /// <summary>Removes what was read of partitions, and waits until none of it is being observed.</summary>
    /// <returns>Whether that came to be before patience ended.</returns>
    public bool Drop(IReadOnlySet<HeldPartition> partitions, TimeSpan patience)
    {
        lock (_lock)
        {
            for (var node = _records.First; node is not null;)
            {
                var next = node.Next;
                if (partitions.Contains(node.Value.Held))
                {
                    _bytes -= node.Value.Record.Size;
                    _records.Remove(node);
                }

                node = next;
            }

            Monitor.PulseAll(_lock);
            return Wait(() => _observing is null || !partitions.Contains(_observing), patience);
        }
    }

    /// <summary>Takes no more; what is in can still be taken, unless it is dropped.</summary>
    public void Close(bool drop)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (drop) _records.Clear();
            Monitor.PulseAll(_lock);
        }
    }

    private bool Wait(Func<bool> condition, TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (!condition())
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0 || !Monitor.Wait(_lock, TimeSpan.FromMilliseconds(left))) return condition();
        }

        return true;
    }
}
