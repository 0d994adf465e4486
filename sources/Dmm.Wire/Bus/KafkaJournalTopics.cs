namespace Dmm.Wire.Bus;

/// <summary>Where one asset's journal is on Kafka. Many assets may share the topics, and a partition too.</summary>
public sealed record KafkaJournalTopics
{
    public required KafkaOptions Kafka { get; init; }

    /// <summary>The traded asset, which is the key of all messages.</summary>
    public required string Asset { get; init; }

    /// <summary>Topic of the inputs.</summary>
    public string Journal { get; init; } = BusTopics.Journal;

    public string Decisions { get; init; } = BusTopics.Decisions;
}
