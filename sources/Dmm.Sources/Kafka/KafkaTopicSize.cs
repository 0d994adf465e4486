using Confluent.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>How many partitions a topic has, which decides where a key goes.</summary>
public static class KafkaTopicSize
{
    /// <summary>Asks the brokers; a topic that is made by being asked for is waited for.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="topic">Its name.</param>
    /// <param name="patience">How long one question may take.</param>
    /// <exception cref="KafkaRecordsException">The brokers are away, or do not know the topic.</exception>
    public static int PartitionsOf(KafkaOptions kafka, string topic, TimeSpan patience)
    {
        const int attempts = 20;
        using var admin = Client(kafka);
        try
        {
            var reason = "";
            for (var attempt = 0; attempt < attempts; attempt++)
            {
                var found = admin.GetMetadata(topic, patience).Topics.Single();
                if (found.Error.Code == ErrorCode.NoError && found.Partitions.Count > 0) return found.Partitions.Count;
                reason = found.Error.Reason;
            }

            throw new KafkaRecordsException($"the topic {topic} cannot be read: {reason}");
        }
        catch (KafkaException away)
        {
            throw new KafkaRecordsException($"no broker of {kafka.Bootstrap} answers: {away.Error.Reason}", away);
        }
    }

    /// <summary>Makes a client and lets go of it, which asks nobody: whether the library takes the settings.</summary>
    /// <returns>Why it does not, in its own words, which name a setting; null when it does.</returns>
    public static string? FaultOf(KafkaOptions kafka)
    {
        try
        {
            Client(kafka).Dispose();
            return null;
        }
        catch (Exception unusable) when (unusable is KafkaException or InvalidOperationException or ArgumentException)
        {
            return unusable.Message;
        }
    }

    private static IAdminClient Client(KafkaOptions kafka) =>
        new AdminClientBuilder(KafkaSettings.Of(kafka)).SetLogHandler(static (_, _) => { }).Build();
}
