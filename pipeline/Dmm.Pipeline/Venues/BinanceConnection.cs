using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>One market of Binance, to be priced from or collected.</summary>
/// <param name="options">Checked.</param>
/// <param name="symbols">Of the instruments that are meant.</param>
/// <param name="time">The host's clock.</param>
internal sealed class BinanceConnection(BinanceOptions options, ImmutableArray<string> symbols, TimeProvider time) : IMarketConnection
{
    public string Name => options.Venue;

    public string Address => options.Rest.Authority;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var body = QuotedMarket.Value(await new BinanceRest(client, options, time).FetchInstrumentsAsync(cancellation), Address, "its instruments");
        var listing = ListedSymbols.Read(Address, () => BinanceInstruments.Parse(options.Market, body));
        return [.. ListedSymbols.Listed(symbols, _ => listing).Select(market => market with { IsQuoted = false })];
    }

    public DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments)
    {
        var wire = new BinanceWire(options.Venue, instruments);
        var rest = new BinanceRest(client, options, time);
        return (write, cancellation) => new BinanceFeed(
            options, wire, (instrument, asked) => rest.FetchOrderBookAsync(wire, instrument, asked), time, Random.Shared.NextDouble, write)
            .RunAsync(cancellation);
    }
}
