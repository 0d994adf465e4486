using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// All that is particular to one HMAC venue. The secret is in no text of it: neither <see cref="object.ToString"/> nor a fault shows it.
/// </summary>
public sealed record HmacVenueOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    public required string Venue { get; init; }

    /// <summary>Scheme, host and port, <c>http</c> or <c>https</c>; the web socket's address follows from it.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null for a venue whose market data alone is wanted: no private stream, no orders.</summary>
    public HmacCredentials? Credentials { get; init; }

    /// <summary>False where market data comes another way: the feed then brings our orders and fills alone, and needs credentials.</summary>
    public bool HasMarketData { get; init; } = true;

    public HmacSigning Signing { get; init; } = new();

    public HmacEndpoints Endpoints { get; init; } = new();

    /// <summary>Placing, amending, cancelling and queries take 1, lists and books 2.</summary>
    public RequestLimits Requests { get; init; } = new();

    /// <summary>How orders are carried; <see cref="OrderPathOptions.Reconnect"/> and <see cref="OrderPathOptions.ReceiveWindow"/> are those of here.</summary>
    public OrderPathOptions Orders { get; init; } = new();

    /// <summary>A request whose time stamp differs more from the venue's clock is refused there.</summary>
    public TimeSpan ReceiveWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Where the venue posts our fills, beside its stream: an <c>http</c> address that we listen at, with a slash at its end; TLS ends before it. Null
    /// where it does not.
    /// </summary>
    public Uri? Webhook { get; init; }

    /// <summary>After that long without an answer the outcome of a request counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the web socket is asked for a sign of life; it is given up after two intervals without a frame.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First wait after a failure, for links and for queries alike.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(0.25);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    public Backoff Reconnect => new(ReconnectMin, ReconnectMax);

    /// <summary>All that the order path is to know.</summary>
    public OrderPathOptions OrderPath => Orders with { Reconnect = Reconnect, ReceiveWindow = ReceiveWindow };

    /// <summary>The web socket's address: <c>ws</c> for <c>http</c>, <c>wss</c> for <c>https</c>.</summary>
    public Uri SocketUrl => new UriBuilder(new Uri(BaseUrl, Endpoints.Socket)) { Scheme = BaseUrl.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

    /// <summary>These options, when nothing is wrong with them.</summary>
    /// <exception cref="ParameterException">All faults at once.</exception>
    public HmacVenueOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Require("venue", Venue.Length > 0 && !Venue.Contains(':'), $"is '{Venue}'", "a name without a colon");
        var isHttp = BaseUrl.IsAbsoluteUri && (BaseUrl.Scheme == Uri.UriSchemeHttp || BaseUrl.Scheme == Uri.UriSchemeHttps);
        faults.Require("baseUrl", isHttp && BaseUrl is { AbsolutePath: "/", Query: "", UserInfo: "" }, "is not of that form",
            "http(s)://host[:port], nothing behind it");
        var isSafe = !isHttp || Credentials is null || BaseUrl.Scheme == Uri.UriSchemeHttps || BaseUrl.IsLoopback;
        faults.Require("baseUrl", isSafe, "sends signed orders in the clear", "https, or a loopback address");
        faults.Require("hasMarketData", HasMarketData || Credentials is not null, "is false without credentials", "one of the two");
        var isListening = Webhook is null || (Webhook is { IsAbsoluteUri: true, Scheme: "http", Query: "", UserInfo: "" } && Webhook.AbsolutePath.EndsWith('/'));
        faults.Require("webhook", isListening, $"is '{Webhook}'", "http://host:port/path/");
        faults.Require("webhook", Webhook is null || Credentials is not null, "is given without credentials", "the key that its posts are signed with");
        Signing.CollectFaults(faults);
        Endpoints.CollectFaults(faults);
        Requests.CollectFaults(faults, "requests");
        Orders.CollectFaults(faults, "orders");
        faults.Within("receiveWindow", ReceiveWindow, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(60));
        faults.Within("requestTimeout", RequestTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30));
        faults.Within("pingInterval", PingInterval, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMin", ReconnectMin, TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMax", ReconnectMax, TimeSpan.FromSeconds(0.01), TimeSpan.FromMinutes(10));
        faults.Require("reconnectMax", ReconnectMax >= ReconnectMin, $"is {ReconnectMax.TotalSeconds} s", "not below reconnectMin");
        faults.ThrowIfAny($"venue {Venue}");
        return this;
    }
}

/// <summary>API key and secret, which no text of this shows.</summary>
public sealed class HmacCredentials
{
    /// <exception cref="ArgumentException">One of them is empty; neither is shown.</exception>
    public HmacCredentials(string apiKey, string secret)
    {
        if (apiKey.Length == 0 || !apiKey.All(char.IsAscii)) throw new ArgumentException("the API key is empty or not ASCII", nameof(apiKey));
        if (secret.Length == 0) throw new ArgumentException("the API secret is empty", nameof(secret));
        ApiKey = apiKey;
        Secret = System.Text.Encoding.UTF8.GetBytes(secret);
    }

    public string ApiKey { get; }

    internal byte[] Secret { get; }

    public override string ToString() => "credentials (not shown)";
}

/// <summary>Where each call goes. Paths begin with a slash; the protocol's README says what each takes and gives.</summary>
public sealed record HmacEndpoints
{
    public string Socket { get; init; } = "/v1/stream";

    public string Instruments { get; init; } = "/v1/instruments";

    public string Book { get; init; } = "/v1/book";

    public string Trades { get; init; } = "/v1/trades";

    public string Balances { get; init; } = "/v1/balances";

    /// <summary>One order: POST places, PATCH amends, DELETE cancels, GET asks.</summary>
    public string Order { get; init; } = "/v1/order";

    /// <summary>Many orders: GET lists, DELETE cancels by prefix.</summary>
    public string Orders { get; init; } = "/v1/orders";

    /// <summary>Several orders in one request: POST places, PATCH amends, DELETE cancels.</summary>
    public string Batch { get; init; } = "/v1/batch";

    public string Fills { get; init; } = "/v1/fills";

    internal void CollectFaults(ParameterFaults faults)
    {
        ReadOnlySpan<(string Name, string Path)> all =
        [
            ("socket", Socket), ("instruments", Instruments), ("book", Book), ("trades", Trades), ("balances", Balances), ("order", Order),
            ("orders", Orders), ("batch", Batch), ("fills", Fills),
        ];
        foreach (var (name, path) in all)
        {
            var isPath = path.StartsWith('/') && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');
            faults.Require($"endpoints.{name}", isPath, $"is '{path}'", "a path such as /v1/order");
        }
    }
}
