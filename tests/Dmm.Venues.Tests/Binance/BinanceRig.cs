using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>A market of Binance before the contracts of feeds: nothing is traded there.</summary>
internal sealed class BinanceRig(BinanceMarket market) : VenueRig
{
    private static readonly Instrument Btc = new()
    {
        Id = new(0), Venue = "binance-spot", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.01m), Sizes = new(0.00000001m), OrderStepLots = 1_000, MinimumSize = 0.00001m,
    };

    public override IReadOnlyList<Instrument> Instruments { get; } =
        [.. new[] { Btc, Btc with { Id = new(1), Symbol = "TONUSDT", BaseAsset = "TON" } }.Select(i => market == BinanceMarket.Spot ? i : i with
        {
            Venue = "binance-usdm", Kind = ContractKind.Linear, SequenceRule = BookSequenceRule.PreviousId, Sizes = new(0.001m), OrderStepLots = 1,
        })];

    public override IVenueDialect NewDialect() => new BinanceDialect(market, Instruments);

    public override IOrderVenue NewVenue(
        HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout) =>
        throw new NotSupportedException("Binance is a feed alone");

    public override Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation)
    {
        var options = new BinanceOptions
        {
            Market = market, BaseUrl = venue.Url, SocketUrl = new(venue.SocketUrl, "/stream"), RequestTimeout = RequestTimeout,
            PingInterval = TimeSpan.FromSeconds(0.5), ReconnectMin = TimeSpan.FromSeconds(0.01), ReconnectMax = TimeSpan.FromSeconds(0.1),
        }.Checked();
        var wire = new BinanceWire(options.Venue, Instruments);
        var rest = new BinanceRest(client, options, time);
        return new BinanceFeed(options, wire, (i, asked) => rest.FetchOrderBookAsync(wire, i, asked), time, () => 0.5, write).RunAsync(cancellation);
    }
}
