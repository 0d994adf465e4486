using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Which of the venue's two orders gives way when ours would trade with ours; only accounts that have joined a group for it may
/// say.</summary>
public enum GateioSelfTradePrevention : byte
{
    /// <summary>As the account is set.</summary>
    OfAccount,
    CancelNewest,
    CancelOldest,
    CancelBoth,
}

/// <summary>How the order book is followed.</summary>
public enum GateioBookFeed : byte
{
    /// <summary>Every 100 ms, onto the REST book.</summary>
    Updates,

    /// <summary>The best 50 levels every 20 ms; the stream brings its own snapshot.</summary>
    Best50,

    /// <summary>The best 400 levels every 100 ms; the stream brings its own snapshot.</summary>
    Best400,
}

/// <summary>All that is particular to one account or feed at Gate. The secret is in no text of it.</summary>
public sealed record GateioOptions
{
    public required GateioProduct Product { get; init; }

    /// <summary>Scheme, host and port of the REST interface.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.gateio.ws");

    /// <summary>Address of the web socket; null for the venue's own of that market.</summary>
    public Uri? SocketUrl { get; init; }

    /// <summary>Null where market data alone is wanted: no private stream, no orders.</summary>
    public HmacCredentials? Credentials { get; init; }

    /// <summary>The account's user id, which the private streams of contracts are asked for by; spot does without.</summary>
    public string UserId { get; init; } = "";

    public GateioBookFeed BookFeed { get; init; } = GateioBookFeed.Updates;

    /// <summary>Levels a side of the REST book, and of the contracts' updates: 20, 50 or 100.</summary>
    public int BookDepth { get; init; } = 100;

    public GateioSelfTradePrevention SelfTradePrevention { get; init; } = GateioSelfTradePrevention.OfAccount;

    /// <summary>Placing and amending, a bucket for each market; bulk requests count once. Published: spot 10 a second, contracts 100.</summary>
    public RequestLimits? PlaceLimits { get; init; }

    /// <summary>Cancelling. Published: 200 a second.</summary>
    public RequestLimits CancelLimits { get; init; } = new() { PerSecond = 200, Burst = 200, CancelReserve = 2 };

    /// <summary>Queries of our own. Published: 200 in ten seconds for each, taken together here.</summary>
    public RequestLimits QueryLimits { get; init; } = new() { PerSecond = 20, Burst = 150, CancelReserve = 2 };

    /// <summary>Public queries. Published: 200 in ten seconds for each, taken together here.</summary>
    public RequestLimits PublicLimits { get; init; } = new() { PerSecond = 20, Burst = 150, CancelReserve = 2 };

    /// <summary>How orders are carried; its waits and its receive window are those of here.</summary>
    public OrderPathOptions Orders { get; init; } = new();

    /// <summary>A request whose time stamp differs more from the venue's clock is refused there. Published: 60 s, and not for us to say.</summary>
    public TimeSpan ReceiveWindow => TimeSpan.FromSeconds(60);

    /// <summary>After that long without an answer the outcome of a request counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the web socket is asked for a sign of life; it is given up after two intervals without a frame.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First wait after a failure, for links and for queries alike.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(0.25);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the market as a venue.</summary>
    public string Venue => GateioInstruments.Venue(Product);

    public Backoff Reconnect => new(ReconnectMin, ReconnectMax);

    /// <summary>All that the order path is to know.</summary>
    public OrderPathOptions OrderPath => Orders with { Reconnect = Reconnect, ReceiveWindow = ReceiveWindow };

    /// <summary>The web socket's address.</summary>
    public Uri Socket => SocketUrl
        ?? (Product == GateioProduct.Spot ? new Uri("wss://api.gateio.ws/ws/v4/") : new Uri("wss://fx-ws.gateio.ws/v4/ws/usdt"));

    /// <summary>The limits by the names that <see cref="GateioRequests"/> gives its requests.</summary>
    public IReadOnlyDictionary<string, RequestLimits> Limits => new Dictionary<string, RequestLimits>(StringComparer.Ordinal)
    {
        [GateioRequests.PlaceBucket] = Place, [GateioRequests.CancelBucket] = CancelLimits, [GateioRequests.QueryBucket] = QueryLimits,
        [GateioRequests.PublicBucket] = PublicLimits,
    };

    private RequestLimits Place => PlaceLimits ?? (Product == GateioProduct.Spot
        ? new() { PerSecond = 10, Burst = 10, CancelReserve = 2 }
        : new() { PerSecond = 100, Burst = 100, CancelReserve = 2 });

    /// <summary>These options, when nothing is wrong with them.</summary>
    /// <exception cref="ParameterException">All faults at once.</exception>
    public GateioOptions Checked()
    {
        var faults = new ParameterFaults();
        var isHttp = BaseUrl.IsAbsoluteUri && (BaseUrl.Scheme == Uri.UriSchemeHttp || BaseUrl.Scheme == Uri.UriSchemeHttps);
        faults.Require("baseUrl", isHttp && BaseUrl is { AbsolutePath: "/", Query: "", UserInfo: "" }, "is not of that form",
            "http(s)://host[:port], nothing behind it");
        var isSafe = !isHttp || Credentials is null || BaseUrl.Scheme == Uri.UriSchemeHttps || BaseUrl.IsLoopback;
        faults.Require("baseUrl", isSafe, "sends signed orders in the clear", "https, or a loopback address");
        var isSocket = Socket.IsAbsoluteUri && Socket.Scheme is "ws" or "wss";
        faults.Require("socketUrl", isSocket, $"is '{Socket}'", "ws(s)://host[:port]/path");
        faults.Require("socketUrl", !isSocket || Credentials is null || Socket.Scheme == "wss" || Socket.IsLoopback, "proves our key in the clear",
            "wss, or a loopback address");
        var needsUser = Product == GateioProduct.UsdtPerpetual && Credentials is not null;
        faults.Require("userId", !needsUser || UserId.Length > 0, "is empty", "the account's user id: the private streams of contracts need it");
        faults.Require("userId", UserId.All(char.IsAsciiDigit), "is no number", "digits");
        faults.Require("bookDepth", BookDepth is 20 or 50 or 100, $"is {BookDepth}", "20, 50 or 100");
        Place.CollectFaults(faults, "placeLimits");
        CancelLimits.CollectFaults(faults, "cancelLimits");
        QueryLimits.CollectFaults(faults, "queryLimits");
        PublicLimits.CollectFaults(faults, "publicLimits");
        Orders.CollectFaults(faults, "orders");
        faults.Within("requestTimeout", RequestTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30));
        faults.Within("pingInterval", PingInterval, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMin", ReconnectMin, TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMax", ReconnectMax, TimeSpan.FromSeconds(0.01), TimeSpan.FromMinutes(10));
        faults.Require("reconnectMax", ReconnectMax >= ReconnectMin, $"is {ReconnectMax.TotalSeconds} s", "not below reconnectMin");
        faults.ThrowIfAny($"venue {Venue}");
        return this;
    }
}
