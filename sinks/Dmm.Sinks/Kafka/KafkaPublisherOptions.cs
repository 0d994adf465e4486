using Dmm.Core;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Kafka;

/// <summary>Limits of a publisher.</summary>
public sealed record KafkaPublisherOptions
{
    public required KafkaOptions Kafka { get; init; }

    /// <summary>Most messages without an outcome; whoever publishes one more waits.</summary>
    public int PendingMax { get; init; } = 20_000;

    /// <summary>Most bytes of them; a single message may have more.</summary>
    public long PendingBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>A message that is not acknowledged by then has failed. The order of a key holds as long as none fails.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ParameterException">Names every fault.</exception>
    public KafkaPublisherOptions Checked()
    {
        List<string> faults = [];
        if (PendingMax < 1) faults.Add($"PendingMax is {PendingMax}: expected 1 or more");
        if (PendingBytesMax < 1) faults.Add($"PendingBytesMax is {PendingBytesMax}: expected 1 or more");
        if (DeliveryTimeout < TimeSpan.FromMilliseconds(100) || DeliveryTimeout > TimeSpan.FromDays(1))
            faults.Add($"DeliveryTimeout is {DeliveryTimeout}: expected 0.1 s to 1 day");
        Kafka.Checked();
        return faults.Count == 0 ? this : throw new ParameterException("the publisher's options", faults);
    }
}
