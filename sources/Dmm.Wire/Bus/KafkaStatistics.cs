using System.Text.Json;

namespace Dmm.Wire.Bus;

/// <summary>Reads the statistics that the client library writes as JSON.</summary>
public static class KafkaStatistics
{
    /// <summary>Whether a connection to any broker is established.</summary>
    public static bool HasBrokerUp(string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        return document.RootElement.TryGetProperty("brokers", out var brokers)
            && brokers.EnumerateObject().Any(broker => broker.Value.TryGetProperty("state", out var state) && state.ValueEquals("UP"));
    }
}
