using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>A venue that speaks the generic HMAC protocol.</summary>
/// <param name="options">Checked, with credentials.</param>
/// <param name="time">The host's clock.</param>
internal sealed class HmacConnection(HmacVenueOptions options, TimeProvider time) : IVenueConnection
{
    private const string Asset = "DCT";

    public string Name => options.Venue;

    public string Address => options.BaseUrl.Authority;

    public OrderPathOptions OrderPath => options.OrderPath;

    /// <summary>The only market, or the only one of DCT, with its grids, limits and fees as the venue lists them.</summary>
    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation) =>
        [await ListedAsync(client, options, time, cancellation)];

    /// <summary>See <see cref="ListAsync"/>.</summary>
    public static async Task<ListedMarket> ListedAsync(
        HttpClient client, HmacVenueOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var reply = await HmacVenueOrders.FetchInstrumentsAsync(client, options, time, cancellation);
        var body = QuotedMarket.Value(reply, options.BaseUrl.ToString(), "its instruments");
        try
        {
            var listed = HmacVenueInstruments.Parse(options.Venue, body).Instruments;
            if ((listed is [_] ? listed : [.. listed.Where(i => i.BaseAsset == Asset)]) is not [var only])
            {
                throw new BadInputException($"{options.BaseUrl} lists {string.Join(", ", listed.Select(i => i.Symbol).DefaultIfEmpty("nothing"))}: "
                    + $"expected one market, or one of {Asset}");
            }

            var fees = HmacVenueInstruments.ParseFees(options.Venue, body).Single(f => f.Symbol == only.Symbol);
            return new(only with { Id = new(0) }, fees.MakerFeeBps, fees.TakerFeeBps);
        }
        catch (FormatException unreadable)
        {
            throw new BadInputException($"{options.BaseUrl} does not speak this protocol: {unreadable.Message}");
        }
    }

    public IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments) =>
        new HmacVenueOrders(client, options, new HmacVenueWire(options.Venue, instruments), time);

    public IDeadManSwitch? DeadMan(IOrderVenue venue) => null;

    public DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId) => (write, cancellation) =>
        new HmacVenueFeed(options, new HmacVenueWire(options.Venue, instruments), venue, lastTradeId, time, Random.Shared.NextDouble, write)
            .RunAsync(cancellation);
}
