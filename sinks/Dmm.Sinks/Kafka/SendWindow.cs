namespace Dmm.Sinks.Kafka;

/// <summary>Room for messages and their bytes. Who finds none waits, and gets in by order of arrival. Thread-safe.</summary>
internal sealed class SendWindow(int messagesMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private int _messages;
    private long _bytes;

    /// <summary>Completes when the message is in. A message larger than all the room gets in when it is alone.</summary>
    /// <exception cref="OperationCanceledException">It is not in.</exception>
    public ValueTask Enter(int bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_waiters.Count == 0 && HasRoom(bytes))
            {
                Take(bytes);
                return default;
            }

            var waiter = _waiters.AddLast(new Waiter(bytes));
            return new(Wait(waiter, cancellation));
        }
    }

    public void Leave(int bytes)
    {
        lock (_lock)
        {
            _messages--;
            _bytes -= bytes;
            Admit();
        }
    }

    private async Task Wait(LinkedListNode<Waiter> waiter, CancellationToken cancellation)
    {
        await using var _ = cancellation.Register(() => GiveUp(waiter, cancellation)).ConfigureAwait(false);
        await waiter.Value.Admission.Task.ConfigureAwait(false);
    }

    private void GiveUp(LinkedListNode<Waiter> waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            // Whoever is in already stays in.
            if (waiter.List is null) return;
            _waiters.Remove(waiter);
            waiter.Value.Admission.SetCanceled(cancellation);
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiters.First is { } first && HasRoom(first.Value.Bytes))
        {
            _waiters.RemoveFirst();
            Take(first.Value.Bytes);
            first.Value.Admission.SetResult();
        }
    }

    private bool HasRoom(int bytes) => _messages == 0 || (_messages < messagesMax && _bytes + bytes <= bytesMax);

    private void Take(int bytes)
    {
        _messages++;
        _bytes += bytes;
    }

    private sealed record Waiter(int Bytes)
    {
        public TaskCompletionSource Admission { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
