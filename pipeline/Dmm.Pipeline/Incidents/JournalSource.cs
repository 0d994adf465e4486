using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Sources.Journal;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Incidents;

/// <summary>Where a journal is read from: a folder of segment files, or a topic.</summary>
/// <param name="Directory">The folder; null for a topic.</param>
/// <param name="Topic">The topic of inputs; null for a folder.</param>
/// <param name="Bootstrap">Brokers of the topic as given; null for those of the environment.</param>
/// <param name="Asset">The traded asset whose journal it is: the key of its messages; <see cref="StandardAsset"/> if null.</param>
internal sealed record JournalSource(string? Directory, string? Topic, string? Bootstrap, string? Asset)
{
    /// <summary>Where none is named.</summary>
    public const string StandardAsset = "DCT";

    /// <summary>As messages call it.</summary>
    public string Name => Directory ?? $"topic {Topic}, asset {Asset ?? StandardAsset}";

    /// <summary>The brokers; null where there are none, or no topic is asked for.</summary>
    /// <param name="faults">Told what is wrong with them.</param>
    public KafkaOptions? Kafka(List<string> faults) => Topic is null ? null : StoreAccess.KafkaOf(Bootstrap, faults);

    /// <exception cref="BadInputException">It is not there, or holds no journal.</exception>
    public IJournalReader Open() => Directory is { } folder ? JournalFolder.Open(folder) : OpenTopic();

    private KafkaJournalReader OpenTopic()
    {
        List<string> faults = [];
        var kafka = Kafka(faults) ?? throw new BadInputException(faults);
        var reader = new KafkaJournalReader(
            new() { Kafka = kafka, Asset = Asset ?? StandardAsset, Journal = Topic!, Decisions = DecisionsOf(Topic!) });
        if (reader.Runs().Any()) return reader;
        reader.Dispose();
        throw new BadInputException($"{Name} at {kafka.Bootstrap} holds no journal: is the asset right (--asset), "
            + $"and the topic that of the inputs ({BusTopics.Journal})?");
    }

    /// <summary>The decisions are beside the inputs: <c>x.journal.v1</c> and <c>x.decisions.v1</c>.</summary>
    private static string DecisionsOf(string topic)
    {
        var at = topic.LastIndexOf("journal", StringComparison.Ordinal);
        return at < 0
            ? throw new BadInputException($"--topic {topic}: expected a topic of inputs whose name holds 'journal', such as {BusTopics.Journal}")
            : $"{topic[..at]}decisions{topic[(at + "journal".Length)..]}";
    }
}
