namespace Dmm.Sinks;

/// <summary>The HTTP client for a venue's requests.</summary>
public static class VenueHttp
{
    // Longer than a venue keeps an idle connection is of no use; shorter, and the next order pays for a new one.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(50);

    // A name that moves to another address is followed after that long.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A client that follows no redirections (a signed request would go elsewhere) and has no timeout of its own: each request has one. Proxy and TLS
    /// are the platform's.
    /// </summary>
    public static HttpClient Client() => new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What such a client sends with, for who puts something before it.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout, PooledConnectionIdleTimeout = IdleTimeout,
        PooledConnectionLifetime = Lifetime,
    };
}
