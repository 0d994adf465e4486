using System.Globalization;
using Confluent.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>Configurations of the client library's consumer.</summary>
internal static class ConsumerSettings
{
    private const int BytesPerKilobyte = 1024;

    // The library asks for a group even where none is joined.
    private const string NoGroup = "dmm-none";

    /// <summary>A member of a group: offsets are stored by hand, and committed once a second, when partitions go, and at the end.</summary>
    public static ConsumerConfig OfGroup(KafkaRecordsOptions options, KafkaGroup group)
    {
        var settings = Common(options.Kafka, options.AheadBytesMax);
        if (settings.GetValueOrDefault("group.protocol") != "consumer")
        {
            // Only what changes hands stops; and a node that died is replaced after this long. The broker says so in the newer protocol.
            settings.TryAdd("partition.assignment.strategy", "cooperative-sticky");
            settings.TryAdd("session.timeout.ms", "10000");
            settings.TryAdd("heartbeat.interval.ms", "1000");
        }

        settings.TryAdd("max.poll.interval.ms", "120000");
        settings["group.id"] = group.Name;
        settings["enable.auto.offset.store"] = "false";
        settings["enable.auto.commit"] = "true";
        settings["auto.commit.interval.ms"] = "1000";
        settings["auto.offset.reset"] = group.From == BusPosition.End ? "latest" : "earliest";
        return new(settings);
    }

    /// <summary>Partitions by choice: nothing is stored, and an offset that is gone is an error.</summary>
    public static ConsumerConfig Assigned(KafkaOptions kafka, int aheadBytesMax)
    {
        var settings = Common(kafka, aheadBytesMax);
        settings["group.id"] = NoGroup;
        settings["enable.auto.commit"] = "false";
        settings["enable.auto.offset.store"] = "false";
        settings["auto.offset.reset"] = "error";
        return new(settings);
    }

    private static Dictionary<string, string> Common(KafkaOptions kafka, int aheadBytesMax)
    {
        var settings = KafkaSettings.Of(kafka);
        // A broker answers at once when there is a record, and otherwise after this long: 50 empty answers a second cost it little, while one that
        // looks only when the wait is over (the mock cluster does) adds the wait to each record's way.
        settings.TryAdd("fetch.wait.max.ms", "20");
        settings.TryAdd("fetch.error.backoff.ms", "100");
        settings.TryAdd("fetch.queue.backoff.ms", "20");
        settings["fetch.max.bytes"] = Math.Max(kafka.MessageBytesMax, aheadBytesMax).ToString(CultureInfo.InvariantCulture);
        settings["receive.message.max.bytes"] = (Math.Max(kafka.MessageBytesMax, aheadBytesMax) + 1024 * BytesPerKilobyte)
            .ToString(CultureInfo.InvariantCulture);
        settings["queued.max.messages.kbytes"] = Math.Max(1, aheadBytesMax / BytesPerKilobyte).ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}
