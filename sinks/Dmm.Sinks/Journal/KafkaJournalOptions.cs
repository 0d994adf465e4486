using Dmm.Core;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Journal;

/// <summary>Who writes an asset's journal to Kafka.</summary>
public sealed record KafkaJournalOptions
{
    public required KafkaJournalTopics Topics { get; init; }

    /// <summary>The fencing epoch that owning the asset gave, from 1: higher than every owner's before.</summary>
    public required long Epoch { get; init; }

    /// <summary>Names this process and no other, such as <c>host:pid:start</c>.</summary>
    public required string Writer { get; init; }

    /// <summary>How long a flush may wait for the brokers, before it says that they are away.</summary>
    public TimeSpan FlushLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="ParameterException">Names every fault.</exception>
    public KafkaJournalOptions Checked()
    {
        Topics.Kafka.Checked();
        List<string> faults = [];
        if (Topics.Asset.Length == 0) faults.Add("the asset has no name");
        if (Epoch < 1) faults.Add($"Epoch is {Epoch}: expected 1 or more");
        if (Writer.Length == 0) faults.Add("Writer is empty: expected a name that no other process has");
        if (FlushLimit <= TimeSpan.Zero || FlushLimit > TimeSpan.FromMinutes(1)) faults.Add($"FlushLimit is {FlushLimit}: expected up to a minute");
        return faults.Count == 0 ? this : throw new ParameterException("the journal on Kafka", faults);
    }
}
