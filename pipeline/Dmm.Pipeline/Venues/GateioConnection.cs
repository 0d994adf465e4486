using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>One product of Gate.</summary>
/// <param name="options">Checked, with credentials.</param>
/// <param name="symbols">To be quoted.</param>
/// <param name="time">The host's clock.</param>
internal sealed class GateioConnection(GateioOptions options, ImmutableArray<string> symbols, TimeProvider time) : IVenueConnection
{
    public string Name => options.Venue;

    public string Address => options.BaseUrl.Authority;

    public OrderPathOptions OrderPath => options.OrderPath;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var body = QuotedMarket.Value(await GateioOrders.FetchInstrumentsAsync(client, options, time, cancellation), Address, "its instruments");
        var listing = ListedSymbols.Read(Address, () => GateioInstruments.Parse(options.Product, body));
        return ListedSymbols.Of(symbols, _ => listing);
    }

    public IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments) =>
        new GateioOrders(client, options, new GateioWire(options.Product, instruments), time);

    public IDeadManSwitch? DeadMan(IOrderVenue venue) => venue as IDeadManSwitch;

    public DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId) => (write, cancellation) =>
        new GateioFeed(options, new GateioWire(options.Product, instruments), venue, lastTradeId, time, Random.Shared.NextDouble, write)
            .RunAsync(cancellation);
}
