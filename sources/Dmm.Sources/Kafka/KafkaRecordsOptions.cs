using Dmm.Core;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>Limits of a consumer.</summary>
public sealed record KafkaRecordsOptions
{
    public required KafkaOptions Kafka { get; init; }

    /// <summary>Records read ahead of the observer. At this many reading waits, and if that lasts <see cref="PauseAfter"/>, fetching is
    /// paused.</summary>
    public int AheadMax { get; init; } = 10_000;

    /// <summary>Fetching paused goes on when no more than this many are left.</summary>
    public int AheadLow { get; init; } = 2_500;

    /// <summary>Bytes of the records read ahead, at which reading waits too; what the client library holds besides is as much again.</summary>
    public int AheadBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long reading waits for the observer before fetching is paused, so that the group still hears from us.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long partitions taken from us may take to be handed over.</summary>
    public TimeSpan HandOverMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ParameterException">Names every fault.</exception>
    public KafkaRecordsOptions Checked()
    {
        List<string> faults = [];
        if (AheadMax < 1) faults.Add($"AheadMax is {AheadMax}: expected 1 or more");
        if (AheadLow < 0 || AheadLow >= AheadMax)
            faults.Add($"AheadLow is {AheadLow}: expected 0 or more, and less than AheadMax, which is {AheadMax}");
        if (AheadBytesMax < 1) faults.Add($"AheadBytesMax is {AheadBytesMax}: expected 1 or more");
        if (PauseAfter <= TimeSpan.Zero || PauseAfter > TimeSpan.FromSeconds(10)) faults.Add($"PauseAfter is {PauseAfter}: expected up to 10 s");
        if (HandOverMax <= TimeSpan.Zero || HandOverMax > TimeSpan.FromMinutes(1)) faults.Add($"HandOverMax is {HandOverMax}: expected up to 1 min");
        Kafka.Checked();
        return faults.Count == 0 ? this : throw new ParameterException("the consumer's options", faults);
    }
}
