using System.Collections.Immutable;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Wire;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>What was asked of <c>dmm run --group</c>, found sound.</summary>
/// <param name="Name">Of the consumer group, whose members share the assets.</param>
/// <param name="Node">Of this process: no two that run have one.</param>
/// <param name="Venues">One for each asset.</param>
/// <param name="Kafka">Brokers of market data and journals.</param>
/// <param name="Redis">Holds the leases, and the state.</param>
/// <param name="Stores">All servers.</param>
internal sealed record GroupOptions(
    string Name, string Node, ImmutableArray<HmacVenueOptions> Venues, KafkaOptions Kafka, string Redis, StoreAccess Stores)
{
    private const int NameLengthMax = 64;

    /// <param name="name">As typed.</param>
    /// <param name="venues">As typed, with credentials from the environment.</param>
    /// <param name="stores">Where the servers are.</param>
    /// <param name="node">Of this process.</param>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static GroupOptions Read(string name, ImmutableArray<HmacVenueOptions> venues, StoreAccess stores, string node)
    {
        List<string> faults = [];
        if (name.Length is 0 or > NameLengthMax || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            faults.Add($"--group '{name}' is no name: expected up to {NameLengthMax} letters, digits, '-', '_' and '.'");
        if (stores.Kafka is null) faults.Add($"--group needs brokers: give --bootstrap, or set {StoreAccess.KafkaVariable}");
        if (stores.Redis is null) faults.Add($"--group needs Redis, which holds the leases of assets: set {StoreAccess.RedisVariable}");
        if (venues.IsEmpty) faults.Add("--group needs the venues to trade at: give --venue URL, once for each asset");
        return faults.Count == 0 ? new(name, node, venues, stores.Kafka!, stores.Redis!, stores) : throw new BadInputException(faults);
    }
}
