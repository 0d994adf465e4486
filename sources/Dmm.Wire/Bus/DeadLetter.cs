using System.Collections.Immutable;
using System.Globalization;

namespace Dmm.Wire.Bus;

/// <summary>A record that could not be read.</summary>
/// <param name="Reason">Why not.</param>
/// <param name="Source">The partition it came from.</param>
/// <param name="Offset">Where it is there.</param>
/// <param name="Key">Its key, byte for byte.</param>
/// <param name="Raw">Its value, byte for byte.</param>
public sealed record DeadLetter(string Reason, BusPartition Source, long Offset, byte[]? Key, byte[] Raw)
{
    public const string ReasonHeader = "reason";
    public const string TopicHeader = "topic";
    public const string PartitionHeader = "partition";
    public const string OffsetHeader = "offset";

    private const int ReasonLengthMax = 1_000;

    /// <summary>As it is published to <see cref="BusTopics.DeadLetters"/>: the raw bytes are the value, the rest is in the headers.</summary>
    public BusMessage ToMessage() => new()
    {
        Topic = BusTopics.DeadLetters,
        Key = Key,
        Value = Raw,
        Headers =
        [
            BusHeader.Of(ReasonHeader, Reason.Length <= ReasonLengthMax ? Reason : Reason[..ReasonLengthMax]),
            BusHeader.Of(TopicHeader, Source.Topic),
            BusHeader.Of(PartitionHeader, Source.Partition.ToString(CultureInfo.InvariantCulture)),
            BusHeader.Of(OffsetHeader, Offset.ToString(CultureInfo.InvariantCulture)),
        ],
    };

    /// <summary>Reads one back; null when a header is missing or cannot be read.</summary>
    public static DeadLetter? Read(byte[]? key, byte[] value, ImmutableArray<BusHeader> headers)
    {
        string? Text(string name) => headers.FirstOrDefault(header => header.Name == name) is { Name: not null } found ? found.Text : null;
        return Text(ReasonHeader) is { } reason
            && Text(TopicHeader) is { } topic
            && int.TryParse(Text(PartitionHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(Text(OffsetHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? new(reason, new(topic, partition), offset, key, value)
                : null;
    }
}
