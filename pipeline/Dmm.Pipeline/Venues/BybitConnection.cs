using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>One product of Bybit.</summary>
/// <param name="options">Checked, with credentials.</param>
/// <param name="symbols">To be quoted.</param>
/// <param name="time">The host's clock.</param>
internal sealed class BybitConnection(BybitOptions options, ImmutableArray<string> symbols, TimeProvider time) : IVenueConnection
{
    public string Name => options.Venue;

    public string Address => options.BaseUrl.Authority;

    public OrderPathOptions OrderPath => options.OrderPath;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var pages = QuotedMarket.Value(await BybitOrders.FetchInstrumentsAsync(client, options, time, cancellation), Address, "its instruments");
        var listing = ListedSymbols.Read(Address, () => BybitInstruments.Parse(options.Venue, options.Product, pages));
        return ListedSymbols.Of(symbols, _ => listing);
    }

    public IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments) =>
        new BybitOrders(client, options, new BybitWire(options.Venue, options.Product, options.BookDepth, instruments), time);

    public IDeadManSwitch? DeadMan(IOrderVenue venue) => ((BybitOrders)venue).DeadManSwitch;

    public DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId) => (write, cancellation) =>
        BybitFeed.Create(options, instruments, venue, lastTradeId, time, Random.Shared.NextDouble, write).RunAsync(cancellation);
}
