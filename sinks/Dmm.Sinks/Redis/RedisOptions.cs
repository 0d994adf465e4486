using Dmm.Core;
using StackExchange.Redis;

namespace Dmm.Sinks.Redis;

/// <summary>How a Redis server is reached, and what the keys begin with.</summary>
public sealed record RedisOptions
{
    /// <summary>As StackExchange.Redis reads it: <c>host:port,user=…,password=…,ssl=true</c>. It may hold a password, and is never shown.</summary>
    public required string Connection { get; init; }

    /// <summary>First part of every key; desks that share a server have one each.</summary>
    public string KeyPrefix { get; init; } = "dmm";

    /// <summary>The longest that a call waits for the server.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Names hosts and nothing else of the connection.</summary>
    public override string ToString() => $"Redis at {Hosts(Parse())}, keys {KeyPrefix}:*";

    internal static string Hosts(ConfigurationOptions options) => string.Join(", ", options.EndPoints.Select(EndPointCollection.ToString));

    /// <exception cref="ParameterException">The connection string cannot be read; it is not repeated in the message.</exception>
    internal ConfigurationOptions Parse()
    {
        List<string> faults = [];
        if (KeyPrefix.Length == 0 || KeyPrefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or ':')))
            faults.Add($"the key prefix '{KeyPrefix}' is not made of letters, digits, '-', '_' and ':'");
        if (Patience < TimeSpan.FromMilliseconds(10) || Patience > TimeSpan.FromMinutes(1))
            faults.Add($"the patience is {Patience}: expected 10 ms to a minute");
        ConfigurationOptions? parsed = null;
        try
        {
            parsed = ConfigurationOptions.Parse(Connection);
            if (parsed.EndPoints.Count == 0) faults.Add("the connection string names no host: expected host:port,name=value,…");
        }
        catch (ArgumentException)
        {
            // What the library says may quote the password.
            faults.Add("the connection string cannot be read: expected host:port,name=value,… with options of StackExchange.Redis");
        }

        return faults.Count == 0 ? parsed! : throw new ParameterException("the Redis options", faults);
    }
}
