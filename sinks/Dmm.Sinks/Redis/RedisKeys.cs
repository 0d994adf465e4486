using StackExchange.Redis;

namespace Dmm.Sinks.Redis;

/// <summary>
/// Names of keys. What is in braces decides the slot in a cluster; a batch touches several slots, so that a single primary is required.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>Hash: everything of an asset.</summary>
    public RedisKey State(string asset) => $"{prefix}:state:{{{asset}}}";

    /// <summary>List of JSON, newest first.</summary>
    public RedisKey RecentFills(string asset) => $"{prefix}:recent-fills:{{{asset}}}";

    /// <summary>Sorted set: what the streams were told already, by the time of its stamp.</summary>
    public RedisKey Told(string asset) => $"{prefix}:told:{{{asset}}}";

    /// <summary>Channel: a message per batch.</summary>
    public RedisChannel Events(string asset) => RedisChannel.Literal($"{prefix}:events:{{{asset}}}");

    /// <summary>String: <c>epoch:node</c>, with a time to live.</summary>
    public RedisKey Lease(string asset) => $"{prefix}:lease:{{{asset}}}";

    /// <summary>Hash: the highest epoch given, and by which server.</summary>
    public RedisKey Epoch(string asset) => $"{prefix}:epoch:{{{asset}}}";

    /// <summary>Stream of all assets.</summary>
    public RedisKey Fills { get; } = $"{prefix}:fills";

    /// <summary>Stream of all assets.</summary>
    public RedisKey Parameters { get; } = $"{prefix}:parameters";

    /// <summary>Set of names.</summary>
    public RedisKey Assets { get; } = $"{prefix}:assets";

    /// <summary>Hash: how far a journal is taken.</summary>
    public RedisKey Cursor(string journal) => $"{prefix}:cursor:{journal}";

    /// <summary>What state keys begin with, to which a script adds the asset.</summary>
    public RedisValue StatePrefix { get; } = $"{prefix}:state:";
}
