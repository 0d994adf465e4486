using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>How a contract's margin is kept; spot orders are always paid in cash.</summary>
public enum OkxMarginMode : byte
{
    Cross,
    Isolated,
}

/// <summary>Which of two orders of this account that would trade with each other is cancelled.</summary>
public enum OkxSelfTradePrevention : byte
{
    CancelMaker,
    CancelTaker,
    CancelBoth,
}

/// <summary>The order-book channels that bring deltas.</summary>
public enum OkxBookChannel : byte
{
    /// <summary>400 levels, every 100 ms; for everybody.</summary>
    Books,

    /// <summary>400 levels, every 10 ms; for the highest fee tiers.</summary>
    BooksTickByTick,

    /// <summary>50 levels, every 10 ms; for high fee tiers.</summary>
    Books50TickByTick,
}

/// <summary>All that is particular to an account and its use at OKX. Its secrets are in no text of it.</summary>
public sealed record OkxOptions
{
    // The venue closes a connection on which nothing was said for 30 s.
    private static readonly TimeSpan PingMax = TimeSpan.FromSeconds(25);

    // The venue refuses requests whose time stamp is further from its clock.
    private static readonly TimeSpan WindowMax = TimeSpan.FromSeconds(30);

    /// <summary>Scheme, host and port of the REST interface.</summary>
    public Uri RestUrl { get; init; } = new("https://www.okx.com");

    public Uri PublicSocketUrl { get; init; } = new("wss://ws.okx.com:8443/ws/v5/public");

    public Uri PrivateSocketUrl { get; init; } = new("wss://ws.okx.com:8443/ws/v5/private");

    /// <summary>Null for market data alone: no private stream, no orders.</summary>
    public OkxCredentials? Credentials { get; init; }

    /// <summary>
    /// False where market data comes another way: the feed then brings our orders, fills and balances alone, and needs credentials.
    /// </summary>
    public bool HasMarketData { get; init; } = true;

    /// <summary>The credentials are of demo trading, which has other addresses for its sockets.</summary>
    public bool IsDemoTrading { get; init; }

    /// <summary>
    /// Given to every order, and to the dead-man's switch, which then reaches orders of this tag alone: up to 16 letters and digits; empty for
    /// none.
    /// </summary>
    public string OrderTag { get; init; } = "";

    public OkxMarginMode MarginMode { get; init; } = OkxMarginMode.Cross;

    public OkxSelfTradePrevention SelfTradePrevention { get; init; } = OkxSelfTradePrevention.CancelMaker;

    public OkxBookChannel BookChannel { get; init; } = OkxBookChannel.Books;

    /// <summary>Whether the venue's own top is taken too (<c>bbo-tbt</c>), by which the built book is checked.</summary>
    public bool HasVenueTop { get; init; }

    /// <summary>
    /// A placement or amendment that reaches the venue later than this after it was signed is refused there; it has to cover the difference of the
    /// clocks too.
    /// </summary>
    public TimeSpan ReceiveWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After that long without an answer the outcome of a request counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a socket is asked for a sign of life; it is given up after two intervals without a frame.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait after a failure, for links and for queries alike.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(0.5);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    public Backoff Reconnect => new(ReconnectMin, ReconnectMax);

    /// <summary>The venue's request limits by the names of <see cref="OkxLimits"/>.</summary>
    public ImmutableSortedDictionary<string, RequestLimits> Limits { get; init; } = OkxLimits.Published;

    /// <summary>
    /// How orders are carried; <see cref="OrderPathOptions.Reconnect"/> and <see cref="OrderPathOptions.ReceiveWindow"/> are those of here.
    /// </summary>
    public OrderPathOptions Orders { get; init; } = new();

    /// <summary>All that the order path is to know.</summary>
    public OrderPathOptions OrderPath => Orders with { Reconnect = Reconnect, ReceiveWindow = ReceiveWindow };

    /// <summary>These options, when nothing is wrong with them.</summary>
    /// <exception cref="ParameterException">All faults at once.</exception>
    public OkxOptions Checked()
    {
        var faults = new ParameterFaults();
        RequireUrl(faults, "restUrl", RestUrl, Uri.UriSchemeHttps, Uri.UriSchemeHttp, mayHavePath: false);
        RequireUrl(faults, "publicSocketUrl", PublicSocketUrl, Uri.UriSchemeWss, Uri.UriSchemeWs, mayHavePath: true);
        RequireUrl(faults, "privateSocketUrl", PrivateSocketUrl, Uri.UriSchemeWss, Uri.UriSchemeWs, mayHavePath: true);
        faults.Require("hasMarketData", HasMarketData || Credentials is not null, "is false without credentials", "one of the two");
        var isTag = OrderTag.Length <= 16 && OrderTag.All(char.IsAsciiLetterOrDigit);
        faults.Require("orderTag", isTag, $"is '{OrderTag}'", "up to 16 letters and digits");
        RequireNamed(faults, "marginMode", MarginMode);
        RequireNamed(faults, "selfTradePrevention", SelfTradePrevention);
        RequireNamed(faults, "bookChannel", BookChannel);
        faults.Within("receiveWindow", ReceiveWindow, TimeSpan.FromSeconds(0.1), WindowMax);
        faults.Within("requestTimeout", RequestTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30));
        faults.Within("pingInterval", PingInterval, TimeSpan.FromSeconds(0.5), PingMax);
        faults.Within("reconnectMin", ReconnectMin, TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMax", ReconnectMax, TimeSpan.FromSeconds(0.01), TimeSpan.FromMinutes(10));
        faults.Require("reconnectMax", ReconnectMax >= ReconnectMin, $"is {ReconnectMax.TotalSeconds} s", "not below reconnectMin");
        faults.Within("orders.deadManWindow", Orders.DeadManWindow, OkxRequests.SwitchWindowMin, OkxRequests.SwitchWindowMax);
        Orders.CollectFaults(faults, "orders");
        OkxLimits.CollectFaults(Limits, faults);
        faults.ThrowIfAny($"venue {OkxInstruments.Venue}");
        return this;
    }

    private void RequireUrl(ParameterFaults faults, string name, Uri url, string safe, string plain, bool mayHavePath)
    {
        var isKind = url.IsAbsoluteUri && (url.Scheme == safe || url.Scheme == plain);
        faults.Require(name, isKind && url is { Query: "", UserInfo: "" } && (mayHavePath || url.AbsolutePath == "/"), "is not of that form",
            $"{safe}://host[:port]{(mayHavePath ? "/path" : ", nothing behind it")}");
        faults.Require(name, !isKind || Credentials is null || url.Scheme == safe || url.IsLoopback, "sends signatures in the clear",
            $"{safe}, or a loopback address");
    }

    private static void RequireNamed<T>(ParameterFaults faults, string name, T value)
        where T : struct, Enum =>
        faults.Require(name, Enum.IsDefined(value), $"is {value}", $"one of {string.Join(", ", Enum.GetNames<T>())}");
}
