using System.Globalization;
using Dmm.Core;

namespace Dmm.Wire.Bus;

/// <summary>How the brokers are reached.</summary>
public sealed record KafkaOptions
{
    /// <summary>Brokers to ask first: <c>host:port</c>, separated by commas.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>
    /// Settings of the client library by their own names, such as <c>security.protocol</c> and <c>sasl.username</c>; never shown or logged.
    /// </summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>Largest message accepted by producer and consumer, bytes; the brokers' own limit must not be lower.</summary>
    public int MessageBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <exception cref="ParameterException">Names every fault.</exception>
    public KafkaOptions Checked()
    {
        List<string> faults = [];
        if (!Bootstrap.Split(',').All(IsAddress))
            faults.Add($"the brokers {Shown} cannot be read: expected host:port, separated by commas");
        if (MessageBytesMax is < 1_000 or > 1_000_000_000) faults.Add($"MessageBytesMax is {MessageBytesMax}: expected 1,000 to 1,000,000,000 bytes");
        return faults.Count == 0 ? this : throw new ParameterException("the Kafka options", faults);
    }

    /// <summary>Names brokers and nothing else.</summary>
    public override string ToString() => $"Kafka at {Bootstrap}";

    /// <summary>What is no address may be the beginning of a secret.</summary>
    private string Shown => Bootstrap.AsSpan().IndexOfAny('@', '=', ';') < 0 ? $"'{Bootstrap}'" : "(not shown, as they may hold a secret)";

    private static bool IsAddress(string broker)
    {
        var at = broker.LastIndexOf(':');
        return at > 0 && Uri.CheckHostName(broker[..at].Trim().Trim('[', ']')) != UriHostNameType.Unknown
            && ushort.TryParse(broker[(at + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
    }
}
