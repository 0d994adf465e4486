using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>Where a scenario plays: markets of DCT, what they are like at first, and the parameters in force.</summary>
public sealed record ScenarioMarket
{
    private const double BpsPerUnit = 1e4;

    public required InstrumentCatalog Instruments { get; init; }

    public required QuotingParameters Parameters { get; init; }

    /// <summary>USD per DCT, everywhere.</summary>
    public double Mid { get; init; } = 1;

    /// <summary>USD per TON.</summary>
    public double TonRate { get; init; } = 3;

    public double SpreadBps { get; init; } = 2;

    /// <summary>DCT at each of the ten levels of a side.</summary>
    public double LevelSize { get; init; } = 500;

    /// <summary>How often each venue sends its book, and the reference its rate, when nothing changes.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How venues treat orders. No chance, no limit of rate, and a feed without latency, so that times are round.</summary>
    public VenueRules Rules { get; init; } = new() { FeedLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero, RequestsPerSecond = 0 };

    /// <summary>One order-book venue, <c>alpha</c>, quoting DCT in USDT, with the specification's baseline parameters.</summary>
    public static ScenarioMarket OneVenue() => Of(OrderBook(0, "alpha"));

    /// <summary>Two order-book venues, <c>alpha</c> and <c>beta</c>.</summary>
    public static ScenarioMarket TwoVenues() => Of(OrderBook(0, "alpha"), OrderBook(1, "beta"));

    /// <summary>The two order-book venues and <c>pool</c>, against TON, refreshed every two seconds.</summary>
    public static ScenarioMarket TwoVenuesAndPool() => Of(OrderBook(0, "alpha"), OrderBook(1, "beta"), TonPool(2));

    /// <summary>The same market with other parameters.</summary>
    public ScenarioMarket With(Func<QuotingParameters, QuotingParameters> change) => this with { Parameters = change(Parameters) };

    public static Instrument OrderBook(int id, string venue) => new()
    {
        Id = new(id), Venue = venue, Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    public static Instrument TonPool(int id) => new()
    {
        Id = new(id), Venue = "pool", Symbol = "DCT/TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.00001m), Sizes = new(0.1m), IsPool = true,
    };

    public static VenueParameters Quoting(Instrument instrument) => new()
    {
        Instrument = instrument.Name, RefreshInterval = instrument.IsPool ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(0.5),
    };

    /// <summary>The instrument traded at that venue, or null.</summary>
    public Instrument? Find(string venue) => Instruments.All.FirstOrDefault(i => i.Venue == venue);

    internal static double Moved(double price, double bps) => price * (1 + bps / BpsPerUnit);

    private static ScenarioMarket Of(params Instrument[] instruments) => new()
    {
        Instruments = new(instruments), Parameters = QuotingParameters.Dct(instruments.Select(Quoting)),
    };
}
