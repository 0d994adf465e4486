using Dmm.Wire.Bus;

namespace Dmm.Sinks.Kafka;

/// <summary>Publishes records that could not be read to <see cref="BusTopics.DeadLetters"/>: the raw bytes, the reason and where they came
/// from.</summary>
/// <param name="publisher">Owned by the caller.</param>
public sealed class DeadLetters(KafkaPublisher publisher)
{
    private long _queued;

    /// <summary>How many were queued since the start.</summary>
    public long Queued => Interlocked.Read(ref _queued);

    /// <summary>Queues one; completes once it is queued. The record counts as applied once <paramref name="onDelivery"/> says that it is
    /// stored.</summary>
    /// <exception cref="MessageTooLargeException">With its headers it is above the limit; nothing was queued.</exception>
    public async ValueTask PublishAsync(DeadLetter letter, Action<BusDelivery>? onDelivery = null, CancellationToken cancellation = default)
    {
        await publisher.PublishAsync(letter.ToMessage(), onDelivery, cancellation).ConfigureAwait(false);
        Interlocked.Increment(ref _queued);
    }
}
