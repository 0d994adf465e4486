using System.Text;
using Dmm.Core.Ports;
using Dmm.Integration.Tests.Desk;
using Dmm.Sources.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Integration.Tests.Group;

/// <summary>Venues of an asset each, a collector, the three servers, and nodes as they are started.</summary>
internal sealed class GroupRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmm-group-");
    private readonly string _mark = $"{System.Environment.ProcessId % 10_000:D4}";
    private readonly List<DeskProcess> _nodes = [];
    private readonly List<VenueProcess> _venues = [];
    private DeskProcess? _collector;

    private GroupRig()
    {
    }

    public KafkaCluster Kafka { get; private set; } = new();

    public RedisServer Redis { get; } = RedisServer.Start(isKept: true);

    public PostgresServer Postgres { get; } = PostgresServer.Start();

    public IReadOnlyList<VenueProcess> Venues => _venues;

    /// <param name="scenario">Of the venues' markets.</param>
    /// <param name="assets">A venue each.</param>
    public static async Task<GroupRig> StartAsync(string scenario, params IEnumerable<string> assets)
    {
        var rig = new GroupRig();
        // In partitions of their own, which two nodes share; and never twice on brokers that outlive a test.
        foreach (var name in assets) rig._venues.Add(await VenueProcess.StartAsync(scenario, rig._venues.Count + 1, rig.InPartitionOf(name)));
        rig._collector = new(["collect", .. rig.VenueOptions()], rig.Access);
        return rig;
    }

    public DeskProcess StartNode(string name)
    {
        var node = new DeskProcess(
            [
                "run", "--group", $"g{_mark}", "--data", DataOf(name), "--set", "volatility.halfLife=60s",
                // The mock keeps 5 MiB of a journal, and answers a batch at a time: what a recovery reads stays far below that.
                "--set", "inputsPerRun=1000", .. VenueOptions(),
            ],
            Access);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A node's own folder.</summary>
    public string DataOf(string node) => Path.Combine(_folder.FullName, node);

    /// <summary>Brokers that know nothing in the place of those there were; no node runs.</summary>
    public void LoseTopics()
    {
        _collector?.Dispose();
        Kafka.Dispose();
        Kafka = new();
        _collector = new(["collect", .. VenueOptions()], Access);
    }

    /// <summary>The journal of an asset as it is on Kafka.</summary>
    public KafkaJournalReader Journal(VenueProcess venue) => new(new KafkaJournalTopics { Kafka = new() { Bootstrap = Kafka.Bootstrap }, Asset = venue.Asset });

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) node.Dispose();
        _collector?.Dispose();
        foreach (var venue in _venues) await venue.DisposeAsync();
        Postgres.Dispose();
        Redis.Dispose();
        Kafka.Dispose();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Access => new(VenueProcess.Environment)
    {
        ["DMM_KAFKA"] = Kafka.Bootstrap, ["DMM_REDIS"] = Redis.ConnectionString, ["DMM_POSTGRES"] = Postgres.ConnectionString(),
    };

    private IEnumerable<string> VenueOptions() => _venues.SelectMany((venue, i) => (string[])["--venue", $"venue{i + 1}={venue.Url}"]);

    private string InPartitionOf(string name)
    {
        const int partitions = 4;
        var wanted = KeyPartition.Of(Encoding.UTF8.GetBytes(name), partitions);
        return Enumerable.Range(0, 10_000).Select(i => $"{name}{_mark}{i}").First(n => KeyPartition.Of(Encoding.UTF8.GetBytes(n), partitions) == wanted);
    }
}
