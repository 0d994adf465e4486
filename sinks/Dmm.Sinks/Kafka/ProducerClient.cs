using System.Globalization;
using Confluent.Kafka;
using Dmm.Wire.Bus;
using Timestamp = Confluent.Kafka.Timestamp;

namespace Dmm.Sinks.Kafka;

/// <summary>The client library's producer as the publisher wants it: each message stored once and in order, by all replicas in sync.</summary>
internal static class ProducerClient
{
    private const int BytesPerKilobyte = 1024;

    /// <param name="options">Limits, and where the brokers are.</param>
    /// <param name="onError">Told what is wrong with the producer or its connections.</param>
    /// <param name="health">Told what the connections do.</param>
    public static IProducer<byte[]?, byte[]> Build(KafkaPublisherOptions options, Action<Error> onError, BusHealth health)
    {
        var settings = KafkaSettings.Of(options.Kafka);
        settings.TryAdd("linger.ms", "1");
        settings["enable.idempotence"] = "true";
        settings["acks"] = "all";
        settings["partitioner"] = "murmur2_random";
        settings["message.timeout.ms"] = ((int)options.DeliveryTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        // The window is what limits; the library's own limits, to which there is no waiting, lie above it.
        settings["queue.buffering.max.messages"] = "0";
        var kilobytes = 2 * (options.PendingBytesMax + options.Kafka.MessageBytesMax) / BytesPerKilobyte + 1;
        settings["queue.buffering.max.kbytes"] = Math.Min(kilobytes, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        var configuration = new ProducerConfig(settings) { DeliveryReportFields = "status" };
        return new ProducerBuilder<byte[]?, byte[]>(configuration)
            .SetErrorHandler((_, error) => onError(error))
            .SetStatisticsHandler((_, statistics) => health.Take(statistics))
            // What matters comes as an error or as an outcome.
            .SetLogHandler(static (_, _) => { })
            .Build();
    }

    /// <summary>The message as the library takes it.</summary>
    public static Message<byte[]?, byte[]> Of(BusMessage message)
    {
        var headers = new Headers();
        foreach (var header in message.Headers) headers.Add(header.Name, header.Value.ToArray());
        var at = message.At.IsKnown ? new(message.At.ToDateTimeOffset()) : Timestamp.Default;
        return new() { Key = message.Key, Value = message.Value, Headers = headers, Timestamp = at };
    }
}
