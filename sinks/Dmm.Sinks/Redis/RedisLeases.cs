using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using StackExchange.Redis;

namespace Dmm.Sinks.Redis;

/// <summary>
/// Leases and epochs of assets in Redis: <c>lease:{asset}</c> with a time to live, <c>epoch:{asset}</c> without. It has a connection of its own, so
/// that no batch of state delays a renewal. Thread-safe.
/// </summary>
public sealed class RedisLeases : ILeaseStore, IDisposable
{
    // A server that began anew (flushed, restarted, a replica promoted) may have forgotten an owner: its run id is not the one stored.
    private const string Functions = """
        local server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
        local known = redis.call('HMGET', KEYS[2], 'epoch', 'server')
        local stored = tonumber(known[1] or '0')
        local lease = redis.call('GET', KEYS[1])
        local held, holder = 0, ''
        if lease then
            local epoch, node = string.match(lease, '^(%d+):(.*)$')
            held, holder = tonumber(epoch), node
        end
        """;

    // KEYS lease, epoch; ARGV node, floor, ttl.
    private const string Acquire = Functions + """

        local node, floor, ttl = ARGV[1], tonumber(ARGV[2]), ARGV[3]
        if lease and (holder == '' or holder ~= node) then return {0, holder, redis.call('PTTL', KEYS[1])} end
        if not lease and known[2] ~= server then
            redis.call('HSET', KEYS[2], 'epoch', math.max(stored, floor), 'server', server)
            redis.call('SET', KEYS[1], '0:', 'PX', ttl)
            return {0, '', tonumber(ttl)}
        end
        local epoch = math.max(stored, held, floor) + 1
        redis.call('HSET', KEYS[2], 'epoch', epoch, 'server', server)
        redis.call('SET', KEYS[1], epoch .. ':' .. node, 'PX', ttl)
        return {epoch, node, tonumber(ttl)}
        """;

    // KEYS lease, epoch; ARGV node, epoch, ttl.
    private const string Renew = Functions + """

        local node, epoch, ttl = ARGV[1], tonumber(ARGV[2]), ARGV[3]
        if stored > epoch or held > epoch or (held == epoch and holder ~= node) then return 0 end
        redis.call('HSET', KEYS[2], 'epoch', epoch, 'server', server)
        redis.call('SET', KEYS[1], epoch .. ':' .. node, 'PX', ttl)
        return 1
        """;

    // KEYS lease; ARGV epoch:node.
    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private readonly RedisConnection _redis;

    private RedisLeases(RedisConnection redis) => _redis = redis;

    /// <summary>Connects; a server that is away is told by the calls that need it.</summary>
    /// <exception cref="ParameterException">The options are wrong; all faults are listed.</exception>
    public static RedisLeases Open(RedisOptions options) => new(RedisConnection.Open(options));

    public async Task<LeaseGrant> AcquireAsync(string asset, string node, int floorEpoch, TimeSpan ttl)
    {
        var answer = (RedisResult[])(await EvaluateAsync(Acquire, asset, [node, floorEpoch, Milliseconds(ttl)]).ConfigureAwait(false))!;
        return new((int)answer[0], (string)answer[1]!, TimeSpan.FromMilliseconds(Math.Max(0, (long)answer[2])));
    }

    public async Task<bool> RenewAsync(string asset, string node, int epoch, TimeSpan ttl) =>
        (int)await EvaluateAsync(Renew, asset, [node, epoch, Milliseconds(ttl)]).ConfigureAwait(false) == 1;

    public Task ReleaseAsync(string asset, string node, int epoch) =>
        EvaluateAsync(Release, asset, [string.Create(CultureInfo.InvariantCulture, $"{epoch}:{node}")]);

    public void Dispose() => _redis.Dispose();

    private Task<RedisResult> EvaluateAsync(string script, string asset, RedisValue[] arguments) =>
        _redis.CallAsync(r => r.ScriptEvaluateAsync(script, [_redis.Keys.Lease(asset), _redis.Keys.Epoch(asset)], arguments));

    private static long Milliseconds(TimeSpan ttl) => (long)ttl.TotalMilliseconds;
}
