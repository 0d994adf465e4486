using System.Runtime.InteropServices;

namespace Dmm.KafkaMock;

/// <summary>
/// The mock cluster of the client library: RAM only, at most 5 MiB a partition. Each call's result is an error code of the protocol, 0 for none.
/// </summary>
internal sealed partial class MockCluster : IDisposable
{
    private const string Library = "librdkafka";
    private const int Producer = 0;
    private const int RebalanceDelayMs = 50;

    // sigset_t of Linux.
    private const int SignalSetBytes = 128;

    // Builds of one library: the first needs a SASL library that not every machine has.
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    private readonly nint _client;
    private readonly nint _cluster;
    private readonly int _brokers;

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, static (_, assembly, path) =>
    {
        foreach (var build in Builds)
            if (NativeLibrary.TryLoad(build, assembly, path, out var library)) return library;
        return 0;
    });

    public MockCluster(int brokers)
    {
        var reason = new byte[512];
        _brokers = brokers;
        _client = rd_kafka_new(Producer, rd_kafka_conf_new(), reason, reason.Length);
        if (_client == 0) throw new InvalidOperationException($"no client: {System.Text.Encoding.UTF8.GetString(reason).TrimEnd('\0')}");
        _cluster = WithoutSignals(() => rd_kafka_mock_cluster_new(_client, brokers));
        if (_cluster == 0) throw new InvalidOperationException($"no cluster of {brokers} brokers");
        // By itself a group waits 3 s for more members.
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, RebalanceDelayMs);
        Bootstrap = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;
    }

    public string Bootstrap { get; }

    public int CreateTopic(string topic, int partitions) => rd_kafka_mock_topic_create(_cluster, topic, partitions, Math.Min(_brokers, 3));

    /// <param name="broker">From 1; -1 for all.</param>
    public int SetDown(int broker) => rd_kafka_mock_broker_set_down(_cluster, broker);

    public int SetUp(int broker) => rd_kafka_mock_broker_set_up(_cluster, broker);

    public int SetRoundTrip(int broker, int ms) => rd_kafka_mock_broker_set_rtt(_cluster, broker, ms);

    /// <param name="topic">Its name.</param>
    /// <param name="partition">From 0.</param>
    /// <param name="broker">From 1; -1 for no leader.</param>
    public int SetLeader(string topic, int partition, int broker) => rd_kafka_mock_partition_set_leader(_cluster, topic, partition, broker);

    public int DeleteBefore(string topic, int partition, long offset) => rd_kafka_mock_partition_delete_records(_cluster, topic, partition, offset);

    /// <summary>The next requests of this kind fail, one for each code.</summary>
    public int PushErrors(short api, int[] codes)
    {
        rd_kafka_mock_push_request_errors_array(_cluster, api, (nuint)codes.Length, codes);
        return 0;
    }

    public void Dispose()
    {
        rd_kafka_mock_cluster_destroy(_cluster);
        rd_kafka_destroy(_client);
    }

    /// <summary>
    /// The brokers' thread ends for good when a signal interrupts its poll, and the runtime handles SIGCONT, by which a process that was held still goes on:
    /// the thread, which inherits the mask, takes no signals.
    /// </summary>
    private static nint WithoutSignals(Func<nint> start)
    {
        const int setMask = 2;
        var (all, before) = (new byte[SignalSetBytes], new byte[SignalSetBytes]);
        if (sigfillset(all) != 0 || pthread_sigmask(setMask, all, before) != 0) throw new InvalidOperationException("signals cannot be held back");
        try
        {
            return start();
        }
        finally
        {
            pthread_sigmask(setMask, before, null);
        }
    }

    [LibraryImport("libc")]
    private static partial int sigfillset(byte[] set);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte[] set, byte[]? before);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_conf_new();

    [LibraryImport(Library)]
    private static partial nint rd_kafka_new(int type, nint configuration, byte[] reason, nint reasonSize);

    [LibraryImport(Library)]
    private static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_cluster_destroy(nint cluster);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int ms);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_rtt(nint cluster, int broker, int ms);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_partition_set_leader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_partition_delete_records(nint cluster, string topic, int partition, long offset);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_push_request_errors_array(nint cluster, short api, nuint count, int[] codes);
}
