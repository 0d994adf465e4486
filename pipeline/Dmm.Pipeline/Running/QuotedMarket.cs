using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>What a venue itself says of the market that is to be quoted there, and of our account.</summary>
/// <param name="Held">Base asset on the account.</param>
/// <param name="LastFill">The account's last fill, which a ledger that begins now does not count; null when there is none.</param>
internal sealed record QuotedMarket(decimal Held, Fill? LastFill)
{
    private const string Asset = "DCT";

    /// <summary>The only market, or the only one of DCT, with its grids, limits and fees as the venue lists them.</summary>
    /// <exception cref="BadInputException">The venue does not answer, or lists no such market or several.</exception>
    public static async Task<(Instrument Instrument, HmacFees Fees)> ListedAsync(
        HttpClient client, HmacVenueOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var body = Value(await HmacVenueRest.FetchInstrumentsAsync(client, options, time, cancellation), options, "its instruments");
        try
        {
            var listed = HmacVenueInstruments.Parse(options.Venue, body).Instruments;
            if ((listed is [_] ? listed : [.. listed.Where(i => i.BaseAsset == Asset)]) is not [var only])
            {
                throw new BadInputException($"{options.BaseUrl} lists {string.Join(", ", listed.Select(i => i.Symbol).DefaultIfEmpty("nothing"))}: "
                    + $"expected one market, or one of {Asset}");
            }

            return (only with { Id = new(0) }, HmacVenueInstruments.ParseFees(options.Venue, body).Single(f => f.Symbol == only.Symbol));
        }
        catch (FormatException unreadable)
        {
            throw new BadInputException($"{options.BaseUrl} does not speak this protocol: {unreadable.Message}");
        }
    }

    /// <summary>Reads the account. Nothing of ours may rest at the venue meanwhile, or a fill falls between two answers.</summary>
    /// <exception cref="BadInputException">The venue does not answer, or refuses the key.</exception>
    public static async Task<QuotedMarket> OfAccountAsync(
        Instrument instrument, IOrderVenue venue, HmacVenueOptions options, CancellationToken cancellation)
    {
        var balances = Value(await venue.FetchBalancesAsync(cancellation), options, "its balances");
        var held = balances.FirstOrDefault(b => b.Asset == instrument.BaseAsset)?.Total ?? 0;
        Fill? lastFill = null;
        while (Value(await venue.FetchFillsSinceAsync(lastFill?.TradeId ?? "", cancellation), options, "its fills").Fills is [.., var last])
            lastFill = last;
        return new(held, lastFill);
    }

    /// <summary>
    /// Whether the venue knows orders of ours, by their prefix: of the first page of all, as the account is ours, and who placed one is asked no more.
    /// </summary>
    /// <exception cref="BadInputException">The venue does not answer, or refuses the key.</exception>
    public static async Task<bool> HasTradedAsync(IOrderVenue venue, HmacVenueOptions options, CancellationToken cancellation)
    {
        var prefix = OrderIdState.Fresh(DeskStart.Session, epoch: 0).Prefix;
        var page = Value(await venue.FetchOrdersSinceAsync(0, cancellation), options, "its orders");
        return page.Orders.Any(order => order.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Asks for something that takes a key, so that a wrong one is told at once.</summary>
    /// <exception cref="BadInputException">The venue does not answer, or refuses the key.</exception>
    public static async Task RequireKeyAsync(IOrderVenue venue, HmacVenueOptions options, CancellationToken cancellation) =>
        Value(await venue.FetchBalancesAsync(cancellation), options, "its balances");

    private static T Value<T>(VenueReply<T> reply, HmacVenueOptions options, string what) => reply switch
    {
        VenueReply<T>.Accepted accepted => accepted.Value,
        VenueReply<T>.Refused { Refusal.Kind: not (RefusalKind.NotSent or RefusalKind.RateLimited) } =>
            throw new BadInputException($"{options.BaseUrl} does not give {what}: {reply.Fault}"),
        _ => throw new VenueAwayException($"{options.BaseUrl} does not give {what}: {reply.Fault}"),
    };
}
