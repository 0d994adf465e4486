using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using StackExchange.Redis;

namespace Dmm.Sinks.Redis;

/// <summary>
/// One connection to a Redis server, which comes back by itself. While the server is away a call fails at once, and one that gets no answer
/// fails after <see cref="RedisOptions.Patience"/>; both with a <see cref="SinkException"/> that names the host and the reason. Thread-safe.
/// </summary>
public sealed class RedisConnection : IDisposable
{
    private static readonly string[] Passing =
    [
        "READONLY", "OOM", "LOADING", "MISCONF", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "NOAUTH", "WRONGPASS", "NOPERM",
    ];

    private readonly ConnectionMultiplexer _server;
    private readonly TimeSpan _patience;
    private ConnectionFailureType _lastFailure;

    private RedisConnection(ConnectionMultiplexer server, string host, RedisOptions options)
    {
        (_server, Host, Keys, _patience) = (server, host, new(options.KeyPrefix), options.Patience);
        _server.ConnectionFailed += (_, failure) => _lastFailure = failure.FailureType;
        _server.ConnectionRestored += (_, _) => _lastFailure = ConnectionFailureType.None;
    }

    /// <summary>Host and port, for messages.</summary>
    public string Host { get; }

    internal RedisKeys Keys { get; }

    internal IDatabase Database => _server.GetDatabase();

    internal ISubscriber Subscriber => _server.GetSubscriber();

    /// <summary>Connects; a server that is away is no error here, but of the calls that need it.</summary>
    /// <exception cref="ParameterException">The options are wrong; all faults are listed.</exception>
    public static RedisConnection Open(RedisOptions options)
    {
        var parsed = options.Parse();
        var patience = (int)options.Patience.TotalMilliseconds;
        parsed.AbortOnConnectFail = false;
        parsed.ConnectRetry = 1;
        parsed.ConnectTimeout = parsed.SyncTimeout = parsed.AsyncTimeout = patience;
        // Nothing queues for a server that is away: whoever called has the journal, or asks again.
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        // Jittered, as the library does it.
        parsed.ReconnectRetryPolicy = new ExponentialRetry(100, 2_000);
        // A primary that became a replica, and the way back, is seen this soon.
        parsed.ConfigCheckSeconds = 1;
        parsed.IncludeDetailInExceptions = false;
        parsed.ClientName ??= "dmm";
        return new(ConnectionMultiplexer.Connect(parsed), RedisOptions.Hosts(parsed), options);
    }

    public void Dispose() => _server.Dispose();

    internal T Call<T>(Func<IDatabase, T> work)
    {
        try
        {
            return work(Database);
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException)
        {
            throw Told(e);
        }
    }

    internal async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> work)
    {
        try
        {
            return await work(Database).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException)
        {
            throw Told(e);
        }
    }

    private SinkException Told(Exception e) => e switch
    {
        RedisServerException refused when Passing.Any(code => refused.Message.StartsWith(code, StringComparison.Ordinal)) =>
            Unwritable(refused.Message, e),
        RedisServerException refused => new(SinkFault.Damaged,
            $"Redis at {Host} holds what is not ours, or refuses what it is sent: {refused.Message}", e),
        TimeoutException => Unwritable(string.Create(CultureInfo.InvariantCulture, $"no answer within {_patience.TotalMilliseconds} ms"), e),
        RedisConnectionException away => Unwritable(Reason(away), e),
        _ => Unwritable(e.Message, e),
    };

    private SinkException Unwritable(string reason, Exception e) => new(SinkFault.Unwritable, $"Redis at {Host} cannot be used: {reason}", e);

    /// <summary>Why there is no connection stands further in, or came with an earlier attempt.</summary>
    private string Reason(RedisConnectionException away) =>
        Known(away.FailureType) ?? (away.InnerException is RedisConnectionException cause ? Reason(cause) : Known(_lastFailure) ?? "no connection");

    private static string? Known(ConnectionFailureType failure) => failure switch
    {
        ConnectionFailureType.AuthenticationFailure => "it refuses the user or the password",
        ConnectionFailureType.Loading => "it is loading its data",
        _ => null,
    };
}
