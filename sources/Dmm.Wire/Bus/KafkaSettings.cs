using System.Globalization;

namespace Dmm.Wire.Bus;

/// <summary>What every client of the brokers sets, by the names of the client library (librdkafka).</summary>
public static class KafkaSettings
{
    private const int RequestRoomBytes = 1024 * 1024;

    /// <summary>Those of <paramref name="options"/> over our own; what must hold is added by the caller.</summary>
    public static Dictionary<string, string> Of(KafkaOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["reconnect.backoff.ms"] = "50",
            ["reconnect.backoff.max.ms"] = "2000",
            ["retry.backoff.ms"] = "50",
            // A broker that is held still keeps its connections: it is left after this long.
            ["socket.timeout.ms"] = "10000",
            ["socket.connection.setup.timeout.ms"] = "10000",
            ["socket.keepalive.enable"] = "true",
            ["socket.nagle.disable"] = "true",
            ["statistics.interval.ms"] = "1000",
            ["enable.metrics.push"] = "false",
        };
        foreach (var (name, value) in options.Client) settings[name] = value;
        settings["bootstrap.servers"] = options.Bootstrap;
        settings["message.max.bytes"] = options.MessageBytesMax.ToString(CultureInfo.InvariantCulture);
        settings["receive.message.max.bytes"] = (Math.Max(options.MessageBytesMax, 16 * RequestRoomBytes) + RequestRoomBytes)
            .ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}
