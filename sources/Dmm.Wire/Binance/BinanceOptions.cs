using Dmm.Core;

namespace Dmm.Wire;

/// <summary>All that is particular to one public feed of Binance, spot or USD-M; no key, no orders.</summary>
public sealed record BinanceOptions
{
    /// <summary>Spot or USD-margined.</summary>
    public required BinanceMarket Market { get; init; }

    /// <summary>Scheme, host and port of the REST interface; null for the venue's own of that market.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Address of the combined stream; null for the venue's own of that market.</summary>
    public Uri? SocketUrl { get; init; }

    /// <summary>Levels a side of the REST book: 100, 500 or 1000; spot also 5000.</summary>
    public int BookDepth { get; init; } = 1_000;

    /// <summary>How often a book's changes are told: 100 ms, and 250 or 500 for USD-M or 1000 for spot.</summary>
    public TimeSpan BookInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Weight of requests. Published: 6,000 a minute for spot, 2,400 for USD-M.</summary>
    public RequestLimits? Limits { get; init; }

    /// <summary>After that long without an answer a request is given up.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the web socket is asked for a sign of life; it is given up after two intervals without a frame.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait after a failure, for links and for queries alike.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(0.25);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the market as a venue.</summary>
    public string Venue => BinanceInstruments.Venue(Market);

    public Backoff Reconnect => new(ReconnectMin, ReconnectMax);

    /// <summary>Where requests go.</summary>
    public Uri Rest => BaseUrl ?? new(Market == BinanceMarket.Spot ? "https://api.binance.com" : "https://fapi.binance.com");

    /// <summary>The combined stream's address.</summary>
    public Uri Socket => SocketUrl ?? new(Market == BinanceMarket.Spot ? "wss://stream.binance.com:9443/stream" : "wss://fstream.binance.com/stream");

    /// <summary>The limit in force.</summary>
    public RequestLimits Requests => Limits ?? (Market == BinanceMarket.Spot
        ? new() { PerSecond = 100, Burst = 6_000, CancelReserve = 2 }
        : new() { PerSecond = 40, Burst = 2_400, CancelReserve = 2 });

    /// <summary>These options, when nothing is wrong with them.</summary>
    /// <exception cref="ParameterException">All faults at once.</exception>
    public BinanceOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Require("market", Market is BinanceMarket.Spot or BinanceMarket.UsdMargined, $"is {Market}", "Spot or UsdMargined: no other is live");
        var isHttp = Rest.IsAbsoluteUri && Rest.Scheme is "http" or "https";
        faults.Require("baseUrl", isHttp && Rest is { AbsolutePath: "/", Query: "", UserInfo: "" }, $"is '{Rest}'",
            "http(s)://host[:port], nothing behind it");
        faults.Require("socketUrl", Socket.IsAbsoluteUri && Socket.Scheme is "ws" or "wss", $"is '{Socket}'", "ws(s)://host[:port]/stream");
        var isSpot = Market == BinanceMarket.Spot;
        faults.Require("bookDepth", BookDepth is 100 or 500 or 1_000 || (isSpot && BookDepth == 5_000), $"is {BookDepth}",
            "100, 500, 1000, or 5000 for spot");
        var milliseconds = BookInterval.TotalMilliseconds;
        faults.Require(
            "bookInterval", milliseconds == 100 || (isSpot ? milliseconds == 1_000 : milliseconds is 250 or 500), $"is {milliseconds} ms",
            isSpot ? "100 or 1000 ms" : "100, 250 or 500 ms");
        Requests.CollectFaults(faults, "limits");
        faults.Within("requestTimeout", RequestTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(30));
        faults.Within("pingInterval", PingInterval, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMin", ReconnectMin, TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(60));
        faults.Within("reconnectMax", ReconnectMax, TimeSpan.FromSeconds(0.01), TimeSpan.FromMinutes(10));
        faults.Require("reconnectMax", ReconnectMax >= ReconnectMin, $"is {ReconnectMax.TotalSeconds} s", "not below reconnectMin");
        faults.ThrowIfAny($"venue {Venue}");
        return this;
    }
}
