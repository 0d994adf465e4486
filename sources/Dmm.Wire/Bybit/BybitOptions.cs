using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What the venue does with an order that would trade with another of the same account.</summary>
public enum BybitSelfTrade : byte
{
    /// <summary>Cancels the one that came last.</summary>
    CancelTaker,

    /// <summary>Cancels the one that rests.</summary>
    CancelMaker,
    CancelBoth,

    /// <summary>Nothing: the account trades with itself.</summary>
    Allow,
}

/// <summary>All that is particular to one product of one Bybit account. The secret is in no text of it.</summary>
public sealed record BybitOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>; each product has its own.</summary>
    public required string Venue { get; init; }

    public required BybitProduct Product { get; init; }

    /// <summary>Scheme, host and port of the REST interface.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.bybit.com");

    /// <summary>Scheme, host and port of the web sockets.</summary>
    public Uri SocketUrl { get; init; } = new("wss://stream.bybit.com");

    /// <summary>Null where market data alone is wanted: no private stream, no orders.</summary>
    public HmacCredentials? Credentials { get; init; }

    /// <summary>False where market data comes another way.</summary>
    public bool HasMarketData { get; init; } = true;

    /// <summary>Levels a side of the book's channel: 1, 50, 200 or 1000; the deeper, the rarer it is sent.</summary>
    public int BookDepth { get; init; } = 50;

    public BybitSelfTrade SelfTrade { get; init; } = BybitSelfTrade.CancelTaker;

    /// <summary>Spot orders may borrow what the account does not have.</summary>
    public bool UsesMargin { get; init; }

    public BybitLimits Limits { get; init; } = new();

    /// <summary>How orders are carried; <see cref="OrderPathOptions.Reconnect"/> and <see cref="OrderPathOptions.ReceiveWindow"/> are those of
    /// here.</summary>
    public OrderPathOptions Orders { get; init; } = new();

    /// <summary>A request whose time stamp is older by the venue's clock is refused there; one from its future is too, by more than a
    /// second.</summary>
    public TimeSpan ReceiveWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After that long without an answer the outcome of a request counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each web socket is asked for a sign of life; the venue wants it every 20 seconds.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the books are begun anew: longest that an update which was lost can go unnoticed, because no id would show it.</summary>
    public TimeSpan BookRefresh { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far back fills are looked for when the last one on record is not found; the venue takes 7 days at a time.</summary>
    public TimeSpan FillHistory { get; init; } = TimeSpan.FromDays(7);

    /// <summary>First wait after a failure, for links and for queries alike.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(0.25);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    public Backoff Reconnect => new(ReconnectMin, ReconnectMax);

    /// <summary>All that the order path is to know.</summary>
    public OrderPathOptions OrderPath => Orders with { Reconnect = Reconnect, ReceiveWindow = ReceiveWindow };

    public Uri PublicSocketUrl => new(SocketUrl, $"/v5/public/{Product.Category()}");

    public Uri PrivateSocketUrl => new(SocketUrl, "/v5/private");

    /// <summary>These options, when nothing is wrong with them.</summary>
    /// <exception cref="ParameterException">All faults at once.</exception>
    public BybitOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Require("venue", Venue.Length > 0 && !Venue.Contains(':'), $"is '{Venue}'", "a name without a colon");
        faults.Require("product", Enum.IsDefined(Product), $"is {Product}", "Spot, Linear or Inverse");
        RequireHost(faults, "baseUrl", BaseUrl, "http", "https");
        RequireHost(faults, "socketUrl", SocketUrl, "ws", "wss");
        faults.Require("hasMarketData", HasMarketData || Credentials is not null, "is false without credentials", "one of the two");
        faults.Require("bookDepth", BookDepth is 1 or 50 or 200 or 1_000, $"is {BookDepth}", "1, 50, 200 or 1000");
        faults.Require("selfTrade", Enum.IsDefined(SelfTrade), $"is {SelfTrade}", "CancelTaker, CancelMaker, CancelBoth or Allow");
        faults.Require("usesMargin", !UsesMargin || Product == BybitProduct.Spot, $"is set for {Product}", "nothing, or spot");
        Limits.CollectFaults(faults);
        Orders.CollectFaults(faults, "orders");
        faults.Within("receiveWindow", ReceiveWindow, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(60));
        faults.Within("requestTimeout", RequestTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30));
        faults.Within("pingInterval", PingInterval, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(20));
        faults.Within("bookRefresh", BookRefresh, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1));
        faults.Within("fillHistory", FillHistory, TimeSpan.FromHours(1), TimeSpan.FromDays(700));
        faults.Within("reconnectMin", ReconnectMin, TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMax", ReconnectMax, TimeSpan.FromSeconds(0.01), TimeSpan.FromMinutes(10));
        faults.Require("reconnectMax", ReconnectMax >= ReconnectMin, $"is {ReconnectMax.TotalSeconds} s", "not below reconnectMin");
        faults.ThrowIfAny($"venue {Venue}");
        return this;
    }

    private void RequireHost(ParameterFaults faults, string name, Uri url, string plain, string secure)
    {
        var isKnown = url.IsAbsoluteUri && (url.Scheme == plain || url.Scheme == secure);
        faults.Require(name, isKnown && url is { AbsolutePath: "/", Query: "", UserInfo: "" }, "is not of that form",
            $"{plain} or {secure}://host[:port], nothing behind it");
        var isSafe = !isKnown || Credentials is null || url.Scheme == secure || url.IsLoopback;
        faults.Require(name, isSafe, "sends credentials in the clear", $"{secure}, or a loopback address");
    }
}

/// <summary>
/// The venue's limits, which it keeps by account and path; every order of a batch counts. The defaults are what it publishes for accounts without a
/// higher tier; its headers tell what is in force.
/// </summary>
public sealed record BybitLimits
{
    /// <summary>Placing: 10 a second for contracts, 20 for spot.</summary>
    public RequestLimits Create { get; init; } = new() { PerSecond = 10, Burst = 10, CancelReserve = 2 };

    public RequestLimits Amend { get; init; } = new() { PerSecond = 10, Burst = 10, CancelReserve = 2 };

    public RequestLimits Cancel { get; init; } = new() { PerSecond = 10, Burst = 10, CancelReserve = 2 };

    /// <summary>Orders, fills, wallet and positions.</summary>
    public RequestLimits Query { get; init; } = new() { PerSecond = 50, Burst = 50, CancelReserve = 10 };

    /// <summary>Market data, which counts against the address: 600 in 5 seconds, with whatever else is asked from there.</summary>
    public RequestLimits Market { get; init; } = new() { PerSecond = 60, Burst = 120, CancelReserve = 10 };

    /// <summary>Each limit by the name of its bucket.</summary>
    public IReadOnlyDictionary<string, RequestLimits> ByBucket => new Dictionary<string, RequestLimits>
    {
        [BybitRequests.CreateBucket] = Create, [BybitRequests.AmendBucket] = Amend, [BybitRequests.CancelBucket] = Cancel,
        [BybitRequests.QueryBucket] = Query, [BybitRequests.MarketBucket] = Market,
    };

    internal void CollectFaults(ParameterFaults faults)
    {
        foreach (var (bucket, limits) in ByBucket) limits.CollectFaults(faults, $"limits.{bucket}");
    }
}
