using Dmm.Core;
using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>What the venue lists, charges and begins with.</summary>
/// <param name="asset">What is traded there against USDT.</param>
internal sealed class VenueListing(string asset)
{
    /// <summary>The asset of a venue that is asked for none.</summary>
    public const string StandardAsset = "DCT";

    private const string Venue = "dmm-venue";

    /// <summary>In the account when the venue starts.</summary>
    public const decimal OpeningBase = 5_000m;

    /// <inheritdoc cref="OpeningBase"/>
    public const decimal OpeningQuote = 100_000m;

    /// <summary>How far the time stamp of a request may lie from the venue's clock.</summary>
    public static readonly TimeSpan ReceiveWindow = TimeSpan.FromSeconds(5);

    public Instrument Instrument { get; } = new()
    {
        Id = new(0), Venue = Venue, Symbol = $"{asset}-USDT", BaseAsset = asset, QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    /// <summary>Latency is the network's own, and requests are counted where they are authenticated.</summary>
    public static readonly VenueRules Rules = new()
    {
        OrderLatency = TimeSpan.Zero, ResponseLatency = TimeSpan.Zero, FeedLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero, RequestsPerSecond = 0,
    };

    public HmacFees Fees => new(Instrument.Symbol, Rules.MakerFeeBps, Rules.TakerFeeBps);

    public HmacVenueWriter NewWriter() => new(Venue, [Instrument]);

    public HmacVenueCommands NewCommands() => new(Venue, [Instrument]);
}
