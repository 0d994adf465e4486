using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Venues;

/// <summary>The market data of an exchange on which a desk could quote as well; without its keys.</summary>
/// <param name="exchange">Without credentials.</param>
internal sealed class ExchangeMarkets(IVenueConnection exchange) : IMarketConnection
{
    public string Name => exchange.Name;

    public string Address => exchange.Address;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation) =>
        [.. (await exchange.ListAsync(client, cancellation)).Select(market => market with { IsQuoted = false })];

    public DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments) =>
        exchange.Feed(exchange.Open(client, instruments), instruments, lastTradeId: "");
}
