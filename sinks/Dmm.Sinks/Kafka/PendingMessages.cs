using Dmm.Wire.Bus;

namespace Dmm.Sinks.Kafka;

/// <summary>A message without an outcome.</summary>
internal sealed class PendingMessage(BusMessage message, int size, long number, long queuedAt, Action<BusDelivery>? onDelivery)
{
    public BusMessage Message => message;

    public int Size => size;

    public long Number => number;

    /// <summary>By the time provider's counter.</summary>
    public long QueuedAt => queuedAt;

    public Action<BusDelivery>? OnDelivery => onDelivery;

    /// <summary>Which producer it was last given to.</summary>
    public int Generation { get; set; }
}

/// <summary>Messages without an outcome, in the order in which they were published. Not thread-safe.</summary>
internal sealed class PendingMessages
{
    private readonly SortedList<long, TaskCompletionSource> _flushes = [];
    private readonly LinkedList<PendingMessage> _messages = new();
    private readonly Dictionary<long, LinkedListNode<PendingMessage>> _byNumber = [];

    // One or two: the client library tells one after the other.
    private readonly List<long> _untold = [];

    public int Count => _messages.Count;

    public PendingMessage? Oldest => _messages.First?.Value;

    public void Add(PendingMessage message) => _byNumber.Add(message.Number, _messages.AddLast(message));

    /// <summary>Takes it out, as it has its outcome; who waits for that waits on until it is told.</summary>
    /// <returns>Whether it was in.</returns>
    public bool Remove(PendingMessage message)
    {
        if (!_byNumber.Remove(message.Number, out var node)) return false;
        _messages.Remove(node);
        _untold.Add(message.Number);
        return true;
    }

    /// <summary>The outcome of one that was taken out has been told.</summary>
    public void Told(PendingMessage message)
    {
        _untold.Remove(message.Number);
        while (_flushes.Count > 0 && IsFlushed(_flushes.GetKeyAtIndex(0)))
        {
            _flushes.GetValueAtIndex(0).SetResult();
            _flushes.RemoveAt(0);
        }
    }

    public PendingMessage[] ToArray() => [.. _messages];

    /// <summary>Completes when the outcome of every message up to this one has been told.</summary>
    public Task Flushed(long number)
    {
        if (IsFlushed(number)) return Task.CompletedTask;
        if (!_flushes.TryGetValue(number, out var flush)) _flushes.Add(number, flush = new(TaskCreationOptions.RunContinuationsAsynchronously));
        return flush.Task;
    }

    private bool IsFlushed(long number) => (Oldest is not { } oldest || oldest.Number > number) && _untold.TrueForAll(untold => untold > number);
}
