using System.Threading.Channels;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Dmm.Testing.Servers;

/// <summary>
/// Kafka for tests: the broker that <c>DMM_TEST_KAFKA</c> names, else a mock cluster of two brokers in a process of its own, which keeps RAM only and
/// at most 5 MiB a partition. Tests share one (class fixture), each with topics of its own. Whoever breaks it uses it alone, or heals it again.
/// </summary>
public sealed class KafkaCluster : IDisposable
{
    public const string Variable = "DMM_TEST_KAFKA";

    /// <summary>All brokers, where a command takes one.</summary>
    public const int AllBrokers = -1;

    private const int MockBrokers = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int _topics;

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _commanding = new(1, 1);
    private readonly ServerProcess? _mock;

    /// <exception cref="InvalidOperationException">The mock is not built, or did not start in time.</exception>
    public KafkaCluster()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } bootstrap)
        {
            Bootstrap = bootstrap;
            return;
        }

        _mock = ServerProcess.Start(MockProgram(), [$"{MockBrokers}"], onLine: line => _lines.Writer.TryWrite(line));
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            Bootstrap = _lines.Reader.ReadAsync(deadline.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"the mock cluster did not start: {_mock.Output}");
        }
    }

    /// <summary>Addresses of the brokers, separated by commas.</summary>
    public string Bootstrap { get; }

    /// <summary>Whether faults can be brought about.</summary>
    public bool CanBreak => _mock is not null;

    /// <summary>Skips the running test on a broker that cannot be broken.</summary>
    public void SkipUnlessBreakable()
    {
        if (!CanBreak) Assert.Skip($"the broker that {Variable} names is not the test's to break");
    }

    /// <summary>Makes a topic that no other test uses.</summary>
    /// <param name="prefix">How its name begins.</param>
    /// <param name="partitions">How many it has.</param>
    /// <returns>Its name.</returns>
    public async Task<string> NewTopic(string prefix, int partitions = 1)
    {
        var name = $"{prefix}-{Environment.ProcessId}-{Environment.TickCount64:x}-{Interlocked.Increment(ref _topics)}";
        if (_mock is not null)
        {
            await Command($"topic {name} {partitions}");
            return name;
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
        return name;
    }

    /// <summary>Cuts a broker's connections and refuses new ones; leaders stay who they are.</summary>
    public Task Down(int broker = AllBrokers) => Command($"down {broker}");

    public Task Up(int broker = AllBrokers) => Command($"up {broker}");

    /// <param name="topic">Its name.</param>
    /// <param name="partition">From 0.</param>
    /// <param name="broker">From 1; -1 for no leader at all.</param>
    public Task SetLeader(string topic, int partition, int broker) => Command($"leader {topic} {partition} {broker}");

    /// <summary>Delays each answer of a broker.</summary>
    public Task SetRoundTrip(int ms, int broker = AllBrokers) => Command($"rtt {broker} {ms}");

    /// <summary>Removes a partition's records before an offset.</summary>
    public Task Truncate(string topic, int partition, long before) => Command($"truncate {topic} {partition} {before}");

    /// <summary>The next requests of a kind fail, one for each code; <see cref="ErrorCode.Local_Transport"/> cuts the connection instead.</summary>
    /// <param name="api">The protocol's number of the request, such as 0 for produce.</param>
    /// <param name="codes">In their order.</param>
    public Task PushErrors(int api, params IEnumerable<ErrorCode> codes) =>
        Command($"errors {api} {string.Join(' ', codes.Select(code => (int)code))}");

    /// <summary>Holds all brokers still: connections stay open and nothing is answered.</summary>
    public void Freeze() => Mock.Freeze();

    public void Thaw() => Mock.Thaw();

    /// <summary>Ends all brokers for good, with all that they held.</summary>
    public void Kill() => Mock.Kill();

    public void Dispose()
    {
        _mock?.Dispose();
        _commanding.Dispose();
    }

    private ServerProcess Mock => _mock ?? throw new InvalidOperationException($"the broker that {Variable} names is not the test's to break");

    private async Task Command(string command)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _commanding.WaitAsync(deadline.Token);
        try
        {
            await Mock.Input.WriteLineAsync(command.AsMemory(), deadline.Token);
            await Mock.Input.FlushAsync(deadline.Token);
            var answer = await _lines.Reader.ReadAsync(deadline.Token);
            if (answer != "ok") throw new InvalidOperationException($"the mock cluster answered '{command}' with '{answer}'");
        }
        finally
        {
            _commanding.Release();
        }
    }

    /// <summary>Built beside the tests, in the same configuration.</summary>
    private static string MockProgram()
    {
        const string Name = "Dmm.KafkaMock";
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration, tests) = (output.Name, output.Parent!.Name, output.Parent.Parent!.Parent!.Parent!.FullName);
        var path = Path.Combine(tests, Name, "bin", configuration, framework, Name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built: a project that uses it must reference {Name}");
    }
}
