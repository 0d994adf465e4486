using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>Reads topics of a test with short waits.</summary>
internal static class ReadTopic
{
    public static KafkaGroup GroupOf(string topic) => new() { Name = $"group-of-{topic}", Topics = [topic] };

    public static KafkaRecords Group(this KafkaCluster cluster, string topic) =>
        KafkaRecords.OfGroup(cluster.Reading(), GroupOf(topic), TimeProvider.System, static _ => { });

    public static KafkaRecords Assigned(this KafkaCluster cluster, IEnumerable<BusPosition> positions) =>
        KafkaRecords.Assigned(cluster.Reading(), [.. positions], TimeProvider.System, static _ => { });

    /// <summary>
    /// The newer protocol unless told otherwise: with the older one the mock takes nearly a session's timeout for each change of members.
    /// </summary>
    public static KafkaRecordsOptions Reading(this KafkaCluster cluster, bool isClassic = false) => new()
    {
        Kafka = new()
        {
            Bootstrap = cluster.Bootstrap,
            Client = isClassic
                ? new Dictionary<string, string>
                {
                    ["fetch.wait.max.ms"] = "2", ["session.timeout.ms"] = "3000", ["heartbeat.interval.ms"] = "300",
                    ["max.poll.interval.ms"] = "3000",
                }
                : new Dictionary<string, string> { ["fetch.wait.max.ms"] = "2", ["group.protocol"] = "consumer" },
        },
    };
}
