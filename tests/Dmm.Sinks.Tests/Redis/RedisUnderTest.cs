using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Dmm.Testing.Servers;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>One server for the tests of a class that do not break it; each has keys of its own.</summary>
public sealed class SharedRedis : IDisposable
{
    private readonly Lock _lock = new();
    private RedisServer? _server;
    private int _prefixes;

    public RedisUnderTest Keys()
    {
        lock (_lock) _server ??= RedisServer.Start();
        return new(_server, $"test{Interlocked.Increment(ref _prefixes)}");
    }

    public void Dispose() => _server?.Dispose();
}

/// <summary>A server as a test sees it, beside the sink.</summary>
public sealed class RedisUnderTest(RedisServer server, string prefix) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lazy<ConnectionMultiplexer> _side = new(() => ConnectionMultiplexer.Connect($"{server.ConnectionString},abortConnect=false"));

    public RedisServer Server => server;

    public RedisOptions Options => new() { Connection = server.ConnectionString, KeyPrefix = prefix };

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public IDatabase Side => _side.Value.GetDatabase();

    public ISubscriber Subscriber => _side.Value.GetSubscriber();

    public RedisState Open() => RedisState.Open(Options, Time);

    public string Key(string rest) => $"{prefix}:{rest}";

    /// <summary>One field of an asset's state; null for none.</summary>
    public string? Field(string name, string asset = "BTC") => Side.HashGet(Key($"state:{{{asset}}}"), name);

    /// <summary>Fields of all entries of a stream.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Stream(string name) =>
        [.. Side.StreamRange(Key(name)).Select(e => e.Values.ToDictionary(v => (string)v.Name!, v => (string)v.Value!))];

    /// <summary>Every key with all it holds, but for times of writing and the server's own ids of stream entries.</summary>
    public IReadOnlyList<string> Everything() =>
        [.. _side.Value.GetServer(server.Address).Keys(pattern: Key("*")).Select(k => (string)k!).Order(StringComparer.Ordinal).SelectMany(Lines)];

    /// <summary>Asks until the client has found the server again.</summary>
    public static T WhenBack<T>(Func<T> ask)
    {
        for (var start = Environment.TickCount64; ;)
        {
            try
            {
                return ask();
            }
            catch (SinkException) when (Environment.TickCount64 - start < Patience.TotalMilliseconds)
            {
                Thread.Sleep(20);
            }
        }
    }

    public void Dispose()
    {
        if (_side.IsValueCreated) _side.Value.Dispose();
    }

    private IEnumerable<string> Lines(string key) => Side.KeyType(key) switch
    {
        RedisType.Hash => Side.HashGetAll(key).Where(f => f.Name != "writtenAt").Select(f => $"{key} {f.Name} = {f.Value}")
            .Order(StringComparer.Ordinal),
        RedisType.List => Side.ListRange(key).Select(v => $"{key} {v}"),
        RedisType.SortedSet => Side.SortedSetRangeByRankWithScores(key).Select(e => $"{key} {e.Element} at {e.Score}"),
        RedisType.Stream => Side.StreamRange(key).Select(e => $"{key} {string.Join(' ', e.Values.Select(v => $"{v.Name}={v.Value}"))}"),
        RedisType.Set => Side.SetMembers(key).Select(v => $"{key} {v}").Order(StringComparer.Ordinal),
        _ => [$"{key} {Side.StringGet(key)}"],
    };
}
