using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Running;

/// <summary>A market of a desk, and what its venue says of our account there: nothing, where it is not quoted.</summary>
/// <param name="Instrument">As the venue lists it.</param>
/// <param name="Held">
/// Base asset on the account, counted at the first spot market of a venue only; of a contract the position in base asset, below zero when short.
/// </param>
/// <param name="LastFill">The account's last fill, which a ledger that begins now does not count; null when there is none.</param>
internal sealed record QuotedMarket(Instrument Instrument, decimal Held, Fill? LastFill)
{
    /// <summary>Reads an account. Nothing of ours may rest at the venue meanwhile, or a fill falls between two answers.</summary>
    /// <param name="instruments">The venue's.</param>
    /// <param name="venue">Answers requests.</param>
    /// <param name="address">Where it is, for the message.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BadInputException">The venue does not answer, or refuses the key.</exception>
    public static async Task<ImmutableArray<QuotedMarket>> OfAccountAsync(
        IReadOnlyList<Instrument> instruments, IOrderVenue venue, string address, CancellationToken cancellation)
    {
        var balances = Value(await venue.FetchBalancesAsync(cancellation), address, "its balances");
        var positions = Value(await venue.FetchPositionsAsync(cancellation), address, "its positions");
        List<Fill> fills = [];
        for (var last = ""; Value(await venue.FetchFillsSinceAsync(last, cancellation), address, "its fills").Fills is [.., var newest] page;)
        {
            fills.AddRange(page);
            last = newest.TradeId;
        }

        return
        [
            .. instruments.Select(instrument => new QuotedMarket(
                instrument, Held(instrument), fills.LastOrDefault(fill => fill.Instrument == instrument.Id))),
        ];

        decimal Held(Instrument instrument) => instrument.Kind != ContractKind.Spot
            ? positions.Single(p => p.Instrument == instrument.Id).Quantity
            : instrument == instruments.First(i => i.Kind == ContractKind.Spot)
                ? balances.FirstOrDefault(b => b.Asset == instrument.BaseAsset)?.Total ?? 0 : 0;
    }

    /// <summary>
    /// Whether the venue knows orders of ours, by their prefix, among the first page of all that the account has.
    /// </summary>
    /// <exception cref="BadInputException">The venue does not answer, or refuses the key.</exception>
    public static async Task<bool> HasTradedAsync(IOrderVenue venue, string address, CancellationToken cancellation)
    {
        var prefix = OrderIdState.Fresh(DeskStart.Session, epoch: 0).Prefix;
        var page = Value(await venue.FetchOrdersSinceAsync(0, cancellation), address, "its orders");
        return page.Orders.Any(order => order.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Asks for what takes a key, so that a wrong one is told at once, and whether the account is set up as it is traded here.</summary>
    /// <exception cref="BadInputException">The venue does not answer, refuses the key, or has the account set up otherwise.</exception>
    public static async Task RequireAccountAsync(IOrderVenue venue, string address, CancellationToken cancellation)
    {
        Value(await venue.FetchBalancesAsync(cancellation), address, "its balances");
        var fault = Value(await venue.FetchAccountFaultAsync(cancellation), address, "how the account is set up");
        if (fault.Length > 0) throw new BadInputException($"the account at {address} cannot be traded on: {fault}");
    }

    /// <exception cref="BadInputException">The venue refuses.</exception>
    /// <exception cref="VenueAwayException">It does not answer.</exception>
    public static T Value<T>(VenueReply<T> reply, string address, string what) => reply switch
    {
        VenueReply<T>.Accepted accepted => accepted.Value,
        VenueReply<T>.Refused { Refusal.Kind: not (RefusalKind.NotSent or RefusalKind.RateLimited) } =>
            throw new BadInputException($"{address} does not give {what}: {reply.Fault}"),
        _ => throw new VenueAwayException($"{address} does not give {what}: {reply.Fault}"),
    };
}
