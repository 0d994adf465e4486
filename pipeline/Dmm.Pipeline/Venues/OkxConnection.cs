using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>OKX.</summary>
/// <param name="options">Checked, with credentials.</param>
/// <param name="symbols">To be quoted.</param>
/// <param name="time">The host's clock.</param>
internal sealed class OkxConnection(OkxOptions options, ImmutableArray<string> symbols, TimeProvider time) : IVenueConnection
{
    public string Name => OkxInstruments.Venue;

    public string Address => options.RestUrl.Authority;

    public OrderPathOptions OrderPath => options.OrderPath;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        Dictionary<string, InstrumentListing> listings = [];
        foreach (var type in symbols.Select(OkxInstruments.TypeOf).Distinct(StringComparer.Ordinal))
        {
            var body = QuotedMarket.Value(
                await OkxOrders.FetchInstrumentsAsync(client, options, type, time, cancellation), Address, $"its instruments of type {type}");
            listings[type] = ListedSymbols.Read(Address, () => OkxInstruments.Parse(body, BookSequenceRule.PreviousId));
        }

        if (symbols.Where(s => OkxInstruments.TypeOf(s) == OkxInstruments.Dated).ToArray() is [_, ..] dated)
            throw new BadInputException([.. dated.Select(s => $"{Name}:{s} is a dated contract, which ends: expected a spot market or a perpetual")]);
        return ListedSymbols.Of(symbols, symbol => listings[OkxInstruments.TypeOf(symbol)]);
    }

    public IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments) => new OkxOrders(client, options, new OkxWire(instruments), time);

    public IDeadManSwitch? DeadMan(IOrderVenue venue) => venue as IDeadManSwitch;

    public DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId) => (write, cancellation) =>
        new OkxFeed(options, new OkxWire(instruments), venue, lastTradeId, time, Random.Shared.NextDouble, write).RunAsync(cancellation);
}
