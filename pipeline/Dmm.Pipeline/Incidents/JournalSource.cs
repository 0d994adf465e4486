using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;

namespace Dmm.Pipeline.Incidents;

/// <summary>Where a journal is read from: a folder of segment files, or a topic.</summary>
/// <param name="Directory">The folder; null for a topic.</param>
/// <param name="Topic">The topic of inputs; null for a folder.</param>
/// <param name="Bootstrap">Brokers of the topic.</param>
/// <param name="Asset">The traded asset whose journal it is, where a topic holds several; null for the only one.</param>
internal sealed record JournalSource(string? Directory, string? Topic, string? Bootstrap, string? Asset)
{
    /// <summary>As messages call it.</summary>
    public string Name => Directory ?? (Asset is null ? $"topic {Topic}" : $"topic {Topic}, asset {Asset}");

    /// <exception cref="BadInputException">It is not there, or holds no journal.</exception>
    public IJournalReader Open() => Directory is { } folder ? JournalFolder.Open(folder) : OpenTopic();

    // The Kafka reader plugs in here: made from Topic, Bootstrap and Asset.
    private IJournalReader OpenTopic() => throw new BadInputException($"{Name} at {Bootstrap} cannot be read: this build has no reader of topics");
}
